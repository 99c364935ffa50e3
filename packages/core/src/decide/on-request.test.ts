import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {anyAge, anyPolicy, anyRequest, anyStored} from '../../test/any.ts';
import {at, dateAt, policy, type Row, request, stored} from '../../test/builders.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {CacheMode, RequestHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {shareable} from '../model/stored-response.ts';
import {whyNotMatching} from '../policy/choosing.ts';
import type {Piece} from '../policy/combining.ts';
import type {Rendering} from '../policy/ranges.ts';
import {type ForwardDetail, type ForwardReason, forwardDetails, forwardReasons} from '../policy/reasons.ts';
import type {RequestDecision} from './decisions.ts';
import {decideOnRequest} from './on-request.ts';

type Asked = Parameters<typeof request>[0];
type Kept = Parameters<typeof stored>[0];

/** `asks` and `says` are Cache-Control; ten seconds after its receipt, one response with max-age=60 is stored. */
type Given = {
  readonly asks?: string;
  readonly request?: Asked;
  readonly says?: string;
  readonly stored?: Kept | readonly Kept[];
  readonly policy?: Partial<Policy>;
  readonly age?: number;
};

/** What is sent in place of the caller's request: these fields besides the caller's, and the mode. */
type Sent = {readonly fields?: Readonly<Record<string, string>>; readonly mode?: CacheMode};

/** A whole decision, its stored responses named by id and the request sent by what sets it apart. */
type Expected = (asked: CacheRequest, kept: readonly StoredResponse[]) => RequestDecision;

const sentFor = ({head}: CacheRequest, {fields = {}, mode = head.mode}: Sent): RequestHead => ({
  ...head,
  mode,
  fields: Object.entries(fields).reduce((all, [name, value]) => all.with(name, value), head.fields),
});

const withId = (kept: readonly StoredResponse[], id: string): StoredResponse => {
  const found = kept.find(one => one.id === id);
  if (found === undefined) throw new Error(`nothing stored is called ${id}`);
  return found;
};

type ReuseSketch = {
  readonly id?: string;
  readonly age?: number;
  readonly stale?: boolean;
  readonly as?: Rendering;
  readonly pieces?: (kept: readonly StoredResponse[]) => readonly Piece[];
  readonly later?: Sent;
};

const reuse =
  ({id = 'stored-1', age = 10, stale = false, as = 'whole', pieces, later}: ReuseSketch = {}): Expected =>
  (asked, kept) => ({
    type: 'reuse',
    stored: withId(kept, id),
    age,
    stale,
    as,
    pieces: pieces?.(kept),
    validateLater: later && sentFor(asked, later),
  });

const forward =
  (because: ForwardReason, detail?: ForwardDetail, sent: Sent = {}): Expected =>
  asked => ({type: 'forward', because, detail, request: sentFor(asked, sent), store: 'maybe'});

/** Forwarded, and nothing that comes back is for the cache. */
const around =
  (because: ForwardReason, detail?: ForwardDetail, sent: Sent = {}): Expected =>
  asked => ({type: 'forward', because, detail, request: sentFor(asked, sent), store: 'no'});

/** Forwarded, and what comes back is for the cache only where it stands for the answer to a GET. */
const forGet =
  (sent: Sent = {}): Expected =>
  asked => ({type: 'forward', because: 'method', detail: undefined, request: sentFor(asked, sent), store: 'for-get'});

const validate =
  (because: ForwardReason, detail: ForwardDetail, sent: Sent, ids = ['stored-1']): Expected =>
  (asked, kept) => ({
    type: 'validate',
    because,
    detail,
    request: sentFor(asked, sent),
    candidates: ids.map(id => withId(kept, id)),
  });

const timeout: Expected = () => ({type: 'unsatisfiable', as: 'gateway-timeout'});
const networkError: Expected = () => ({type: 'unsatisfiable', as: 'network-error'});

function built({asks, says = 'max-age=60', ...given}: Given) {
  const asked = request({...(asks === undefined ? {} : {fields: {'cache-control': asks}}), ...given.request});
  const literals = Array.isArray(given.stored) ? given.stored : [given.stored];
  const kept: readonly StoredResponse[] = literals.map((literal: Kept) =>
    stored({fields: {'cache-control': says}, ...literal}),
  );
  return {asked, kept, rules: policy(given.policy), now: at(given.age ?? 10)};
}

const max60 = {'cache-control': 'max-age=60'};
const tagged = {fields: {...max60, etag: '"a"'}};
const dated = {fields: {...max60, 'last-modified': dateAt(-900)}};
const ifA = {fields: {'if-none-match': '"a"'}};
const ifModified = {fields: {'if-modified-since': dateAt(-900)}};
const inMode = (mode: CacheMode) => ({request: {mode}});

const rows: Readonly<Record<string, readonly Row<Given, Expected>[]>> = {
  'a request that goes around the cache': [
    {
      name: 'has the mode no-store',
      rfc: 'Fetch',
      level: 'MUST',
      given: inMode('no-store'),
      expect: around('bypass', 'mode-no-store'),
    },
    {
      name: 'says no-store',
      rfc: '5.2.1.5',
      level: 'CHOICE',
      given: {asks: 'no-store'},
      expect: around('bypass', 'request-no-store'),
    },
    {
      name: 'asks for several ranges',
      rfc: 'RFC 9110 §14.2',
      level: 'CHOICE',
      given: {request: {fields: {range: 'bytes=0-1,4-5'}}},
      expect: around('bypass', 'range'),
    },
    {
      name: 'asks for a range of lines',
      rfc: 'RFC 9110 §14.2',
      level: 'CHOICE',
      given: {request: {fields: {range: 'lines=0-1'}}},
      expect: around('bypass', 'range'),
    },
    {
      name: 'asks for a range by QUERY',
      rfc: 'RFC 9110 §14.2',
      level: 'CHOICE',
      given: {request: {method: 'QUERY', content: 'x', fields: {range: 'bytes=0-1'}}},
      expect: around('bypass', 'range'),
    },
    ...['if-match', 'if-unmodified-since'].map(
      (name): Row<Given, Expected> => ({
        name: `carries ${name}, which only the origin can judge`,
        rfc: '4.3.2',
        level: 'MUST',
        given: {request: {fields: {[name]: '"a"', 'if-none-match': '"a"'}}, stored: tagged},
        expect: around('bypass', 'condition'),
      }),
    ),
    {
      name: 'has a method whose responses are not cached',
      rfc: '4',
      level: 'MUST',
      given: {request: {method: 'PUT'}},
      expect: around('method'),
    },
    {
      name: 'has the method POST, whose answer may still stand for that of a GET',
      rfc: 'RFC 9110 §9.3.3',
      level: 'MAY',
      given: {request: {method: 'POST'}, stored: {method: 'GET'}},
      expect: forGet(),
    },
    {
      name: 'has the method POST, whatever it validates',
      rfc: 'RFC 9110 §9.3.3',
      level: 'MAY',
      given: {request: {method: 'POST', ...ifA}},
      expect: forGet(),
    },
    ...(['no-store', 'reload', 'no-cache', 'force-cache'] as const).map(mode => ({
      name: `has the method POST and the mode ${mode}`,
      rfc: 'Fetch',
      level: 'MUST' as const,
      given: {request: {method: 'POST', mode}},
      expect: mode === 'no-store' ? around('bypass', 'mode-no-store') : forGet(),
    })),
    {
      name: 'has the method POST and asks for a range',
      rfc: '3.3',
      level: 'MUST',
      given: {request: {method: 'POST', fields: {range: 'bytes=0-1'}}},
      expect: around('bypass', 'range'),
    },
    {
      name: 'has a method in lower case, which is another method',
      rfc: 'RFC 9110 §9.1',
      level: 'MUST',
      given: {request: {method: 'get'}},
      expect: around('method'),
    },
    {
      name: 'has a method that was cached under an earlier rule',
      rfc: '4',
      level: 'CHOICE',
      given: {request: {method: 'POST'}, stored: {method: 'POST'}},
      expect: forGet(),
    },
  ],
  'a request that refuses the network': [
    {
      name: 'is answered when it can be',
      rfc: '5.2.1.7',
      level: 'SHOULD',
      given: {asks: 'only-if-cached'},
      expect: reuse(),
    },
    {
      name: 'times out when nothing is stored',
      rfc: '5.2.1.7',
      level: 'SHOULD',
      given: {asks: 'only-if-cached', stored: []},
      expect: timeout,
    },
    {
      name: 'times out when what is stored is stale',
      rfc: '5.2.1.7',
      level: 'SHOULD',
      given: {asks: 'only-if-cached', stored: tagged, age: 70},
      expect: timeout,
    },
    {
      name: 'is answered within its own max-stale',
      rfc: '5.2.1.7',
      level: 'SHOULD',
      given: {asks: 'only-if-cached, max-stale=10', age: 70},
      expect: reuse({age: 70, stale: true}),
    },
    {
      name: 'times out when it also asks for validation',
      rfc: '5.2.1.7',
      level: 'SHOULD',
      given: {asks: 'only-if-cached, no-cache', stored: tagged},
      expect: timeout,
    },
    {
      name: 'times out though it also says no-store',
      rfc: '5.2.1.7',
      level: 'SHOULD',
      given: {asks: 'only-if-cached, no-store'},
      expect: timeout,
    },
    {
      name: 'times out though it asks for several ranges',
      rfc: '5.2.1.7',
      level: 'SHOULD',
      given: {request: {fields: {'cache-control': 'only-if-cached', range: 'bytes=0-1,4-5'}}},
      expect: timeout,
    },
    {
      name: 'times out though its method is not cached',
      rfc: '5.2.1.7',
      level: 'SHOULD',
      given: {request: {method: 'POST', fields: {'cache-control': 'only-if-cached'}}},
      expect: timeout,
    },
    {
      name: 'times out though its own condition is not met by what is stored',
      rfc: '5.2.1.7',
      level: 'SHOULD',
      given: {request: {fields: {'cache-control': 'only-if-cached', 'if-none-match': '"b"'}}, stored: tagged, age: 70},
      expect: timeout,
    },
    {
      name: 'times out after a clear with through',
      rfc: 'limpid',
      level: 'CHOICE',
      given: {request: {fields: {'cache-control': 'only-if-cached'}, through: true}, stored: []},
      expect: timeout,
    },
    {
      name: "fails with a network error in fetch's mode",
      rfc: 'Fetch',
      level: 'MUST',
      given: {...inMode('only-if-cached'), stored: []},
      expect: networkError,
    },
    {
      name: "fails with a network error in fetch's mode for several ranges, too",
      rfc: 'Fetch',
      level: 'MUST',
      given: {request: {mode: 'only-if-cached', fields: {range: 'bytes=0-1,4-5'}}},
      expect: networkError,
    },
    {
      name: "fails with a network error in fetch's mode after an expire",
      rfc: 'limpid',
      level: 'CHOICE',
      given: {...inMode('only-if-cached'), stored: {expired: true}},
      expect: networkError,
    },
  ],
  'a miss': [
    {name: 'is one when nothing is stored', rfc: '4', level: 'MUST', given: {stored: []}, expect: forward('uri-miss')},
    {
      name: "is one when only another user's response is stored, and does not tell",
      rfc: '7.3',
      level: 'CHOICE',
      given: {request: {partition: 'a'}, stored: {partition: 'b'}},
      expect: forward('uri-miss'),
    },
    {
      name: 'is one for other content',
      rfc: '2',
      level: 'MUST',
      given: {request: {method: 'QUERY', content: 'x'}, stored: {method: 'QUERY', content: 'y'}},
      expect: forward('uri-miss'),
    },
    {
      name: 'is one for a GET when an answer to HEAD is stored',
      rfc: '4',
      level: 'MUST',
      given: {stored: {method: 'HEAD'}},
      expect: forward('uri-miss'),
    },
    {
      name: 'is one for other values of nominated fields',
      rfc: '4.1',
      level: 'MUST',
      given: {request: {fields: {foo: '2'}}, stored: {nominated: [['foo', '1']]}},
      expect: forward('vary-miss'),
    },
    {
      name: 'is one when a nominated field is added unseen by another kind of client',
      rfc: '4.1',
      level: 'MUST',
      given: {stored: {nominated: [['user-agent', undefined]], client: 'other'}},
      expect: forward('vary-miss'),
    },
    {
      name: 'is one for other fields where Vary may be hidden, and says so',
      rfc: '4.1',
      level: 'CHOICE',
      given: {request: {fields: {foo: '2'}}, stored: {nominated: [['every field', '[["foo","1"]]']]}},
      expect: forward('vary-miss', 'hidden-vary'),
    },
    {
      name: 'keeps the condition of its caller',
      rfc: '4.3.1',
      level: 'MUST',
      given: {request: ifA, stored: []},
      expect: forward('uri-miss'),
    },
    {
      name: 'goes end to end after a clear with through',
      rfc: '5.2.1.4',
      level: 'CHOICE',
      given: {request: {through: true}, stored: []},
      expect: forward('uri-miss', 'through', {mode: 'reload', fields: {'cache-control': 'no-cache'}}),
    },
  ],
  'a method that can be answered': [
    {
      name: 'is HEAD, from an answer to GET',
      rfc: '4',
      level: 'MAY',
      given: {request: {method: 'HEAD'}},
      expect: reuse(),
    },
    {
      name: 'is HEAD, from an answer to HEAD',
      rfc: '4',
      level: 'MAY',
      given: {request: {method: 'HEAD'}, stored: {method: 'HEAD'}},
      expect: reuse(),
    },
    {
      name: 'is QUERY, from an answer to equal content',
      rfc: '2',
      level: 'MAY',
      given: {request: {method: 'QUERY', content: 'x'}, stored: {method: 'QUERY', content: 'x'}},
      expect: reuse(),
    },
    {
      name: 'is QUERY, validated by the tag of an answer to equal content',
      rfc: '4.3.1',
      level: 'MAY',
      given: {
        request: {method: 'QUERY', content: 'x'},
        stored: {method: 'QUERY', content: 'x', ...tagged},
        age: 70,
      },
      expect: validate('stale', 'stale', ifA),
    },
    {
      name: 'is POST where a rule declares it safe',
      rfc: '4',
      level: 'CHOICE',
      given: {
        request: {method: 'POST', content: 'x'},
        stored: {method: 'POST', content: 'x'},
        policy: {methods: ['POST']},
      },
      expect: reuse(),
    },
    {
      name: 'is POST, but never validated: its condition would be answered with a 412',
      rfc: 'RFC 9110 §13.1.2',
      level: 'MUST',
      given: {
        request: {method: 'POST', content: 'x'},
        stored: {method: 'POST', content: 'x', ...tagged},
        policy: {methods: ['POST']},
        age: 70,
      },
      expect: forward('stale', 'stale'),
    },
    {
      name: 'is POST, answered whole although a condition of its own would match',
      rfc: 'RFC 9110 §13.1.2',
      level: 'CHOICE',
      given: {
        request: {method: 'POST', content: 'x', ...ifA},
        stored: {method: 'POST', content: 'x', ...tagged},
        policy: {methods: ['POST']},
      },
      expect: reuse(),
    },
  ],
  'a fresh response': [
    {name: 'answers at once', rfc: '4', level: 'MAY', given: {age: 59}, expect: reuse({age: 59})},
    {
      name: 'answers with the age it came with',
      rfc: '4.2.3',
      level: 'MUST',
      given: {stored: {fields: {...max60, age: '5'}}},
      expect: reuse({age: 15}),
    },
    {
      name: 'answers although it must be revalidated once stale',
      rfc: '5.2.2.2',
      level: 'MAY',
      given: {says: 'max-age=60, must-revalidate'},
      expect: reuse(),
    },
    {
      name: 'that may be shared answers any user',
      rfc: '3.5',
      level: 'MAY',
      given: {request: {partition: 'a'}, stored: {partition: shareable}},
      expect: reuse(),
    },
    {
      name: 'of a shared cache answers by s-maxage',
      rfc: '5.2.2.10',
      level: 'MUST',
      given: {says: 'max-age=1, s-maxage=60', stored: {policy: policy({kind: 'shared'})}, policy: {kind: 'shared'}},
      expect: reuse(),
    },
    {
      name: 'is the most recent of those that match',
      rfc: '4',
      level: 'MUST',
      given: {stored: [{id: '1', responseTime: at(-5)}, {id: '2'}]},
      expect: reuse({id: '2'}),
    },
    {
      name: 'is preferred with nominated fields to a more recent one without',
      rfc: '4.1',
      level: 'SHOULD',
      given: {
        request: {fields: {foo: '1'}},
        stored: [{id: '1', responseTime: at(-5), nominated: [['foo', '1']]}, {id: '2'}],
      },
      expect: reuse({id: '1', age: 15}),
    },
    {
      name: 'answers in full although it may be revalidated in the background later',
      rfc: 'RFC 5861 §3',
      level: 'MAY',
      given: {says: 'max-age=60, stale-while-revalidate=30', stored: {}},
      expect: reuse(),
    },
  ],
  'a stale response': [
    {
      name: 'without validator is fetched anew',
      rfc: '4',
      level: 'MUST',
      given: {age: 60},
      expect: forward('stale', 'stale'),
    },
    {
      name: 'is validated by its entity tag',
      rfc: '4.3.1',
      level: 'MUST',
      given: {stored: tagged, age: 60},
      expect: validate('stale', 'stale', ifA),
    },
    {
      name: 'is validated by its date, to the letter',
      rfc: '4.3.1',
      level: 'SHOULD',
      given: {stored: dated, age: 60},
      expect: validate('stale', 'stale', ifModified),
    },
    {
      name: 'is validated by both',
      rfc: '4.3.1',
      level: 'MAY',
      given: {stored: {fields: {...tagged.fields, ...dated.fields}}, age: 60},
      expect: validate('stale', 'stale', {fields: {...ifA.fields, ...ifModified.fields}}),
    },
    {
      name: 'is validated with the tags of its siblings, the most recent first',
      rfc: '4.3.1',
      level: 'MAY',
      given: {
        stored: [
          {id: '1', responseTime: at(-5), ...tagged},
          {id: '2', fields: {...max60, etag: 'W/"b"'}},
        ],
        age: 60,
      },
      expect: validate('stale', 'stale', {fields: {'if-none-match': 'W/"b", "a"'}}, ['2', '1']),
    },
    {
      name: 'is validated without the tags of what does not match',
      rfc: '4.3.1',
      level: 'MUST',
      given: {
        stored: [
          {id: '1', ...tagged},
          {id: '2', fields: {...max60, etag: '"b"'}, partition: 'b'},
        ],
        age: 60,
      },
      expect: validate('stale', 'stale', ifA, ['1']),
    },
    {
      name: 'is validated without the tag of a variant the request cannot have',
      rfc: '4.3.1',
      level: 'MUST',
      given: {
        request: {fields: {foo: '1'}},
        stored: [
          {id: '1', ...tagged, nominated: [['foo', '1']]},
          {id: '2', fields: {...max60, etag: '"b"'}, nominated: [['foo', '2']]},
        ],
        age: 60,
      },
      expect: validate('stale', 'stale', ifA, ['1']),
    },
    {
      name: 'is validated by HEAD for HEAD',
      rfc: '4.3.5',
      level: 'MAY',
      given: {request: {method: 'HEAD'}, stored: tagged, age: 60},
      expect: validate('stale', 'stale', ifA),
    },
    {
      name: 'is what the clock going back makes of a fresh one',
      rfc: '4.2.3',
      level: 'CHOICE',
      given: {stored: tagged, age: -5},
      expect: validate('stale', 'stale', ifA),
    },
    {
      name: 'answers within max-stale',
      rfc: '5.2.1.2',
      level: 'MAY',
      given: {asks: 'max-stale=10', stored: tagged, age: 70},
      expect: reuse({age: 70, stale: true}),
    },
    {
      name: 'does not answer beyond max-stale',
      rfc: '5.2.1.2',
      level: 'SHOULD',
      given: {asks: 'max-stale=10', stored: tagged, age: 71},
      expect: validate('stale', 'stale', ifA),
    },
    {
      name: 'does not answer against must-revalidate',
      rfc: '5.2.2.2',
      level: 'MUST',
      given: {asks: 'max-stale', says: 'max-age=60, must-revalidate', age: 61},
      expect: forward('stale', 'stale'),
    },
    {
      name: 'does not answer against proxy-revalidate in a shared cache',
      rfc: '5.2.2.8',
      level: 'MUST',
      given: {
        asks: 'max-stale',
        says: 'max-age=60, proxy-revalidate',
        stored: {policy: policy({kind: 'shared'})},
        policy: {kind: 'shared'},
        age: 61,
      },
      expect: forward('stale', 'stale'),
    },
    {
      name: 'answers against proxy-revalidate in a private cache',
      rfc: '5.2.2.8',
      level: 'MAY',
      given: {asks: 'max-stale', says: 'max-age=60, proxy-revalidate', age: 61},
      expect: reuse({age: 61, stale: true}),
    },
    {
      name: 'does not answer against s-maxage in a shared cache',
      rfc: '5.2.2.10',
      level: 'MUST',
      given: {
        asks: 'max-stale',
        says: 's-maxage=60',
        stored: {policy: policy({kind: 'shared'})},
        policy: {kind: 'shared'},
        age: 61,
      },
      expect: forward('stale', 'stale'),
    },
    {
      name: 'answers within its window and is validated later',
      rfc: 'RFC 5861 §3',
      level: 'MAY',
      given: {stored: {fields: {'cache-control': 'max-age=60, stale-while-revalidate=30', etag: '"a"'}}, age: 70},
      expect: reuse({age: 70, stale: true, later: ifA}),
    },
    {
      name: 'answers within its window and is fetched later when it has no validator',
      rfc: 'RFC 5861 §3',
      level: 'MAY',
      given: {says: 'max-age=60, stale-while-revalidate=30', age: 70},
      expect: reuse({age: 70, stale: true, later: {}}),
    },
    {
      name: 'does not answer beyond its window',
      rfc: 'RFC 5861 §3',
      level: 'MUST',
      given: {says: 'max-age=60, stale-while-revalidate=30', age: 90},
      expect: forward('stale', 'stale'),
    },
    {
      name: 'within its window does not answer a request with a limit it exceeds',
      rfc: '5.2.1.1',
      level: 'CHOICE',
      given: {asks: 'max-age=65', says: 'max-age=60, stale-while-revalidate=30', age: 70},
      expect: forward('stale', 'stale'),
    },
    {
      name: 'within its window and within max-stale is not validated later',
      rfc: '5.2.1.2',
      level: 'CHOICE',
      given: {asks: 'max-stale', says: 'max-age=60, stale-while-revalidate=30', age: 70},
      expect: reuse({age: 70, stale: true}),
    },
  ],
  'a request that limits age': [
    {
      name: 'takes what is just as old as it accepts',
      rfc: '5.2.1.1',
      level: 'SHOULD',
      given: {asks: 'max-age=10'},
      expect: reuse(),
    },
    {
      name: 'has what is older validated',
      rfc: '5.2.1.1',
      level: 'SHOULD',
      given: {asks: 'max-age=9', stored: tagged},
      expect: validate('request', 'max-age', ifA),
    },
    {
      name: 'does not get by max-stale what is older',
      rfc: '5.2.1.1',
      level: 'CHOICE',
      given: {asks: 'max-age=9, max-stale', stored: tagged},
      expect: validate('request', 'max-age', ifA),
    },
    {
      name: 'has what is not fresh for long enough fetched',
      rfc: '5.2.1.3',
      level: 'SHOULD',
      given: {asks: 'min-fresh=51'},
      expect: forward('request', 'min-fresh'),
    },
    {
      name: 'takes what is immutable for a reload',
      rfc: 'RFC 8246 §2',
      level: 'SHOULD',
      given: {asks: 'max-age=0', says: 'max-age=60, immutable'},
      expect: reuse(),
    },
    {
      name: 'does not take what was immutable once it is stale',
      rfc: 'RFC 8246 §2',
      level: 'MUST',
      given: {asks: 'max-age=0', says: 'max-age=60, immutable', age: 60},
      expect: forward('stale', 'stale'),
    },
  ],
  'a request for validation': [
    {
      name: 'by no-cache sends the tag',
      rfc: '5.2.1.4',
      level: 'MUST',
      given: {asks: 'no-cache', stored: tagged},
      expect: validate('request', 'no-cache', ifA),
    },
    {
      name: 'by no-cache sends the tag of what is immutable, too',
      rfc: 'RFC 8246 §2',
      level: 'MAY',
      given: {asks: 'no-cache', stored: {fields: {'cache-control': 'max-age=60, immutable', etag: '"a"'}}},
      expect: validate('request', 'no-cache', ifA),
    },
    {
      name: 'by no-cache fetches what has no validator',
      rfc: '5.2.1.4',
      level: 'MUST',
      given: {asks: 'no-cache'},
      expect: forward('request', 'no-cache'),
    },
    {
      name: 'by Pragma counts without Cache-Control',
      rfc: '5.4',
      level: 'SHOULD',
      given: {request: {fields: {pragma: 'no-cache'}}, stored: tagged},
      expect: validate('request', 'no-cache', ifA),
    },
    {
      name: 'by the mode no-cache sends the tag',
      rfc: 'Fetch',
      level: 'MUST',
      given: {...inMode('no-cache'), stored: tagged},
      expect: validate('request', 'no-cache', ifA),
    },
    {
      name: 'by the mode no-cache sends the tag of what is immutable, too',
      rfc: 'RFC 8246 §2',
      level: 'CHOICE',
      given: {
        ...inMode('no-cache'),
        stored: {fields: {'cache-control': 'max-age=60, immutable', etag: '"a"'}},
      },
      expect: validate('request', 'no-cache', ifA),
    },
    {
      name: 'by the mode reload sends no condition',
      rfc: 'Fetch',
      level: 'MUST',
      given: {...inMode('reload'), stored: tagged},
      expect: forward('request', 'reload'),
    },
    {
      name: 'by the response itself sends the tag',
      rfc: '5.2.2.4',
      level: 'MUST',
      given: {stored: {fields: {'cache-control': 'max-age=60, no-cache', etag: '"a"'}}},
      expect: validate('stale', 'always-validate', ifA),
    },
    {
      name: 'by the response itself holds against max-stale',
      rfc: '5.2.2.4',
      level: 'MUST',
      given: {asks: 'max-stale', says: 'max-age=60, no-cache'},
      expect: forward('stale', 'always-validate'),
    },
    {
      name: 'by an expire sends the tag, whatever the request permits',
      rfc: 'limpid',
      level: 'CHOICE',
      given: {asks: 'max-stale', stored: {...tagged, expired: true}},
      expect: validate('stale', 'expired', ifA),
    },
    {
      name: 'by an expire holds against the mode force-cache',
      rfc: 'limpid',
      level: 'CHOICE',
      given: {...inMode('force-cache'), stored: {...tagged, expired: true}},
      expect: validate('stale', 'expired', ifA),
    },
    {
      name: 'by a clear with through goes end to end',
      rfc: '5.2.1.4',
      level: 'CHOICE',
      given: {request: {through: true}, stored: tagged},
      expect: validate('request', 'through', {
        mode: 'reload',
        fields: {...ifA.fields, 'cache-control': 'no-cache'},
      }),
    },
    {
      name: 'by a clear with through keeps the directives of its caller',
      rfc: '5.2',
      level: 'MUST',
      given: {request: {through: true, fields: {'cache-control': 'no-transform'}}},
      expect: forward('request', 'through', {mode: 'reload', fields: {'cache-control': 'no-transform, no-cache'}}),
    },
    {
      name: 'by a clear with through takes nothing from a request that is not to be stored',
      rfc: '5.2.1.5',
      level: 'MUST',
      given: {request: {through: true, fields: {'cache-control': 'no-store'}}},
      expect: around('bypass', 'request-no-store', {mode: 'reload', fields: {'cache-control': 'no-store, no-cache'}}),
    },
    {
      name: 'by a clear with through leaves the mode no-store, which goes end to end by itself',
      rfc: 'Fetch',
      level: 'CHOICE',
      given: {request: {through: true, mode: 'no-store'}},
      expect: around('bypass', 'mode-no-store', {fields: {'cache-control': 'no-cache'}}),
    },
    {
      name: 'by Vary: Cookie in a browser, which hides cookies, sends the tag',
      rfc: '4.1',
      level: 'CHOICE',
      given: {request: {client: 'browser'}, stored: {fields: {...tagged.fields, vary: 'Cookie'}}},
      expect: validate('stale', 'hidden-cookies', ifA),
    },
  ],
  'a cache mode': [
    {name: 'default takes what is fresh', rfc: 'Fetch', level: 'MAY', given: inMode('default'), expect: reuse()},
    {
      name: 'force-cache takes any age',
      rfc: 'Fetch',
      level: 'MAY',
      given: {...inMode('force-cache'), age: 1e6},
      expect: reuse({age: 1e6, stale: true}),
    },
    {
      name: 'force-cache takes what must be validated',
      rfc: '5.2.2.4',
      level: 'CHOICE',
      given: {...inMode('force-cache'), says: 'max-age=60, no-cache'},
      expect: reuse(),
    },
    {
      name: 'force-cache calls stale what is stale and must be validated',
      rfc: '4.2',
      level: 'MUST',
      given: {...inMode('force-cache'), says: 'max-age=60, no-cache', age: 70},
      expect: reuse({age: 70, stale: true}),
    },
    {
      name: 'force-cache calls stale what is stale even when the request says no-cache',
      rfc: '4.2',
      level: 'MUST',
      given: {request: {mode: 'force-cache', fields: {'cache-control': 'no-cache'}}, age: 70},
      expect: reuse({age: 70, stale: true}),
    },
    {
      name: 'force-cache goes to the network for what is not stored',
      rfc: 'Fetch',
      level: 'MUST',
      given: {...inMode('force-cache'), stored: []},
      expect: forward('uri-miss'),
    },
    {
      name: 'force-cache does not validate later',
      rfc: 'Fetch',
      level: 'CHOICE',
      given: {...inMode('force-cache'), says: 'max-age=60, stale-while-revalidate=30', age: 70},
      expect: reuse({age: 70, stale: true}),
    },
    {
      name: 'only-if-cached takes any age',
      rfc: 'Fetch',
      level: 'MAY',
      given: {...inMode('only-if-cached'), age: 1e6},
      expect: reuse({age: 1e6, stale: true}),
    },
  ],
  "a caller's own condition": [
    {
      name: 'that is met by a fresh response is answered with a 304',
      rfc: '4.3.2',
      level: 'SHOULD',
      given: {request: ifA, stored: tagged},
      expect: reuse({as: 'not-modified'}),
    },
    {
      name: 'that is not met is answered in full',
      rfc: '4.3.2',
      level: 'SHOULD',
      given: {request: {fields: {'if-none-match': '"b"'}}, stored: tagged},
      expect: reuse(),
    },
    {
      name: 'of a date that is met is answered with a 304',
      rfc: '4.3.2',
      level: 'SHOULD',
      given: {request: ifModified, stored: dated},
      expect: reuse({as: 'not-modified'}),
    },
    {
      name: 'of a date is ignored beside a tag',
      rfc: 'RFC 9110 §13.1.3',
      level: 'MUST',
      given: {
        request: {fields: {'if-none-match': '"b"', ...ifModified.fields}},
        stored: {fields: {...tagged.fields, ...dated.fields}},
      },
      expect: reuse(),
    },
    {
      name: 'has no effect on a stored error',
      rfc: 'RFC 9110 §13.2.1',
      level: 'MUST',
      given: {request: ifA, stored: {status: 404, ...tagged}},
      expect: reuse(),
    },
    {
      name: 'is answered with a 304 for HEAD as well',
      rfc: '4.3.2',
      level: 'SHOULD',
      given: {request: {method: 'HEAD', ...ifA}, stored: tagged},
      expect: reuse({as: 'not-modified'}),
    },
    {
      name: 'is answered by a stale response its caller permits',
      rfc: '4.3.2',
      level: 'SHOULD',
      given: {request: {fields: {...ifA.fields, 'cache-control': 'max-stale'}}, stored: tagged, age: 70},
      expect: reuse({age: 70, stale: true, as: 'not-modified'}),
    },
    {
      name: 'is answered by a stale response within its window, which is fetched later under the same condition',
      rfc: 'RFC 5861 §3',
      level: 'CHOICE',
      given: {
        request: ifA,
        stored: {fields: {'cache-control': 'max-age=60, stale-while-revalidate=30', etag: '"a"'}},
        age: 70,
      },
      expect: reuse({age: 70, stale: true, as: 'not-modified', later: {}}),
    },
    {
      name: 'is sent to the origin untouched when what is stored is stale',
      rfc: '4.3.1',
      level: 'MUST',
      given: {request: {fields: {'if-none-match': '"b"'}}, stored: tagged, age: 70},
      expect: forward('stale', 'caller-condition'),
    },
    {
      name: 'is sent to the origin untouched when the caller asks for validation',
      rfc: '4.3.1',
      level: 'MUST',
      given: {request: {fields: {...ifA.fields, 'cache-control': 'no-cache'}}, stored: tagged},
      expect: forward('request', 'caller-condition'),
    },
    {
      name: 'goes end to end after a clear with through',
      rfc: '5.2.1.4',
      level: 'CHOICE',
      given: {request: {through: true, ...ifA}, stored: tagged},
      expect: forward('request', 'caller-condition', {mode: 'reload', fields: {'cache-control': 'no-cache'}}),
    },
  ],
};

describe.each(Object.entries(rows))('%s', (_, table) => {
  test.each(table)('$name', row => {
    const {asked, kept, rules, now} = built(row.given);
    expect(decideOnRequest(asked, kept, rules, now)).toEqual(row.expect(asked, kept));
  });
});

describe('any request, whatever is stored', () => {
  const anyCandidates = fc.array(anyStored, {maxLength: 4});

  test('gets a decision, the same each time, and a reason when it goes to the network', () => {
    fc.assert(
      fc.property(anyRequest, anyCandidates, anyPolicy, anyAge, (asked, kept, rules, age) => {
        const decision = decideOnRequest(asked, kept, rules, at(age));
        expect(decideOnRequest(asked, kept, rules, at(age))).toEqual(decision);
        if (decision.type !== 'forward' && decision.type !== 'validate') return;
        const {because, detail} = decision;
        expect(because in forwardReasons).toBe(true);
        const speaksForItself = because === 'method' || because === 'uri-miss' || because === 'vary-miss';
        expect(detail === undefined ? speaksForItself : detail in forwardDetails).toBe(true);
      }),
    );
  });

  test('never reaches the network against only-if-cached, and is never answered against no-store', () => {
    fc.assert(
      fc.property(anyRequest, anyCandidates, anyPolicy, anyAge, (asked, kept, rules, age) => {
        const {type} = decideOnRequest(asked, kept, rules, at(age));
        const refusesNetwork = asked.directives.onlyIfCached || asked.head.mode === 'only-if-cached';
        if (refusesNetwork) expect(['reuse', 'unsatisfiable']).toContain(type);
        if (asked.directives.noStore || asked.head.mode === 'no-store') expect(type).not.toBe('reuse');
      }),
    );
  });

  test('is decided alike when a response that does not match is removed', () => {
    fc.assert(
      fc.property(anyRequest, anyCandidates, anyPolicy, anyAge, (asked, kept, rules, age) => {
        const matching = kept.filter(one => whyNotMatching(asked, one) === undefined);
        const withAll = decideOnRequest(asked, kept, rules, at(age));
        const without = decideOnRequest(asked, matching, rules, at(age));
        // That there are other variants is all that a miss may tell of them.
        const isVaryMiss = withAll.type === 'forward' && withAll.because === 'vary-miss';
        expect(without).toEqual(isVaryMiss ? {...withAll, because: 'uri-miss'} : withAll);
      }),
    );
  });

  /** An answer from the network is as young as can be. */
  const ageOf = (decision: RequestDecision): number => (decision.type === 'reuse' ? decision.age : 0);

  /** Pairs of directives, the second at least as demanding. `immutable` answers max-age=0, and is left out. RFC 8246 */
  const demands = fc.oneof(
    fc.tuple(fc.nat(90), fc.nat(90)).map(([a, b]) => [`max-age=${Math.max(a, b)}`, `max-age=${Math.min(a, b)}`]),
    fc.tuple(fc.nat(90), fc.nat(90)).map(([a, b]) => [`min-fresh=${Math.min(a, b)}`, `min-fresh=${Math.max(a, b)}`]),
    fc.tuple(fc.nat(90), fc.nat(90)).map(([a, b]) => [`max-stale=${Math.max(a, b)}`, `max-stale=${Math.min(a, b)}`]),
    fc.constantFrom('max-age=9', 'min-fresh=9', 'no-cache', 'no-store').map(demand => ['x', demand]),
  );
  const others = fc.constantFrom('x', 'max-stale', 'max-stale=20', 'no-transform');
  const anyMode = fc.constantFrom<CacheMode>('default', 'no-cache', 'force-cache');

  test('gets no older answer by asking for a fresher one', () => {
    fc.assert(
      fc.property(demands, others, anyMode, anyCandidates, anyAge, ([loose, strict], other, mode, kept, age) => {
        fc.pre(kept.every(({facts}) => !facts.immutable));
        const ageFor = (demand = ''): number => {
          const asked = request({mode, fields: {foo: '1', 'cache-control': `${demand}, ${other}`}});
          return ageOf(decideOnRequest(asked, kept, policy(), at(age)));
        };
        expect(ageFor(strict)).toBeLessThanOrEqual(ageFor(loose));
      }),
    );
  });
});

test('what was expired and has nothing to validate it by is not asked for below as if nothing had happened', () => {
  const expired = [stored({fields: {'cache-control': 'max-age=60'}, expired: true})];
  const modeSent = (given: Parameters<typeof request>[0], candidates = expired): string | undefined => {
    const decision = decideOnRequest(request(given), candidates, policy(), at(10));
    return decision.type === 'forward' ? decision.request.mode : undefined;
  };
  expect(modeSent({})).toBe('no-cache');
  expect(modeSent({mode: 'no-store'})).toBe('no-store');
  expect(modeSent({}, [stored({fields: {'cache-control': 'no-cache'}})])).toBe('default');
});
