import {expect} from 'vitest';
import {until} from './clock.ts';
import {everywhere, type Step, story} from './driver.ts';
import {streamOf} from './scripted-origin.ts';

const post = {url: '/list', method: 'POST', body: 'x'};
const own = {'cache-control': 'max-age=60', 'content-location': '/list'};
const answered = {fields: own, body: 'after the post'};
const stored = {was: 'fwd=method; stored', body: 'after the post'};
const passed = {was: 'fwd=method'};
const missed = {was: 'fwd=uri-miss; stored'};

story('the answer to a POST that names its own URL and freshness', [
  {
    name: 'answers a later GET and HEAD',
    steps: [
      {ask: post, origin: answered, expect: stored},
      {after: 10},
      {ask: '/list', expect: {status: 200, body: 'after the post', age: 10, was: 'hit; ttl=50'}},
      {ask: {url: '/list', method: 'HEAD'}, expect: {status: 200, body: '', was: 'hit; ttl=50'}},
    ],
  },
  {
    name: 'never answers a later POST',
    steps: [
      {ask: post, origin: answered, expect: stored},
      {ask: post, origin: {...answered, body: 'another'}, expect: {was: 'fwd=method; stored', body: 'another'}},
      {ask: '/list', expect: {body: 'another', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'takes the place of what was stored, and of nothing else',
    steps: [
      {ask: '/list', origin: {body: 'before'}},
      {ask: '/other', origin: {body: 'other'}},
      {ask: post, origin: answered, expect: stored},
      {ask: '/list', expect: {body: 'after the post', was: 'hit; ttl=60'}},
      {ask: '/other', expect: {body: 'other', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'is stored past a Location beside it, which is invalidated',
    steps: [
      {ask: '/new', origin: {}},
      {ask: post, origin: {fields: {...own, location: '/new'}, body: 'after the post'}, expect: stored},
      {ask: '/list', expect: {was: 'hit; ttl=60'}},
      {ask: '/new', origin: {}, expect: missed},
    ],
  },
  {
    name: 'is stored past the request’s own clears',
    steps: [
      {ask: '/other', origin: {}},
      {ask: {...post, options: {clears: {all: true}}}, origin: answered, expect: stored},
      {ask: '/list', expect: {was: 'hit; ttl=60'}},
      {ask: '/other', origin: {}, expect: missed},
    ],
  },
  {
    name: 'is cleared, and invalidated by the next POST',
    steps: [
      {ask: post, origin: answered, expect: stored},
      {clear: '/list'},
      {ask: '/list', origin: {}, expect: missed},
      {ask: post, origin: answered, expect: stored},
      {ask: post, origin: {status: 201, fields: {}}, expect: passed},
      {ask: '/list', origin: {}, expect: missed},
    ],
  },
  {
    name: 'is validated by a GET',
    steps: [
      {ask: post, origin: {fields: {...own, etag: '"a"'}, body: 'after the post'}, expect: stored},
      {after: 60},
      {
        ask: '/list',
        origin: {status: 304, fields: {'cache-control': 'max-age=60', etag: '"a"'}},
        expect: {
          body: 'after the post',
          was: 'fwd=stale; fwd-status=304; ttl=60; detail=stale',
          sent: {'if-none-match': '"a"'},
        },
      },
      {ask: '/list', expect: {body: 'after the post', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'answers a GET with the POST’s own values of the fields Vary names',
    steps: [
      {
        ask: {...post, fields: {'x-one': '1'}},
        origin: {fields: {...own, vary: 'x-one'}, body: 'after the post'},
        expect: stored,
      },
      {
        ask: {url: '/list', fields: {'x-one': '2'}},
        origin: {fields: {}},
        expect: {was: 'fwd=vary-miss; detail=no-freshness'},
      },
      {ask: {url: '/list', fields: {'x-one': '1'}}, expect: {body: 'after the post', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'is nobody else’s',
    steps: [
      {ask: {...post, fields: {authorization: 'one'}}, origin: answered, expect: stored},
      {ask: {url: '/list', fields: {authorization: 'two'}}, origin: {body: 'of two'}, expect: missed},
      {ask: {url: '/list', fields: {authorization: 'one'}}, expect: {body: 'after the post', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'is stored by the rules for a GET',
    options: {
      rules: [
        {for: {method: 'GET'}, tags: ['lists'], ignoreSearch: true},
        {for: {method: 'POST'}, tags: ['posts'], partition: 'poster'},
      ],
    },
    steps: [
      {
        ask: {...post, url: '/list?a=1'},
        origin: {...answered, fields: {...own, 'content-location': '/list?a=1'}},
        expect: stored,
      },
      {ask: '/list?a=2', expect: {body: 'after the post', was: 'hit; ttl=60'}},
      {clear: {tag: 'posts'}},
      {ask: '/list', expect: {body: 'after the post', was: 'hit; ttl=60'}},
      {clear: {tag: 'lists'}},
      {ask: '/list', origin: {}, expect: missed},
    ],
  },
  {
    name: 'is stored with what the request’s own options say',
    steps: [
      {ask: {...post, options: {tags: ['mine'], ttl: '5m'}}, origin: answered, expect: stored},
      {ask: '/list', expect: {was: 'hit; ttl=300'}},
      {clear: {tag: 'mine'}},
      {ask: '/list', origin: {}, expect: missed},
    ],
  },
  {
    name: 'is stored whatever the content of the request',
    steps: [
      {ask: {...post, body: 'opaque'}, origin: answered, expect: stored},
      {ask: '/list', expect: {was: 'hit; ttl=60'}},
      {
        ask: {...post, body: 'x'.repeat(70_000)},
        origin: {...answered, body: 'long'},
        expect: {was: 'fwd=method; stored'},
      },
      {ask: '/list', expect: {body: 'long', was: 'hit; ttl=60'}},
      {ask: {url: '/list', method: 'POST'}, origin: {...answered, body: 'none'}, expect: {was: 'fwd=method; stored'}},
      {ask: '/list', expect: {body: 'none', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'is kept as content of the POST where a rule declares POST safe',
    options: {rules: [{methods: ['POST']}]},
    steps: [
      {ask: post, origin: answered, expect: {was: 'fwd=uri-miss; stored'}},
      {ask: '/list', origin: {body: 'of the GET'}, expect: missed},
      {ask: post, expect: {body: 'after the post', was: 'hit; ttl=60'}},
    ],
  },
]);

const counted = (counters: object): Step => ({
  run: async ({cache}) => expect(await cache.stats()).toMatchObject(counters),
});

const ordinary = [
  {name: 'that names no freshness', origin: {fields: {'content-location': '/list'}}},
  {name: 'that names another URL', origin: {fields: {...own, 'content-location': '/other'}}},
  {name: 'that names no URL', origin: {}},
  {name: 'that is no 200', origin: {status: 201, fields: own}},
  {name: 'that must not be stored', origin: {fields: {...own, 'cache-control': 'max-age=60, no-store'}}},
  {name: 'that varies by anything', origin: {fields: {...own, vary: '*'}}},
];

story('the answer to a POST', [
  ...ordinary.map(({name, origin}) => ({
    name: `${name} stays the POST’s own, and nothing is told of it`,
    steps: [
      {ask: post, origin, expect: passed},
      counted({refused: 0, stored: 0, misses: 1}),
      {ask: '/list', origin: {}, expect: missed},
    ],
  })),
  {
    name: 'is not stored where the request goes around the cache',
    steps: [
      {ask: {...post, options: false}, origin: answered, expect: {was: 'fwd=bypass; detail=disabled'}},
      {
        ask: {...post, fields: {'cache-control': 'no-store'}},
        origin: answered,
        expect: {was: 'fwd=bypass; detail=request-no-store'},
      },
      {ask: {...post, mode: 'no-store'}, origin: answered, expect: {was: 'fwd=bypass; detail=mode-no-store'}},
      {
        ask: {...post, fields: {range: 'bytes=0-1'}},
        origin: answered,
        expect: {was: 'fwd=bypass; detail=range'},
      },
      {ask: '/list', origin: {}, expect: missed},
    ],
  },
  {
    name: 'is refused, and that is told, when it might be stored but storeIf says no',
    options: {rules: [{storeIf: ({status}) => status !== 200}]},
    steps: [
      {ask: post, origin: answered, expect: stored},
      counted({refused: 1, stored: 0}),
      {ask: '/list', origin: {status: 404}, expect: missed},
    ],
  },
  {
    name: 'is refused, and that is told, when it might be stored but is too long',
    options: {maxBodyBytes: 3},
    steps: [
      {
        ask: post,
        origin: {fields: {...own, 'content-length': '14'}, body: 'after the post'},
        expect: {was: 'fwd=method; detail=too-large'},
      },
      counted({refused: 1, stored: 0}),
    ],
  },
]);

everywhere('the answer to a POST stands for one to GET unless another clear came since the POST began', async open => {
  const {cache, origin, ask} = await open();
  const held = origin.hold();
  const first = ask(post);
  await until(() => held.waiting === 1);
  await cache.clear();
  await held.answer(answered);
  expect((await first).was).toBe('fwd=method; detail=fenced');
  origin.script([{body: 'of the GET'}]);
  expect((await ask('/list')).body).toBe('of the GET');
});

everywhere('of two POSTs under way at once, neither answers a GET', async open => {
  const {origin, ask, cache} = await open();
  const held = origin.hold();
  const both = [ask(post), ask(post)];
  await until(() => held.waiting === 2);
  await held.answer({...answered, body: 'one'});
  await held.answer({...answered, body: 'two'});
  await Promise.all(both);
  await cache.idle();
  expect(origin.seen).toHaveLength(2);
  origin.script([{body: 'of the GET'}]);
  // Nobody knows which of them the origin saw last.
  expect((await ask('/list')).body).toBe('of the GET');
});

everywhere('a GET neither joins a POST nor is overtaken by it', async open => {
  const {origin, ask, cache} = await open();
  const held = origin.hold();
  const asked = [ask('/list'), ask(post)];
  await until(() => held.waiting === 2);
  await held.answer({body: 'older'});
  await held.answer(answered);
  expect((await Promise.all(asked)).map(({body}) => body)).toEqual(['older', 'after the post']);
  await cache.idle();
  expect(await ask('/list')).toMatchObject({body: 'after the post', was: 'hit; ttl=60'});
});

everywhere('the answer to a POST that breaks off is not stored', async open => {
  const {origin, ask, cache} = await open();
  origin.script([{fields: own, body: streamOf(['after'], new Error('reset'))}]);
  await expect(ask(post)).rejects.toThrow('reset');
  await cache.idle();
  origin.script([{body: 'of the GET'}]);
  expect((await ask('/list')).body).toBe('of the GET');
});

everywhere('what is stored of a POST is told as stored under GET', async open => {
  const {origin, ask, cache} = await open();
  const told: unknown[] = [];
  cache.on('store', ({method, status}) => told.push({method, status}));
  cache.on('refuse', event => told.push(event));
  origin.script([answered]);
  await ask(post);
  await cache.idle();
  expect(told).toEqual([{method: 'GET', status: 200}]);
  for await (const entry of cache.entries()) expect(entry.method).toBe('GET');
});
