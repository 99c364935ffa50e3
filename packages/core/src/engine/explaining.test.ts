import {describe, expect, test} from 'vitest';
import {at, policy, type Row, request, stored} from '../../test/builders.ts';
import type {ForwardDetail} from '../policy/reasons.ts';
import type {Look} from './beginning.ts';
import {type ExplainedResponse, type Explanation, explained} from './explaining.ts';

type Kept = Parameters<typeof stored>[0];

/** Ten seconds after its receipt, one response with max-age=60 is stored; `asks` and `says` are Cache-Control. */
type Given = {
  readonly asks?: string;
  readonly request?: Parameters<typeof request>[0];
  readonly says?: string;
  readonly stored?: readonly Kept[];
  readonly age?: number;
  readonly around?: ForwardDetail;
};

type Reason = Pick<ExplainedResponse, 'because' | 'section' | 'text'>;
type Expected = Partial<Omit<Explanation, 'stored'>> & {readonly stored: readonly Reason[]};

const unruled: Look['resolved'] = {
  policy: policy(),
  ignoreSearch: undefined,
  partition: undefined,
  storeIf: undefined,
  key: undefined,
  mode: undefined,
  clears: undefined,
  waitUntil: undefined,
};

function explanationOf({asks, says = 'max-age=60', age = 10, ...given}: Given): Explanation {
  const asked = request({...(asks === undefined ? {} : {fields: {'cache-control': asks}}), ...given.request});
  const candidates = (given.stored ?? [{}]).map(one => stored({fields: {'cache-control': says}, ...one}));
  const look: Look = {
    request: asked,
    resolved: unruled,
    lookup: {began: 7, candidates, through: asked.through ? 7 : undefined},
    hides: false,
    around: given.around,
  };
  return explained(look, at(age));
}

const answers: Reason = {because: undefined, section: undefined, text: 'would answer the request'};
const notPreferred: Reason = {
  because: 'not-preferred',
  section: 'RFC 9111 §4.1',
  text: 'another goes first: the most recent, or a fresh variant',
};
const stale: Reason = {because: 'stale', section: 'RFC 9111 §4.2', text: 'its freshness lifetime has passed'};
const tagged = {fields: {'cache-control': 'max-age=60', etag: '"a"'}};

const lacking: Reason = {
  because: 'partial',
  section: 'RFC 9111 §3.3',
  text: 'a part that does not hold all of what is asked',
};
const part = (first: number, last: number): Kept => ({
  status: 206,
  fields: {...tagged.fields, 'content-range': `bytes ${first}-${last}/10`},
});

const rows: readonly Row<Given, Expected>[] = [
  {
    name: 'a fresh response that answers',
    rfc: '4',
    level: 'MAY',
    given: {},
    expect: {decision: 'reuse', section: 'RFC 9111 §4', text: 'answered from the store', stored: [answers]},
  },
  {
    name: 'a stale response that answers',
    rfc: '4.2.4',
    level: 'MAY',
    given: {asks: 'max-stale', age: 70},
    expect: {
      decision: 'reuse',
      section: 'RFC 9111 §4.2.4',
      text: 'answered from the store, stale',
      stored: [answers],
    },
  },
  {
    name: 'a stale response that answers and is validated later',
    rfc: 'RFC 5861 §3',
    level: 'MAY',
    given: {says: 'max-age=60, stale-while-revalidate=30', age: 70},
    expect: {
      decision: 'reuse',
      validatesLater: true,
      section: 'RFC 9111 §4.2.4',
      text: 'answered from the store, stale',
      stored: [answers],
    },
  },
  {
    name: 'a validation',
    rfc: '4.3.1',
    level: 'MUST',
    given: {stored: [tagged], age: 70},
    expect: {
      decision: 'validate',
      because: 'stale',
      detail: 'stale',
      section: 'RFC 9111 §4.2',
      text: 'validated: its freshness lifetime has passed',
      stored: [stale],
    },
  },
  {
    name: 'a validation the request asks for',
    rfc: '5.2.1.4',
    level: 'MUST',
    given: {asks: 'no-cache', stored: [tagged]},
    expect: {
      decision: 'validate',
      because: 'request',
      detail: 'no-cache',
      section: 'RFC 9111 §5.2.1.4',
      text: 'validated: the request asked for validation',
      stored: [{because: 'no-cache', section: 'RFC 9111 §5.2.1.4', text: 'the request asked for validation'}],
    },
  },
  {
    name: 'nothing stored',
    rfc: '4',
    level: 'MUST',
    given: {stored: []},
    expect: {
      decision: 'forward',
      because: 'uri-miss',
      section: 'RFC 9111 §4',
      text: 'sent to the network: nothing usable is stored for its user',
      stored: [],
    },
  },
  {
    name: "other users' responses, which are not shown",
    rfc: '7.3',
    level: 'CHOICE',
    given: {request: {partition: 'a'}, stored: [{partition: 'b'}, {partition: 'c'}]},
    expect: {
      decision: 'forward',
      because: 'uri-miss',
      section: 'RFC 9111 §4',
      text: 'sent to the network: nothing usable is stored for its user',
      stored: [],
    },
  },
  {
    name: 'a variant',
    rfc: '4.1',
    level: 'MUST',
    given: {stored: [{nominated: [['foo', '1']]}]},
    expect: {
      decision: 'forward',
      because: 'vary-miss',
      section: 'RFC 9111 §4.1',
      text: 'sent to the network: made for other values of the fields that Vary names',
      stored: [{because: 'vary', section: 'RFC 9111 §4.1', text: 'a nominated field differs'}],
    },
  },
  {
    name: 'every stored response by its own reason',
    rfc: '4',
    level: 'MUST',
    given: {
      request: {partition: 'a'},
      stored: [
        {partition: 'a', responseTime: at(-5)},
        {partition: 'a'},
        {partition: 'a', method: 'HEAD'},
        {partition: 'a', content: 'x'},
        {partition: 'a', variant: 'x'},
        {partition: 'a', client: 'x'},
        {partition: 'b'},
      ],
    },
    expect: {
      decision: 'reuse',
      section: 'RFC 9111 §4',
      text: 'answered from the store',
      stored: [
        notPreferred,
        answers,
        {because: 'method', section: 'RFC 9111 §4', text: 'made by another method'},
        {because: 'content', section: 'RFC 9111 §2', text: 'made for other request content'},
        {because: 'variant', section: 'Fetch', text: 'made under other settings'},
        {
          because: 'client',
          section: 'RFC 9111 §4.1',
          text: 'Vary names a field that other clients add unseen',
        },
      ],
    },
  },
  {
    name: 'an expire',
    rfc: 'limpid',
    level: 'CHOICE',
    given: {stored: [{expired: true}]},
    expect: {
      decision: 'forward',
      because: 'stale',
      detail: 'expired',
      section: 'limpid expire',
      text: 'sent to the network: expired by the application',
      stored: [{because: 'expired', section: 'limpid expire', text: 'expired by the application'}],
    },
  },
  {
    name: 'a request that refuses the network',
    rfc: '5.2.1.7',
    level: 'SHOULD',
    given: {asks: 'only-if-cached', age: 70},
    expect: {
      decision: 'unsatisfiable',
      section: 'RFC 9111 §5.2.1.7',
      text: 'nothing stored answers it, and it asked for nothing else',
      stored: [stale],
    },
  },
  {
    name: 'a request around a response that could answer it',
    rfc: '5.2.1.5',
    level: 'CHOICE',
    given: {asks: 'no-store'},
    expect: {
      decision: 'forward',
      because: 'bypass',
      detail: 'request-no-store',
      section: 'RFC 9111 §5.2.1.5',
      text: 'sent to the network: the request has Cache-Control: no-store',
      stored: [
        {
          because: undefined,
          section: 'RFC 9111 §5.2.1.5',
          text: 'sent to the network: the request has Cache-Control: no-store',
        },
      ],
    },
  },
  {
    name: 'a paused cache, which answers nothing',
    rfc: 'limpid',
    level: 'CHOICE',
    given: {around: 'paused'},
    expect: {
      decision: 'forward',
      because: 'bypass',
      detail: 'paused',
      section: 'limpid pause',
      text: 'sent to the network: the cache is paused',
      stored: [{because: undefined, section: 'limpid pause', text: 'sent to the network: the cache is paused'}],
    },
  },
  {
    name: 'a request around the cache that refuses the network',
    rfc: '5.2.1.7',
    level: 'SHOULD',
    given: {around: 'unkeyed', asks: 'only-if-cached'},
    expect: {
      decision: 'unsatisfiable',
      section: 'RFC 9111 §5.2.1.7',
      text: 'nothing stored answers it, and it asked for nothing else',
      stored: [
        {
          because: undefined,
          section: 'RFC 9111 §5.2.1.7',
          text: 'nothing stored answers it, and it asked for nothing else',
        },
      ],
    },
  },
  {
    name: 'a closed cache, which refuses nothing',
    rfc: 'limpid',
    level: 'CHOICE',
    given: {around: 'closed', asks: 'only-if-cached'},
    expect: {
      decision: 'forward',
      because: 'bypass',
      detail: 'closed',
      section: 'limpid close',
      text: 'sent to the network: the cache is closed',
      stored: [{because: undefined, section: 'limpid close', text: 'sent to the network: the cache is closed'}],
    },
  },
  {
    name: 'an unsafe method',
    rfc: '4',
    level: 'MUST',
    given: {request: {method: 'POST'}},
    expect: {
      decision: 'forward',
      because: 'method',
      section: 'RFC 9111 §4',
      text: 'sent to the network: responses to its method are not reused',
      stored: [{because: 'method', section: 'RFC 9111 §4', text: 'made by another method'}],
    },
  },
  {
    name: 'a part that holds the range asked for',
    rfc: '3.3',
    level: 'MAY',
    given: {request: {fields: {range: 'bytes=1-2'}}, stored: [part(0, 4), part(5, 9)]},
    expect: {decision: 'reuse', section: 'RFC 9111 §4', text: 'answered from the store', stored: [answers, lacking]},
  },
  {
    name: 'parts that answer together',
    rfc: '3.4',
    level: 'MAY',
    given: {stored: [part(0, 4), part(5, 9)]},
    expect: {decision: 'reuse', section: 'RFC 9111 §4', text: 'answered from the store', stored: [answers, answers]},
  },
  {
    name: 'parts that are validated together',
    rfc: '3.4',
    level: 'MAY',
    given: {stored: [part(0, 4), part(5, 9)], age: 60},
    expect: {
      decision: 'validate',
      because: 'stale',
      detail: 'stale',
      section: 'RFC 9111 §4.2',
      text: 'validated: its freshness lifetime has passed',
      stored: [stale, stale],
    },
  },
  {
    name: 'a part that lacks the rest',
    rfc: '3.4',
    level: 'MAY',
    given: {stored: [part(0, 4)]},
    expect: {
      decision: 'complete',
      because: 'partial',
      section: 'RFC 9111 §3.4',
      text: 'sent to the network for what the stored parts lack',
      stored: [lacking],
    },
  },
  {
    name: 'what was decoded, of which a range cannot be told',
    rfc: 'RFC 9110 §14.1.2',
    level: 'MUST',
    given: {
      request: {fields: {range: 'bytes=1-2'}},
      stored: [{fields: {...tagged.fields, 'content-encoding': 'br'}, size: 9}],
    },
    expect: {
      decision: 'forward',
      because: 'uri-miss',
      detail: 'encoded',
      section: 'RFC 9110 §14.1.2',
      text: 'sent to the network: kept decoded; ranges count the bytes as sent',
      stored: [
        {
          because: 'encoded',
          section: 'RFC 9110 §14.1.2',
          text: 'kept decoded; ranges count the bytes as sent',
        },
      ],
    },
  },
];

describe('explains', () => {
  test.each(rows)('$name', ({given, expect: expected}) => {
    const explanation = explanationOf(given);
    expect({
      ...explanation,
      stored: explanation.stored.map(({because, section, text}) => ({because, section, text})),
    }).toEqual({validatesLater: false, because: undefined, detail: undefined, ...expected});
  });

  test('what a stored response looks like, its age and its lifetime', () => {
    const [shown] = explanationOf({stored: [{...tagged, size: 5, tags: ['t']}], age: 70}).stored;
    expect(shown).toMatchObject({
      url: 'https://example.com/',
      method: 'GET',
      status: 200,
      tags: ['t'],
      partition: '',
      size: 5,
      stale: true,
      age: 70,
      lifetime: 60,
    });
    expect(shown?.headers.get('ETag')).toBe('"a"');
  });
});
