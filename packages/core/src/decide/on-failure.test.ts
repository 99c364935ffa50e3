import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {anyAge, anyPolicy, anyRequest, anyStored} from '../../test/any.ts';
import {at, policy, type Row, request, requestHead, stored} from '../../test/builders.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {Policy} from '../model/policy.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {whyNotMatching} from '../policy/choosing.ts';
import type {Reuse} from './decisions.ts';
import type {ExchangeFacts} from './exchange.ts';
import {decideOnFailure} from './on-failure.ts';
import {decideOnRequest} from './on-request.ts';

/** One response with max-age=60 and stale-if-error=30 is stored, and the origin fails when it is 70 seconds old. */
type Given = {
  readonly asks?: string;
  readonly request?: Parameters<typeof request>[0];
  readonly says?: string;
  readonly stored?: Parameters<typeof stored>[0] | readonly Parameters<typeof stored>[0][];
  readonly age?: number;
};

/** Whether it stands in: which response, how old, and is it stale? */
type Expected = Partial<Omit<Reuse, 'type' | 'stored'> & {readonly id: string}> | undefined;

/** The exchange that follows from the decision on the request. */
function exchangeOf(
  asked: CacheRequest,
  candidates: readonly StoredResponse[],
  rules: Policy,
  age: number,
): ExchangeFacts | undefined {
  const decision = decideOnRequest(asked, candidates, rules, at(age));
  if (decision.type !== 'forward' && decision.type !== 'validate') return undefined;
  return {request: asked, policy: rules, decision, candidates, began: 7, requestTime: at(age)};
}

const rows: readonly Row<Given, Expected>[] = [
  {name: 'a stale response within its window stands in', rfc: 'RFC 5861 §4', level: 'MAY', given: {}, expect: {}},
  {
    name: 'a stale response beyond its window does not',
    rfc: 'RFC 5861 §4',
    level: 'MUST',
    given: {age: 90},
    expect: undefined,
  },
  {
    name: 'a stale response without a window does not',
    rfc: '4.2.4',
    level: 'CHOICE',
    given: {says: 'max-age=60'},
    expect: undefined,
  },
  {
    name: 'the window may be the one the request grants',
    rfc: 'RFC 5861 §4',
    level: 'MAY',
    given: {says: 'max-age=60', asks: 'stale-if-error=30'},
    expect: {},
  },
  {
    name: 'must-revalidate forbids it',
    rfc: '5.2.2.2',
    level: 'MUST',
    given: {says: 'max-age=60, stale-if-error=30, must-revalidate'},
    expect: undefined,
  },
  ...['proxy-revalidate', 's-maxage=60'].flatMap((directive): readonly Row<Given, Expected>[] => [
    {
      name: `${directive} forbids it in a shared cache`,
      rfc: '4.2.4',
      level: 'MUST',
      given: {
        says: `max-age=60, stale-if-error=30, ${directive}`,
        stored: {policy: policy({kind: 'shared'})},
      },
      expect: undefined,
    },
    {
      name: `${directive} says nothing to a private cache`,
      rfc: '4.2.4',
      level: 'MAY',
      given: {says: `max-age=60, stale-if-error=30, ${directive}`},
      expect: {},
    },
  ]),
  {
    name: 'no-cache forbids it',
    rfc: '5.2.2.4',
    level: 'MUST',
    given: {says: 'max-age=60, stale-if-error=30, no-cache'},
    expect: undefined,
  },
  {
    name: 'a request for validation gets the error',
    rfc: '5.2.1.4',
    level: 'CHOICE',
    given: {asks: 'no-cache'},
    expect: undefined,
  },
  {
    name: 'a reload gets the error',
    rfc: 'Fetch',
    level: 'CHOICE',
    given: {request: {mode: 'reload'}},
    expect: undefined,
  },
  {
    name: 'a limit of age holds',
    rfc: '5.2.1.1',
    level: 'CHOICE',
    given: {asks: 'max-age=65'},
    expect: undefined,
  },
  {
    name: 'an expired response does not stand in',
    rfc: 'limpid',
    level: 'CHOICE',
    given: {stored: {expired: true}},
    expect: undefined,
  },
  {
    name: 'after a clear with through nothing stands in',
    rfc: 'limpid',
    level: 'CHOICE',
    given: {request: {through: true}},
    expect: undefined,
  },
  {
    name: 'nothing stands in for a request that goes around the cache',
    rfc: '5.2.1.5',
    level: 'MUST',
    given: {asks: 'no-store'},
    expect: undefined,
  },
  {
    name: 'nothing stands in for an unsafe request',
    rfc: '4',
    level: 'MUST',
    given: {request: {method: 'POST'}},
    expect: undefined,
  },
  {
    name: "another user's response does not stand in",
    rfc: '7.3',
    level: 'CHOICE',
    given: {stored: {partition: 'b'}},
    expect: undefined,
  },
  {
    name: 'another variant does not stand in',
    rfc: '4.1',
    level: 'MUST',
    given: {stored: {nominated: [['foo', '1']]}},
    expect: undefined,
  },
  {name: 'nothing stored, nothing stands in', rfc: '4', level: 'MUST', given: {stored: []}, expect: undefined},
  {
    name: 'the most recent response that matches stands in',
    rfc: '4',
    level: 'MUST',
    given: {stored: [{id: '1', responseTime: at(-5)}, {id: '2'}]},
    expect: {id: '2'},
  },
  {
    name: 'an answer to GET stands in for HEAD',
    rfc: '4',
    level: 'MAY',
    given: {request: {method: 'HEAD'}},
    expect: {},
  },
  {
    name: 'a caller with a condition of its own gets the whole response',
    rfc: '4.3.2',
    level: 'CHOICE',
    given: {request: {fields: {'if-none-match': '"b"'}}},
    expect: {},
  },
];

describe('when the origin fails', () => {
  test.each(rows)('$name', ({given, expect: expected}) => {
    const {asks, says = 'max-age=60, stale-if-error=30', age = 70} = given;
    const asked = request({...(asks === undefined ? {} : {fields: {'cache-control': asks}}), ...given.request});
    const literals = Array.isArray(given.stored) ? given.stored : [given.stored];
    const kept = literals.map((literal: Parameters<typeof stored>[0]) =>
      stored({fields: {'cache-control': says}, ...literal}),
    );
    const exchange = exchangeOf(asked, kept, policy(), age);
    expect(exchange).toBeDefined();
    const {id = 'stored-1', ...reuse} = expected ?? {};
    expect(exchange && decideOnFailure(exchange, at(age))).toEqual(
      expected && {type: 'reuse', stored: kept.find(one => one.id === id), age, stale: true, as: 'whole', ...reuse},
    );
  });

  test('a response that is fresh after all stands in and is not called stale', () => {
    const kept = stored();
    const decision = {type: 'forward', because: 'uri-miss', detail: undefined, store: 'maybe'} as const;
    const exchange: ExchangeFacts = {
      request: request(),
      policy: policy(),
      decision: {...decision, request: requestHead()},
      candidates: [kept],
      began: 7,
      requestTime: at(10),
    };
    expect(decideOnFailure(exchange, at(10))).toEqual({
      type: 'reuse',
      stored: kept,
      age: 10,
      stale: false,
      as: 'whole',
    });
  });
});

describe('any failure', () => {
  const anyCandidates = fc.array(anyStored, {maxLength: 4});

  test('is decided the same each time, and never by a response that does not match, was expired or cleared through', () => {
    fc.assert(
      fc.property(anyRequest, anyCandidates, anyPolicy, anyAge, (asked, kept, rules, age) => {
        const exchange = exchangeOf(asked, kept, rules, age);
        if (exchange === undefined) return;
        const instead = decideOnFailure(exchange, at(age));
        expect(decideOnFailure(exchange, at(age))).toEqual(instead);
        if (instead === undefined) return;
        expect(whyNotMatching(asked, instead.stored)).toBeUndefined();
        expect(asked.through || instead.stored.expired || instead.stored.facts.alwaysValidate).toBe(false);
      }),
    );
  });

  test('is decided alike when a response that does not match is removed', () => {
    fc.assert(
      fc.property(anyRequest, anyCandidates, anyPolicy, anyAge, (asked, kept, rules, age) => {
        const exchange = exchangeOf(asked, kept, rules, age);
        if (exchange === undefined) return;
        const candidates = kept.filter(one => whyNotMatching(asked, one) === undefined);
        expect(decideOnFailure({...exchange, candidates}, at(age))).toEqual(decideOnFailure(exchange, at(age)));
      }),
    );
  });
});
