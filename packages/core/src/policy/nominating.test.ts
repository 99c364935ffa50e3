import {describe, expect, test} from 'vitest';
import {policy, request, response} from '../../test/builders.ts';
import {nominatedFields, nominatedValue, unseenClient} from './nominating.ts';

const varying = (vary: string) => response({fields: {vary}});

const nominations = [
  {name: 'no Vary nominates nothing', rfc: '4.1', level: 'MUST', given: {response: response()}, expect: []},
  {
    name: 'each field is nominated once, sorted, in lower case',
    rfc: '4.1',
    level: 'MUST',
    given: {fields: {foo: 'a,b', bar: 'c'}, response: varying('Foo, BAR, foo')},
    expect: [
      ['bar', 'c'],
      ['foo', 'a, b'],
    ],
  },
  {
    name: 'an absent field is nominated as absent',
    rfc: '4.1',
    level: 'MUST',
    given: {response: varying('Foo')},
    expect: [['foo', undefined]],
  },
  {
    name: 'Vary: * nominates what matches nothing',
    rfc: '4.1',
    level: 'MUST',
    given: {fields: {foo: '1'}, response: varying('Foo, *')},
    expect: [['*', undefined]],
  },
  {
    name: "a rule's fields replace what the response says",
    rfc: '4.1',
    level: 'CHOICE',
    given: {fields: {foo: '1', bar: '2'}, response: varying('Foo'), policy: policy({vary: ['Bar']})},
    expect: [['bar', '2']],
  },
  {
    name: 'a rule without fields overrides even Vary: *',
    rfc: '4.1',
    level: 'CHOICE',
    given: {response: varying('*'), policy: policy({vary: []})},
    expect: [],
  },
  {
    name: 'the value of a secret is its stand-in',
    rfc: '7.3',
    level: 'CHOICE',
    given: {
      fields: {authorization: 'Bearer s3cret'},
      pseudonyms: new Map([['authorization', 'p1']]),
      response: varying('Authorization'),
    },
    expect: [['authorization', 'p1']],
  },
  {
    name: 'where a browser may hide Vary, every field that chooses counts, in any order',
    rfc: '4.1',
    level: 'CHOICE',
    given: {
      client: 'browser',
      fields: {'x-b': '2', 'cache-control': 'no-cache', 'if-none-match': '"1"', range: 'bytes=0-', 'x-a': '1'},
      response: response({type: 'cors'}),
    },
    expect: [['every field', '[["x-a","1"],["x-b","2"]]']],
  },
  {
    name: 'and of a secret its stand-in',
    rfc: '7.3',
    level: 'CHOICE',
    given: {
      client: 'browser',
      fields: {authorization: 'Bearer s3cret'},
      pseudonyms: new Map([['authorization', 'p1']]),
      response: response({type: 'cors'}),
    },
    expect: [['every field', '[["authorization","p1"]]']],
  },
  {
    name: 'a Vary that is exposed counts as it is',
    rfc: '4.1',
    level: 'MUST',
    given: {client: 'browser', fields: {foo: '1'}, response: response({type: 'cors', fields: {vary: 'Bar'}})},
    expect: [['bar', undefined]],
  },
  {
    name: 'a rule knows better than what is hidden',
    rfc: '4.1',
    level: 'CHOICE',
    given: {client: 'browser', response: response({type: 'cors'}), policy: policy({vary: []})},
    expect: [],
  },
  {
    name: 'its own origin hides nothing from a page',
    rfc: '4.1',
    level: 'MUST',
    given: {client: 'browser', response: response({type: 'basic'})},
    expect: [],
  },
  {
    name: 'nor do other origins from who is no browser',
    rfc: '4.1',
    level: 'MUST',
    given: {client: 'fetch Node.js', response: response({type: 'cors'})},
    expect: [],
  },
] as const;

describe('nominatedFields', () => {
  test.each(nominations)('$name', ({given, expect: expected}) => {
    const rules = 'policy' in given ? given.policy : policy();
    expect(nominatedFields(request({fields: {}, ...given}), given.response, rules)).toEqual(expected);
  });
});

describe('nominatedValue', () => {
  test('repeated lines count as one list', () => {
    const made = request({
      fields: [
        ['foo', '1'],
        ['foo', '2'],
      ],
    });
    expect(nominatedValue(made, 'foo')).toBe('1, 2');
  });
});

const unseen = [
  {name: 'User-Agent in no sight confines', given: {client: 'node', vary: 'user-agent'}, expect: 'node'},
  {
    name: 'a visible User-Agent does not',
    given: {client: 'node', vary: 'user-agent', fields: {'user-agent': 'x'}},
    expect: undefined,
  },
  {name: 'client hints confine', given: {client: 'browser', vary: 'sec-ch-ua'}, expect: 'browser'},
  {
    name: 'Accept-Encoding does not confine, as bodies are kept decoded',
    given: {client: 'node', vary: 'accept-encoding'},
    expect: undefined,
  },
  {name: 'one field in no sight among others confines', given: {client: 'node', vary: 'foo, origin'}, expect: 'node'},
  {name: 'a field that only holds sec- does not confine', given: {client: 'node', vary: 'x-sec-a'}, expect: undefined},
  {name: 'an unknown field does not confine', given: {client: 'node', vary: 'foo'}, expect: undefined},
  {name: "a browser's Cookie confines", given: {client: 'browser', vary: 'cookie'}, expect: 'browser'},
  {name: 'no Cookie on a server is no cookie', given: {client: 'node', vary: 'cookie'}, expect: undefined},
].map(row => ({...row, rfc: '4.1', level: 'CHOICE'}));

const byAnyClient = [
  'accept',
  'accept-charset',
  'accept-language',
  'connection',
  'dnt',
  'host',
  'origin',
  'priority',
  'referer',
  'sec-gpc',
  'te',
  'upgrade-insecure-requests',
  'user-agent',
  'via',
  'x-requested-with',
];
const byBrowsersAlone = [
  'authorization',
  'cookie',
  'device-memory',
  'downlink',
  'dpr',
  'ect',
  'rtt',
  'save-data',
  'viewport-width',
  'width',
];

describe('unseenClient', () => {
  test('what may vary by fields that are hidden is confined (§4.1)', () => {
    const made = request({client: 'browser'});
    expect(unseenClient(made, nominatedFields(made, response({type: 'cors'}), policy()))).toBe('browser');
  });

  const clientFor = (client: string, vary: string): string | undefined => {
    const made = request({client});
    return unseenClient(made, nominatedFields(made, varying(vary), policy()));
  };

  test.each(byAnyClient)('%s may be added by any client (§4.1)', name => {
    expect(clientFor('node', name)).toBe('node');
  });

  test.each(byBrowsersAlone)('%s may be added by a browser alone (§4.1)', name => {
    expect([clientFor('browser', name), clientFor('node', name)]).toEqual(['browser', undefined]);
  });

  test.each(unseen)('$name', ({given, expect: expected}) => {
    const made = request(given);
    expect(unseenClient(made, nominatedFields(made, varying(given.vary), policy()))).toBe(expected);
  });
});
