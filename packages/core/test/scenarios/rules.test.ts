import {expect} from 'vitest';
import {everywhere, story} from './driver.ts';

const bare = {fields: {}};
const no = {fields: {'cache-control': 'no-store, private, no-cache, must-revalidate, max-age=0'}};

story('a rule', [
  {
    name: 'gives a lifetime where the origin names none',
    options: {rules: [{ttl: '5m'}]},
    steps: [
      {ask: '/a', origin: bare},
      {ask: '/a', expect: {was: 'hit; ttl=300'}},
    ],
  },
  {
    name: 'is for what it names; for each option the first that sets it wins',
    options: {
      rules: [
        {for: {pattern: /\/short$/}, ttl: '1m'},
        {for: {pattern: /\/(short|other)$/}, tags: ['tagged'], ttl: '2m'},
        {ttl: '3m'},
      ],
    },
    steps: [
      ...['/short', '/other', '/rest'].map(ask => ({ask, origin: bare})),
      {ask: '/short', expect: {was: 'hit; ttl=60'}},
      {ask: '/other', expect: {was: 'hit; ttl=120'}},
      {ask: '/rest', expect: {was: 'hit; ttl=180'}},
      {clear: {tag: 'tagged'}},
      {ask: '/short', origin: bare},
      {ask: '/other', origin: bare},
      {ask: '/rest', expect: {was: 'hit; ttl=180'}},
    ],
  },
  {
    name: 'with a ttl overrides only what it ignores by name',
    options: {
      rules: [
        {for: {pattern: /all$/}, ttl: '1m', ignores: ['no-store', 'private', 'no-cache', 'must-revalidate']},
        {for: {pattern: /some$/}, ttl: '1m', ignores: ['private']},
        {for: {pattern: /none$/}, ignores: ['no-store']},
      ],
    },
    steps: [
      {ask: '/all', origin: no, expect: {was: 'fwd=uri-miss; stored'}},
      {ask: '/all', expect: {was: 'hit; ttl=60'}},
      {ask: '/some', origin: no, expect: {was: 'fwd=uri-miss; detail=no-store'}},
      {ask: '/none', origin: no, expect: {was: 'fwd=uri-miss; detail=no-store'}},
    ],
  },
  {
    name: 'with a defaultTtl is for what names no lifetime, and takes the place of a guess',
    options: {rules: [{defaultTtl: '5m'}]},
    steps: [
      {ask: '/a', origin: bare, expect: {was: 'fwd=uri-miss; stored'}},
      {ask: '/a', expect: {was: 'hit; ttl=300'}},
      {ask: '/b', origin: {fields: {'cache-control': 'max-age=9'}}},
      {ask: '/b', expect: {was: 'hit; ttl=9'}},
      {ask: '/c', origin: {fields: {'last-modified': 'Sun, 01 Jan 2023 00:00:00 GMT'}}},
      {ask: '/c', expect: {was: 'hit; ttl=300'}},
      {ask: '/d', origin: no, expect: {was: 'fwd=uri-miss; detail=no-store'}},
    ],
  },
  {
    name: 'with cache: no-store keeps requests out; those that bring a mode of their own come in',
    options: {rules: [{for: {pattern: /private/}, cache: 'no-store'}]},
    steps: [
      {ask: '/private', origin: {}, expect: {was: 'fwd=bypass; detail=mode-no-store'}},
      {ask: '/private', origin: {}, expect: {was: 'fwd=bypass; detail=mode-no-store'}},
      {ask: '/other', origin: {}, expect: {was: 'fwd=uri-miss; stored'}},
      {ask: {url: '/private', options: {cache: 'default'}}, origin: {}, expect: {was: 'fwd=uri-miss; stored'}},
      {ask: '/private', origin: {}, expect: {was: 'fwd=bypass; detail=mode-no-store'}},
      {ask: {url: '/private', mode: 'force-cache'}, expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'decides the mode of each hop of a redirect by itself',
    options: {rules: [{for: {pattern: /private/}, cache: 'no-store'}]},
    steps: [
      {
        ask: {url: '/private', follows: 5},
        origin: [{status: 301, fields: {'cache-control': 'max-age=60', location: '/other'}}, {body: 'end'}],
        expect: {body: 'end', was: 'fwd=uri-miss; stored'},
      },
      {ask: '/other', expect: {was: 'hit; ttl=60'}},
    ],
    over: 'handle',
  },
  {
    name: 'gives the statuses it names a lifetime, too',
    options: {rules: [{for: {pattern: /named/}, ttl: '1m', statuses: [302, 503]}, {ttl: '1m'}]},
    steps: [
      {ask: '/named', origin: {status: 503, fields: {}}, expect: {was: 'fwd=uri-miss; stored'}},
      {ask: '/named', expect: {status: 503, was: 'hit; ttl=60'}},
      {ask: '/other', origin: {status: 503, fields: {}}, expect: {was: 'fwd=uri-miss; detail=no-freshness'}},
    ],
  },
  {
    name: 'gives no lifetime to a status that is not cacheable by itself',
    options: {rules: [{ttl: '1m'}]},
    steps: [
      {ask: '/a', origin: {status: 500, fields: {}}, expect: {was: 'fwd=uri-miss; detail=no-freshness'}},
      {ask: '/a', origin: {status: 404, fields: {}}, expect: {was: 'fwd=uri-miss; stored'}},
    ],
  },
  {
    name: 'may ignore parameters, by name or all of them',
    options: {rules: [{for: {pattern: /\/all/}, ignoreSearch: true}, {ignoreSearch: ['utm']}]},
    steps: [
      {ask: '/a?utm=1&x=1', origin: {}},
      {ask: '/a?x=1&utm=2', expect: {was: 'hit; ttl=60'}},
      {ask: '/a?x=2&utm=2', origin: {}},
      {ask: '/all?x=1', origin: {}},
      {ask: '/all?y=2', expect: {was: 'hit; ttl=60'}},
      {clear: '/a?x=1&utm=9'},
      {ask: '/a?x=1', origin: {}},
    ],
  },
  {
    name: 'may name a partition',
    options: {rules: [{for: {pattern: /shared/}, partition: 'everybody'}]},
    steps: [
      {ask: {url: '/shared', fields: {authorization: 'one'}}, origin: {}},
      {ask: {url: '/shared', fields: {authorization: 'two'}}, expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'may make POST cacheable, keyed by its content and what that content is',
    options: {rules: [{methods: ['POST'], ttl: '1m'}]},
    steps: [
      {
        ask: {url: '/a', method: 'POST', body: 'one', fields: {'content-type': 'a/a'}},
        origin: {fields: {}, body: 'answer one'},
      },
      {
        ask: {url: '/a', method: 'POST', body: 'two', fields: {'content-type': 'a/a'}},
        origin: {fields: {}, body: 'answer two'},
      },
      {
        ask: {url: '/a', method: 'POST', body: 'one', fields: {'content-type': 'a/a'}},
        expect: {body: 'answer one', was: 'hit; ttl=60'},
      },
      {ask: {url: '/a', method: 'POST', body: 'one', fields: {'content-type': 'b/b'}}, origin: {fields: {}}},
      {ask: '/a', origin: {body: 'get'}, expect: {body: 'get'}},
    ],
  },
  {
    name: 'does not key content that is a stream',
    options: {rules: [{methods: ['POST'], ttl: '1m'}]},
    steps: [
      {
        ask: {url: '/a', method: 'POST', body: 'opaque'},
        origin: {},
        expect: {was: 'fwd=bypass; detail=unkeyed-content'},
      },
      {ask: {url: '/a', method: 'POST', body: 'opaque'}, origin: {}},
    ],
    over: 'handle',
  },
]);

story('QUERY', [
  {
    name: 'is cached by its content',
    steps: [
      {ask: {url: '/a', method: 'QUERY', body: 'one'}, origin: {body: 'answer one'}},
      {ask: {url: '/a', method: 'QUERY', body: 'two'}, origin: {body: 'answer two'}},
      {ask: {url: '/a', method: 'QUERY', body: 'one'}, expect: {body: 'answer one', was: 'hit; ttl=60'}},
      {ask: '/a', origin: {}},
    ],
  },
]);

const limited = (response: {json(): unknown}) => (response.json() as {error?: string}).error === undefined;

story('storeIf', [
  {
    name: 'refuses by the complete body, and hands the answer over all the same',
    options: {rules: [{storeIf: limited}]},
    steps: [
      {ask: '/a', origin: {body: '{"error":"limit reached"}'}, expect: {body: '{"error":"limit reached"}'}},
      {ask: '/a', origin: {body: '{"value":1}'}},
      {ask: '/a', expect: {body: '{"value":1}', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'sees the body however many chunks it came in',
    options: {rules: [{storeIf: response => response.text() === 'hello' && response.bytes().length === 5}]},
    steps: [
      {ask: '/a', origin: {body: ['he', 'l', 'lo']}},
      {ask: '/a', expect: {body: 'hello', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'that fails for want of content refuses no redirect, whose body nobody reads',
    options: {rules: [{storeIf: limited}]},
    steps: [
      {
        ask: {url: '/one', follows: 5},
        origin: [
          {status: 301, fields: {'cache-control': 'max-age=60', location: '/two'}, body: 'moved'},
          {body: '{"value":1}'},
        ],
      },
      {ask: {url: '/one', follows: 5}, expect: {body: '{"value":1}', was: 'hit; ttl=60'}},
      {ask: {url: '/one', redirect: 'manual'}, expect: {status: 301, was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'refuses a redirect by what else it says',
    options: {rules: [{storeIf: ({status}) => status === 200}]},
    steps: [
      {
        ask: {url: '/one', follows: 5},
        origin: [{status: 301, fields: {'cache-control': 'max-age=60', location: '/two'}}, {}],
      },
      {ask: {url: '/one', follows: 5}, origin: {body: 'back'}, expect: {body: 'back', was: 'fwd=uri-miss; stored'}},
    ],
  },
  {
    name: 'that is no boolean refuses a redirect, too',
    options: {rules: [{storeIf: (async () => true) as unknown as () => boolean}]},
    steps: [
      {
        ask: {url: '/one', follows: 5},
        origin: [{status: 301, fields: {'cache-control': 'max-age=60', location: '/two'}}, {}],
      },
      {ask: {url: '/one', follows: 5}, origin: {body: 'back'}, expect: {body: 'back', was: 'fwd=uri-miss; stored'}},
    ],
  },
  {
    name: 'is asked about a 300, which nobody follows',
    options: {rules: [{storeIf: () => false}]},
    steps: [
      {ask: '/a', origin: {status: 300, body: 'choices'}},
      {ask: '/a', origin: {status: 300, body: 'choices'}, expect: {was: 'fwd=uri-miss; stored'}},
    ],
  },
  {
    name: 'of a request counts before that of a rule',
    options: {rules: [{storeIf: () => false}]},
    steps: [
      {ask: {url: '/a', options: {storeIf: () => true}}, origin: {}},
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
    ],
  },
]);

everywhere(
  'a storeIf that throws, or gives anything but true or false, stores nothing and is an error event',
  async open => {
    const given = [
      () => JSON.parse('{') as boolean,
      () => undefined as unknown as boolean,
      (async () => true) as unknown as () => boolean,
      (() => Promise.reject(new Error('mine'))) as unknown as () => boolean,
    ];
    for (const storeIf of given) {
      const {cache, origin, ask} = await open({rules: [{storeIf}]});
      const errors: string[] = [];
      cache.on('error', ({during}) => errors.push(during));
      origin.script([{}, {}]);
      expect((await ask('/a')).body).toBe('hello');
      await cache.idle();
      expect((await ask('/a')).was).toBe('fwd=uri-miss; stored');
      expect(errors.length).toBeGreaterThan(0);
      expect(errors[0]).toBe('storeIf');
    }
  },
);
