import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {anyAge, anyPolicy, anyRequest, anyResponse, anyStored} from '../../test/any.ts';
import {at, dateAt, noon, policy, type Row, request, response, stored} from '../../test/builders.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import {type StoredResponse, shareable} from '../model/stored-response.ts';
import {whyNotMatching} from '../policy/choosing.ts';
import {type NotStoredReason, notStoredReasons} from '../policy/reasons.ts';
import type {Effect, ResponseDecision} from './decisions.ts';
import type {ExchangeFacts} from './exchange.ts';
import {decideOnRequest} from './on-request.ts';
import {decideOnResponse} from './on-response.ts';

type Asked = Parameters<typeof request>[0];
type Kept = NonNullable<Parameters<typeof stored>[0]>;

/** A request is decided on at `asked`, and `answer` arrives two seconds later. */
type Given = {
  readonly request?: Asked;
  readonly stored?: readonly Kept[];
  readonly answer: Parameters<typeof response>[0];
  readonly policy?: Partial<Policy>;
};

type Expected = (given: Given) => ResponseDecision;

const asked = at(100);
const answered = at(102);
const began = 7;
const date = dateAt(102);
/** When an exchange took place, as the response it brings or updates is stored. */
const times = {requestTime: asked, responseTime: answered, began};
const origin = {type: 'origin'} as const;

/** `given` as it is found in the store. */
const built = (given: Given): {asked: CacheRequest; kept: readonly StoredResponse[]; rules: Policy} => {
  const rules = policy(given.policy);
  return {asked: request(given.request), kept: (given.stored ?? []).map(one => stored({policy: rules, ...one})), rules};
};

/** The exchange that follows from the decision on the request. */
function exchangeOf(
  asking: CacheRequest,
  candidates: readonly StoredResponse[],
  rules: Policy,
): ExchangeFacts | undefined {
  const decision = decideOnRequest(asking, candidates, rules, asked);
  if (decision.type !== 'forward' && decision.type !== 'validate') return undefined;
  return {request: asking, policy: rules, decision, candidates, began, requestTime: asked};
}

/** `JSON` of method, partition, content, variant, client and nominated fields. */
const plainKey = '["GET","",null,"",null,[]]';

/** The answer as it is put, with what the store shall keep in place of what was received. */
const put =
  (kept: Kept = {}) =>
  ({request: asking, answer, policy: rules}: Given): Effect => ({
    type: 'put',
    stored: stored({
      ...answer,
      request: request(asking),
      policy: policy(rules),
      id: 'new',
      key: plainKey,
      ...times,
      ...kept,
    }),
  });

/** The first stored response as it is updated. */
const update =
  (kept: Kept, index = 0) =>
  (given: Given): Effect => ({
    type: 'update',
    stored: stored({
      policy: policy(given.policy),
      ...given.stored?.[index],
      ...times,
      lastUsed: built(given).kept[index]?.lastUsed ?? noon,
      ...kept,
    }),
  });

/** The stored response, from now on reused after validation only. */
const outdate =
  (index = 0) =>
  (given: Given): Effect => {
    const {kept} = built(given);
    const one = kept[index] ?? stored();
    return {type: 'update', stored: {...one, began, facts: {...one.facts, lifetime: 0, alwaysValidate: true}}};
  };

/** The origin's answer goes to the caller, and these changes to the store. */
const passes =
  (notStored: NotStoredReason | undefined, ...effects: readonly ((given: Given) => Effect)[]): Expected =>
  given => ({answer: origin, effects: effects.map(effect => effect(given)), notStored});

/** The first of the responses updated is the answer, two seconds old. */
const freshens =
  (...updates: readonly ((given: Given) => Effect)[]): Expected =>
  given => {
    const effects = updates.map(effect => effect(given));
    const [first] = effects;
    if (first === undefined) throw new Error('nothing freshened');
    return {
      answer: {type: 'reuse', stored: first.stored, age: 2, stale: false, as: 'whole', pieces: undefined},
      effects,
      notStored: undefined,
    };
  };

const standsIn: Expected = given => {
  const [first = stored()] = built(given).kept;
  return {
    answer: {type: 'reuse', stored: first, age: 102, stale: true, as: 'whole', pieces: undefined},
    effects: [],
    notStored: undefined,
  };
};

const repeats: Expected = () => ({answer: {type: 'repeat'}, effects: [], notStored: undefined});

const max60 = {'cache-control': 'max-age=60'};
const tagged = {fields: {...max60, etag: '"a"'}};
const weaklyTagged = {fields: {...max60, etag: 'W/"a"'}};
const modified = {fields: {...max60, 'last-modified': dateAt(-900)}};
const notModified = (fields: Record<string, string> = {}) => ({status: 304, fields: {date, ...fields}});
const withGrace = {fields: {'cache-control': 'max-age=60, stale-if-error=60', etag: '"a"'}};
const shared = {kind: 'shared'} as const;
const post = {request: {method: 'POST', content: 'x'}, policy: {methods: ['POST']}};

const rows: Readonly<Record<string, readonly Row<Given, Expected>[]>> = {
  'a full answer': [
    {
      name: 'is stored with the time of its receipt for a Date',
      rfc: '3',
      level: 'MAY',
      given: {answer: {fields: max60}},
      expect: passes(undefined, put({fields: {...max60, date}})),
    },
    {
      name: 'keeps its own Date, and is as old as that says',
      rfc: '4.2.3',
      level: 'MUST',
      given: {answer: {fields: {...max60, date: dateAt(90)}}},
      expect: passes(undefined, put({facts: {initialAge: 12, date: at(90)}})),
    },
    {
      name: 'is stored without what belongs to its connection',
      rfc: '3.1',
      level: 'MUST',
      given: {answer: {fields: {...max60, date, connection: 'foo', foo: '1', 'keep-alive': '5'}}},
      expect: passes(undefined, put({fields: {...max60, date}})),
    },
    {
      name: 'is stored without the fields a qualified no-cache names',
      rfc: '5.2.2.4',
      level: 'CHOICE',
      given: {answer: {fields: {'cache-control': 'max-age=60, no-cache="foo"', date, foo: '1'}}},
      expect: passes(undefined, put({fields: {'cache-control': 'max-age=60, no-cache="foo"', date}})),
    },
    {
      name: 'is stored with the values of the fields Vary nominates',
      rfc: '4.1',
      level: 'MUST',
      given: {request: {fields: {foo: 'a,b'}}, answer: {fields: {...max60, date, vary: 'Foo, Bar'}}},
      expect: passes(
        undefined,
        put({
          key: '["GET","",null,"",null,[["bar",null],["foo","a, b"]]]',
          nominated: [
            ['bar', undefined],
            ['foo', 'a, b'],
          ],
        }),
      ),
    },
    {
      name: 'that varies by what a client adds unseen is confined to that kind of client',
      rfc: '4.1',
      level: 'MUST',
      given: {answer: {fields: {...max60, date, vary: 'User-Agent'}}},
      expect: passes(undefined, put({key: '["GET","",null,"","test",[["user-agent",null]]]', client: 'test'})),
    },
    {
      name: 'that varies by a secret is stored with its stand-in',
      rfc: '7.3',
      level: 'CHOICE',
      given: {
        request: {fields: {'x-api-key': 's'}, pseudonyms: new Map([['x-api-key', 'p']])},
        answer: {fields: {...max60, date, vary: 'X-Api-Key'}},
      },
      expect: passes(undefined, put({key: '["GET","",null,"",null,[["x-api-key","p"]]]'})),
    },
    {
      name: 'is stored beside a variant, which it says nothing of',
      rfc: '4.1',
      level: 'MUST',
      given: {
        request: {fields: {foo: '2'}},
        stored: [{...tagged, nominated: [['foo', '1']]}],
        answer: {fields: {...max60, date, vary: 'foo'}},
      },
      expect: passes(undefined, put({key: '["GET","",null,"",null,[["foo","2"]]]'})),
    },
    {
      name: 'that ceases to vary goes before the variant it comes in place of',
      rfc: '4',
      level: 'CHOICE',
      given: {
        request: {fields: {foo: '1'}},
        stored: [{...tagged, nominated: [['foo', '1']]}],
        answer: {fields: {...max60, date}},
      },
      expect: passes(undefined, outdate(), put()),
    },
    {
      name: 'replaces what a validation asked about',
      rfc: '4.3.3',
      level: 'MUST',
      given: {stored: [tagged], answer: {fields: {...max60, date, etag: '"b"'}}},
      expect: passes(undefined, put()),
    },
    {
      name: 'to a user stays that user’s',
      rfc: '7.3',
      level: 'CHOICE',
      given: {request: {fields: {authorization: 'a'}}, answer: {fields: {...max60, date}}},
      expect: passes(undefined, put({key: '["GET","user",null,"",null,[]]', partition: 'user'})),
    },
    {
      name: 'to a user is anyone’s when it is public',
      rfc: '3.5',
      level: 'MAY',
      given: {
        request: {fields: {authorization: 'a'}},
        answer: {fields: {'cache-control': 'max-age=60, public', date}},
      },
      expect: passes(undefined, put({key: '["GET","*",null,"",null,[]]', partition: shareable})),
    },
    {
      name: 'to a user is anyone’s in a shared cache that s-maxage permits',
      rfc: '3.5',
      level: 'MAY',
      given: {
        request: {fields: {authorization: 'a'}},
        answer: {fields: {'cache-control': 's-maxage=60', date}},
        policy: shared,
      },
      expect: passes(undefined, put({key: '["GET","*",null,"",null,[]]', partition: shareable})),
    },
    {
      name: 'to a user is not stored in a shared cache without permission',
      rfc: '3.5',
      level: 'MUST',
      given: {request: {fields: {authorization: 'a'}}, answer: {fields: max60}, policy: shared},
      expect: passes('authorization'),
    },
    {
      name: 'that is private is not stored in a shared cache',
      rfc: '5.2.2.7',
      level: 'MUST',
      given: {answer: {fields: {'cache-control': 'max-age=60, private'}}, policy: shared},
      expect: passes('private'),
    },
    {
      name: 'to an opted-in POST is stored with its content',
      rfc: '3',
      level: 'CHOICE',
      given: {...post, answer: {fields: {...max60, date}}},
      expect: passes(undefined, put({key: '["POST","","x","",null,[]]'})),
    },
    {
      name: 'to QUERY is stored with its content',
      rfc: '2',
      level: 'MUST',
      given: {request: {method: 'QUERY', content: 'x'}, answer: {fields: {...max60, date}}},
      expect: passes(undefined, put({key: '["QUERY","","x","",null,[]]'})),
    },
    {
      name: 'is stored with its tags and groups',
      rfc: 'RFC 9875 §2',
      level: 'MAY',
      given: {
        answer: {fields: {...max60, date, 'cache-groups': '"g"', 'cache-tag': 'b'}},
        policy: {tags: ['a'], tagFields: ['cache-tag']},
      },
      expect: passes(undefined, put({tags: ['a', 'b'], givenTags: ['a'], groups: ['g']})),
    },
    {
      name: 'is stored under a URL without secrets',
      rfc: '7',
      level: 'CHOICE',
      given: {
        request: {url: 'https://example.com/?token=s', keyedUrl: 'https://example.com/?token=p'},
        answer: {url: 'https://example.com/?token=s', fields: {...max60, date}},
      },
      expect: passes(undefined, put({url: 'https://example.com/?token=p'})),
    },
    {
      name: 'that redirects led to unseen is not stored',
      rfc: '3',
      level: 'CHOICE',
      given: {answer: {url: 'https://example.com/b', redirected: true, fields: {...max60, date}}},
      expect: passes('redirected-unseen'),
    },
    {
      name: 'to a request around the cache is not stored and touches nothing',
      rfc: '5.2.1.5',
      level: 'MUST',
      given: {request: {fields: {'cache-control': 'no-store'}}, stored: [tagged], answer: {}},
      expect: passes('bypass'),
    },
    {
      name: 'to an unsafe request is not stored',
      rfc: '3',
      level: 'MUST',
      given: {request: {method: 'POST'}, stored: [tagged], answer: {}},
      expect: passes('bypass'),
    },
  ],
  'a full answer that may not be stored': [
    {
      name: 'says so, and outdates what it contradicts',
      rfc: '4.3.3',
      level: 'CHOICE',
      given: {stored: [tagged], answer: {fields: {'cache-control': 'no-store'}}},
      expect: passes('no-store', outdate()),
    },
    {
      name: 'outdates the chosen response alone',
      rfc: '4.3.3',
      level: 'CHOICE',
      given: {
        stored: [
          {id: '1', responseTime: at(-5), ...tagged},
          {id: '2', ...tagged},
        ],
        answer: {fields: {'cache-control': 'no-store'}},
      },
      expect: passes('no-store', outdate(1)),
    },
    {
      name: 'outdates nothing that does not match',
      rfc: '4.1',
      level: 'MUST',
      given: {stored: [{...tagged, nominated: [['foo', '1']]}], answer: {fields: {'cache-control': 'no-store'}}},
      expect: passes('no-store'),
    },
    {
      name: 'leaves an earlier expire in force',
      rfc: 'limpid',
      level: 'CHOICE',
      given: {stored: [{...tagged, expired: true, began: 3}], answer: {fields: {'cache-control': 'no-store'}}},
      expect: passes(
        'no-store',
        update({
          requestTime: noon,
          responseTime: noon,
          began: 3,
          expired: true,
          facts: {lifetime: 0, alwaysValidate: true},
        }),
      ),
    },
    {
      name: 'varies by everything',
      rfc: '4.1',
      level: 'MUST',
      given: {answer: {fields: {...max60, vary: '*'}}},
      expect: passes('vary-any'),
    },
    {
      name: 'is partial and says not of what, which outdates nothing',
      rfc: '3.3',
      level: 'CHOICE',
      given: {stored: [tagged], answer: {status: 206, fields: max60}},
      expect: passes('status-partial'),
    },
    {
      name: 'says nothing of freshness and has no validator',
      rfc: '3',
      level: 'CHOICE',
      given: {answer: {status: 404, fields: {}}},
      expect: passes('no-freshness'),
    },
    {
      name: 'is a server error, and outdates nothing',
      rfc: '4.3.3',
      level: 'MAY',
      given: {stored: [tagged], answer: {status: 500, fields: {}}},
      expect: passes('no-freshness'),
    },
  ],
  'a server error': [
    ...[500, 502, 503, 504].map(
      (status): Row<Given, Expected> => ({
        name: `${status} is replaced by a response whose window is open`,
        rfc: 'RFC 5861 §4',
        level: 'MAY',
        given: {stored: [withGrace], answer: {status, fields: {}}},
        expect: standsIn,
      }),
    ),
    {
      name: 'of another status is passed on',
      rfc: 'RFC 5861 §4',
      level: 'MUST',
      given: {stored: [withGrace], answer: {status: 501, fields: {}}},
      expect: passes('no-freshness'),
    },
    {
      name: 'is passed on when no window is open',
      rfc: '4.3.3',
      level: 'MAY',
      given: {stored: [tagged], answer: {status: 503, fields: {}}},
      expect: passes('no-freshness'),
    },
    {
      name: 'is stored when it says so and no window is open',
      rfc: '3',
      level: 'MAY',
      given: {stored: [tagged], answer: {status: 503, fields: {...max60, date}}},
      expect: passes(undefined, put()),
    },
    {
      name: 'to a request for validation is passed on',
      rfc: '5.2.1.4',
      level: 'CHOICE',
      given: {
        request: {fields: {'cache-control': 'no-cache'}},
        stored: [withGrace],
        answer: {status: 503, fields: {}},
      },
      expect: passes('no-freshness'),
    },
  ],
  'a 304': [
    {
      name: 'with the strong tag freshens, and the stored response answers',
      rfc: '4.3.4',
      level: 'MUST',
      given: {stored: [tagged], answer: notModified({etag: '"a"', foo: '1'})},
      expect: freshens(update({fields: {...max60, date, etag: '"a"', foo: '1'}})),
    },
    {
      name: 'with new directives changes the lifetime',
      rfc: '3.2',
      level: 'MUST',
      given: {stored: [tagged], answer: notModified({etag: '"a"', 'cache-control': 'max-age=90, must-revalidate'})},
      expect: freshens(update({fields: {date, etag: '"a"', 'cache-control': 'max-age=90, must-revalidate'}})),
    },
    {
      name: 'with the strong tag freshens every response that has it',
      rfc: '4.3.4',
      level: 'MUST',
      given: {
        stored: [
          {id: '1', ...tagged},
          {id: '2', responseTime: at(-5), requestTime: at(-5), ...tagged},
        ],
        answer: notModified({etag: '"a"'}),
      },
      expect: freshens(
        update({fields: {...max60, date, etag: '"a"'}}),
        update({fields: {...max60, date, etag: '"a"'}}, 1),
      ),
    },
    {
      name: 'with a weak tag freshens the most recent response that has it',
      rfc: '4.3.4',
      level: 'MUST',
      given: {
        stored: [
          {id: '1', ...weaklyTagged},
          {id: '2', responseTime: at(-5), ...weaklyTagged},
        ],
        answer: notModified({etag: 'W/"a"'}),
      },
      expect: freshens(update({fields: {...max60, date, etag: 'W/"a"'}})),
    },
    {
      name: 'with a date freshens the response that has it',
      rfc: '4.3.4',
      level: 'MUST',
      given: {stored: [modified], answer: notModified({'last-modified': dateAt(-900)})},
      expect: freshens(update({fields: {...max60, date, 'last-modified': dateAt(-900)}})),
    },
    {
      name: 'without validators freshens the one response asked about',
      rfc: '4.3.4',
      level: 'CHOICE',
      given: {stored: [tagged], answer: notModified()},
      expect: freshens(update({fields: {...tagged.fields, date}})),
    },
    {
      name: 'without validators leaves a doubt when two tags were asked about',
      rfc: '4.3.4',
      level: 'MUST',
      given: {
        stored: [
          {id: '1', ...tagged},
          {id: '2', fields: {...max60, etag: '"b"'}},
        ],
        answer: notModified(),
      },
      expect: repeats,
    },
    {
      name: 'with a tag nobody has makes us ask again',
      rfc: '4.3.4',
      level: 'MUST',
      given: {stored: [tagged], answer: notModified({etag: '"x"'})},
      expect: repeats,
    },
    {
      name: 'with a date nobody has makes us ask again',
      rfc: '4.3.4',
      level: 'MUST',
      given: {stored: [modified], answer: notModified({'last-modified': dateAt(-1)})},
      expect: repeats,
    },
    {
      name: 'ends an expire',
      rfc: 'limpid',
      level: 'CHOICE',
      given: {stored: [{...tagged, expired: true, began: 3}], answer: notModified({etag: '"a"'})},
      expect: freshens(update({fields: {...max60, date, etag: '"a"'}, expired: false})),
    },
    {
      name: 'to HEAD freshens an answer to GET',
      rfc: '4.3.5',
      level: 'MAY',
      given: {request: {method: 'HEAD'}, stored: [tagged], answer: notModified({etag: '"a"'})},
      expect: freshens(update({fields: {...max60, date, etag: '"a"'}})),
    },
    {
      name: 'that begins to vary confines the response to the values it was asked for',
      rfc: '4.1',
      level: 'MUST',
      given: {
        request: {fields: {foo: '1'}},
        stored: [tagged],
        answer: notModified({etag: '"a"', vary: 'foo'}),
      },
      expect: freshens(update({fields: {...max60, date, etag: '"a"', vary: 'foo'}, nominated: [['foo', '1']]})),
    },
    {
      name: 'keeps what is public for anyone, whoever asked',
      rfc: '3.5',
      level: 'MAY',
      given: {
        request: {fields: {authorization: 'a'}},
        stored: [{fields: {'cache-control': 'public, max-age=60', etag: '"a"'}, partition: shareable}],
        answer: notModified({etag: '"a"'}),
      },
      expect: freshens(update({fields: {'cache-control': 'public, max-age=60', date, etag: '"a"'}})),
    },
    {
      name: 'keeps, under the same rule, the fields that were kept when the response was stored',
      rfc: '5.2.2.4',
      level: 'CHOICE',
      given: {
        stored: [{fields: {'cache-control': 'max-age=60, no-cache="foo"', foo: '1', etag: '"a"'}}],
        answer: notModified({etag: '"a"'}),
        policy: {ttl: 60, ignores: ['no-cache']},
      },
      expect: freshens(update({fields: {'cache-control': 'max-age=60, no-cache="foo"', foo: '1', date, etag: '"a"'}})),
    },
    {
      name: "to a caller's own condition is the caller's, and freshens what it names",
      rfc: '4.3.4',
      level: 'SHOULD',
      given: {
        request: {fields: {'if-none-match': '"a"'}},
        stored: [tagged],
        answer: notModified({etag: '"a"'}),
      },
      expect: passes('status-not-modified', update({fields: {...max60, date, etag: '"a"'}})),
    },
    {
      name: "to a caller's own condition freshens nothing else",
      rfc: '4.3.4',
      level: 'MUST',
      given: {
        request: {fields: {'if-none-match': '"x"'}},
        stored: [tagged],
        answer: notModified({etag: '"x"'}),
      },
      expect: passes('status-not-modified'),
    },
    {
      name: 'to a request around the cache touches nothing',
      rfc: '5.2.1.5',
      level: 'MUST',
      given: {
        request: {fields: {'cache-control': 'no-store', 'if-none-match': '"a"'}},
        stored: [tagged],
        answer: notModified({etag: '"a"'}),
      },
      expect: passes('bypass'),
    },
  ],
  'an answer to HEAD': [
    {
      name: 'that agrees freshens the answer to GET, and is stored itself',
      rfc: '4.3.5',
      level: 'SHOULD',
      given: {request: {method: 'HEAD'}, stored: [tagged], answer: {fields: {...tagged.fields, date}}},
      expect: passes(
        undefined,
        update({fields: {...max60, etag: '"a"', date}}),
        put({key: '["HEAD","",null,"",null,[]]'}),
      ),
    },
    {
      name: 'that agrees brings its other fields to the answer to GET, except for its length',
      rfc: '3.2',
      level: 'MUST',
      given: {
        request: {method: 'HEAD'},
        stored: [{fields: {...tagged.fields, foo: '1', 'content-length': '5'}}],
        answer: {fields: {...tagged.fields, date, foo: '2', 'content-length': '5, 5'}},
      },
      expect: passes(
        undefined,
        update({fields: {'content-length': '5', ...tagged.fields, date, foo: '2'}}),
        put({key: '["HEAD","",null,"",null,[]]'}),
      ),
    },
    {
      name: 'without a validator changes nothing of the answer to GET',
      rfc: '4.3.5',
      level: 'CHOICE',
      given: {
        request: {method: 'HEAD'},
        stored: [{fields: {...max60, date}}],
        answer: {fields: {...max60, date, foo: '2'}},
      },
      expect: passes(undefined, put({key: '["HEAD","",null,"",null,[]]'})),
    },
    {
      name: 'that disagrees outdates the answer to GET',
      rfc: '4.3.5',
      level: 'SHOULD',
      given: {request: {method: 'HEAD'}, stored: [tagged], answer: {fields: {...max60, date, etag: '"b"'}}},
      expect: passes(undefined, outdate(), put({key: '["HEAD","",null,"",null,[]]'})),
    },
    {
      name: 'that disagrees in length outdates the answer to GET',
      rfc: '4.3.5',
      level: 'SHOULD',
      given: {
        request: {method: 'HEAD'},
        stored: [{fields: {...tagged.fields, 'content-length': '5'}}],
        answer: {fields: {...tagged.fields, date, 'content-length': '6'}},
      },
      expect: passes(undefined, outdate(), put({key: '["HEAD","",null,"",null,[]]'})),
    },
    {
      name: 'that is no 200 says nothing of answers to GET',
      rfc: '4.3.5',
      level: 'MUST',
      given: {request: {method: 'HEAD'}, stored: [tagged], answer: {status: 404, fields: {}}},
      expect: passes('no-freshness'),
    },
    {
      name: 'says nothing of another answer to HEAD',
      rfc: '4.3.5',
      level: 'CHOICE',
      given: {
        request: {method: 'HEAD'},
        stored: [{method: 'HEAD', ...tagged}],
        answer: {fields: {...max60, date, etag: '"b"'}},
      },
      expect: passes(undefined, put({key: '["HEAD","",null,"",null,[]]'})),
    },
    {
      name: 'that may not be stored updates nothing: what it agrees with is validated before reuse',
      rfc: '5.2.2.5',
      level: 'MUST',
      given: {
        request: {method: 'HEAD'},
        stored: [tagged],
        answer: {fields: {etag: '"a"', 'cache-control': 'no-store'}},
      },
      expect: passes('no-store', outdate()),
    },
  ],
};

describe.each(Object.entries(rows))('%s', (_, table) => {
  test.each(table)('$name', ({given, expect: expected}) => {
    const {asked: asking, kept, rules} = built(given);
    const exchange = exchangeOf(asking, kept, rules);
    expect(exchange).toBeDefined();
    expect(exchange && decideOnResponse(exchange, response(given.answer), answered, 'new')).toEqual(expected(given));
  });
});

describe('a 304 that may not be stored', () => {
  const forbidden: readonly Row<Pick<Given, 'answer' | 'policy'>, NotStoredReason>[] = [
    {
      name: 'because of no-store',
      rfc: '5.2.2.5',
      level: 'MUST',
      given: {answer: notModified({etag: '"a"', 'cache-control': 'no-store, max-age=60'})},
      expect: 'no-store',
    },
    {
      name: 'because it is private, in a shared cache',
      rfc: '5.2.2.7',
      level: 'MUST',
      given: {answer: notModified({etag: '"a"', 'cache-control': 'private, max-age=60'}), policy: shared},
      expect: 'private',
    },
    {
      name: 'because it varies by everything',
      rfc: '4.1',
      level: 'MUST',
      given: {answer: notModified({etag: '"a"', vary: '*'})},
      expect: 'vary-any',
    },
  ];

  test.each(forbidden)('$name answers its caller and leaves nothing of itself', row => {
    const given: Given = {...row.given, stored: [tagged]};
    const {asked: asking, kept, rules} = built(given);
    const exchange = exchangeOf(asking, kept, rules);
    const decision = exchange && decideOnResponse(exchange, response(given.answer), answered, 'new');
    expect(decision).toMatchObject({notStored: row.expect, effects: [outdate()(given)]});
    expect(decision?.answer).toMatchObject({type: 'reuse', age: 2, stale: false, as: 'whole'});
    // Whoever joined this exchange may not have it either.
    const shown = decision?.answer.type === 'reuse' ? decision.answer.stored : stored();
    expect(shown.head.fields.get('etag')).toBe('"a"');
    expect(shown.facts.alwaysValidate).toBe(true);
  });
});

describe('any answer', () => {
  const anyCandidates = fc.array(anyStored, {maxLength: 4});

  const decided = (
    asking: CacheRequest,
    kept: readonly StoredResponse[],
    rules: Policy,
    head: ResponseHead,
    age: number,
  ): ResponseDecision | undefined => {
    const decision = decideOnRequest(asking, kept, rules, at(age));
    if (decision.type !== 'forward' && decision.type !== 'validate') return undefined;
    const exchange = {request: asking, policy: rules, decision, candidates: kept, began, requestTime: at(age)};
    return decideOnResponse(exchange, head, at(age + 1), 'new');
  };

  const isPut = (decision: ResponseDecision | undefined): boolean =>
    decision?.effects.some(({type}) => type === 'put') ?? false;

  test('gets a decision, the same each time, and a reason when it is not stored', () => {
    fc.assert(
      fc.property(anyRequest, anyCandidates, anyPolicy, anyResponse, anyAge, (asking, kept, rules, head, age) => {
        const decision = decided(asking, kept, rules, head, age);
        expect(decided(asking, kept, rules, head, age)).toEqual(decision);
        if (decision === undefined) return;
        const {answer, notStored} = decision;
        if (notStored !== undefined) expect(notStored in notStoredReasons).toBe(true);
        if (answer.type === 'origin') expect(isPut(decision)).toBe(notStored === undefined);
        else expect(isPut(decision)).toBe(false);
      }),
    );
  });

  test('is not stored because someone added no-store, to it or to the request', () => {
    fc.assert(
      fc.property(anyRequest, anyPolicy, anyResponse, anyAge, (asking, rules, head, age) => {
        const said = {...head, fields: head.fields.plus('cache-control', 'no-store')};
        const asks = request({...asking.head, fields: asking.head.fields.plus('cache-control', 'no-store')});
        if (isPut(decided(asking, [], rules, said, age)))
          expect(isPut(decided(asking, [], rules, head, age))).toBe(true);
        expect(isPut(decided(asks, [], rules, head, age))).toBe(false);
      }),
    );
  });

  test('leaves nothing in the store that says no-store, unless a rule ignores that', () => {
    fc.assert(
      fc.property(anyRequest, anyCandidates, anyPolicy, anyResponse, anyAge, (asking, kept, rules, head, age) => {
        fc.pre(rules.ignores.length === 0);
        const fields = head.fields.plus('cache-control', 'no-store').plus('cdn-cache-control', 'no-store');
        const said = {...head, fields};
        for (const {stored: changed} of decided(asking, kept, rules, said, age)?.effects ?? []) {
          expect(changed.facts).toMatchObject({lifetime: 0, alwaysValidate: true});
        }
      }),
    );
  });

  test('is decided alike when a stored response that does not match is removed', () => {
    fc.assert(
      fc.property(anyRequest, anyCandidates, anyPolicy, anyResponse, anyAge, (asking, kept, rules, head, age) => {
        const matching = kept.filter(one => whyNotMatching(asking, one) === undefined);
        expect(decided(asking, matching, rules, head, age)).toEqual(decided(asking, kept, rules, head, age));
      }),
    );
  });

  test('changes nothing that was stored for someone else', () => {
    fc.assert(
      fc.property(anyRequest, anyCandidates, anyPolicy, anyResponse, anyAge, (asking, kept, rules, head, age) => {
        for (const effect of decided(asking, kept, rules, head, age)?.effects ?? []) {
          if (effect.type !== 'update') continue;
          const before = kept.filter(({id}) => id === effect.stored.id);
          expect(before.some(one => whyNotMatching(asking, one) === undefined)).toBe(true);
        }
      }),
    );
  });
});
