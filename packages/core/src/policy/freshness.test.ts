import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {dateAt, noon, policy, type Row, response} from '../../test/builders.ts';
import type {FieldsSource} from '../fields/fields.ts';
import type {Policy} from '../model/policy.ts';
import {freshnessLifetime} from './freshness.ts';
import {directivesReceived} from './overriding.ts';

type Given = {readonly fields: FieldsSource; readonly status?: number; readonly policy?: Partial<Policy>};

const freshness = ({fields, status = 200, policy: partial}: Given): number => {
  const head = response({fields, status});
  const rules = policy(partial);
  return freshnessLifetime(head, directivesReceived(head, rules), rules, noon, 0);
};

const shared: Partial<Policy> = {kind: 'shared'};
const targeted: Partial<Policy> = {...shared, targetedFields: ['cdn-cache-control']};
const guessing: Partial<Policy> = {heuristic: {fraction: 0.1, max: 86_400}};

const explicit: readonly Row<Given, number>[] = [
  {
    name: 'a targeted field states it, whatever Cache-Control and Expires say',
    rfc: 'RFC 9213 §2.2',
    level: 'MUST',
    given: {
      fields: {'cdn-cache-control': 'max-age=60', 'cache-control': 's-maxage=5', expires: dateAt(-9)},
      policy: targeted,
    },
    expect: 60,
  },
  {
    name: 's-maxage comes first in a targeted field, too',
    rfc: 'RFC 9213 §2.2',
    level: 'SHOULD',
    given: {fields: {'cdn-cache-control': 'max-age=60, s-maxage=5'}, policy: targeted},
    expect: 5,
  },
  {
    name: 'a targeted field that states none leaves Expires none to state',
    rfc: 'RFC 9213 §2.2',
    level: 'MUST',
    given: {fields: {'cdn-cache-control': 'none', 'cache-control': 'max-age=60', expires: dateAt(9)}, policy: targeted},
    expect: 0,
  },
  {
    name: 'a targeted field that cannot be read leaves it to Expires',
    rfc: 'RFC 9213 §2.2',
    level: 'MUST',
    given: {fields: {'cdn-cache-control': 'None', expires: dateAt(9)}, policy: targeted},
    expect: 9,
  },
  {
    name: 'max-age states it',
    rfc: '4.2.1',
    level: 'MUST',
    given: {fields: {'cache-control': 'max-age=60'}},
    expect: 60,
  },
  {
    name: 'max-age comes before Expires',
    rfc: '4.2.1',
    level: 'MUST',
    given: {fields: {'cache-control': 'max-age=60', expires: dateAt(9)}},
    expect: 60,
  },
  {
    name: 'max-age=0 comes before a future Expires',
    rfc: '4.2.1',
    level: 'MUST',
    given: {fields: {'cache-control': 'max-age=0', expires: dateAt(9)}},
    expect: 0,
  },
  {
    name: 'an invalid max-age is stale, whatever Expires says',
    rfc: '4.2.1',
    level: 'SHOULD',
    given: {fields: {'cache-control': 'max-age=-1', expires: dateAt(9)}},
    expect: 0,
  },
  {
    name: 's-maxage comes first in a shared cache',
    rfc: '4.2.1',
    level: 'MUST',
    given: {fields: {'cache-control': 'max-age=60, s-maxage=5'}, policy: shared},
    expect: 5,
  },
  {
    name: 'max-age states it in a shared cache, too, where s-maxage is missing',
    rfc: '4.2.1',
    level: 'MUST',
    given: {fields: {'cache-control': 'max-age=60'}, policy: shared},
    expect: 60,
  },
  {
    name: 'an invalid s-maxage is stale in a shared cache',
    rfc: '4.2.1',
    level: 'SHOULD',
    given: {fields: {'cache-control': 'max-age=60, s-maxage=x'}, policy: shared},
    expect: 0,
  },
  {
    name: 'a private cache does not see s-maxage',
    rfc: '5.2.2.10',
    level: 'MUST',
    given: {fields: {'cache-control': 's-maxage=60, max-age=5'}},
    expect: 5,
  },
  {
    name: 'Expires counts from Date',
    rfc: '4.2.1',
    level: 'MUST',
    given: {fields: {expires: dateAt(60), date: dateAt(-10)}},
    expect: 70,
  },
  {
    name: 'Expires counts from the time of receipt without Date',
    rfc: '4.2.1',
    level: 'MUST',
    given: {fields: {expires: dateAt(60)}},
    expect: 60,
  },
  {
    name: 'Expires counts from the time of receipt with an unreadable Date',
    rfc: '4.2.1',
    level: 'CHOICE',
    given: {fields: {expires: dateAt(60), date: 'yesterday'}},
    expect: 60,
  },
  {
    name: 'Expires before Date is stale',
    rfc: '4.2.1',
    level: 'MUST',
    given: {fields: {expires: dateAt(20), date: dateAt(30)}},
    expect: 0,
  },
  {name: 'an invalid Expires is stale', rfc: '5.3', level: 'MUST', given: {fields: {expires: '0'}}, expect: 0},
];

const heuristic: readonly Row<Given, number>[] = [
  {
    name: 'a tenth of the time since the last modification',
    rfc: '4.2.2',
    level: 'CHOICE',
    given: {fields: {'last-modified': dateAt(-1000)}, policy: guessing},
    expect: 100,
  },
  {
    name: 'counted from Date',
    rfc: '4.2.2',
    level: 'CHOICE',
    given: {fields: {'last-modified': dateAt(-1000), date: dateAt(-500)}, policy: guessing},
    expect: 50,
  },
  {
    name: 'no more than the cap',
    rfc: '4.2.2',
    level: 'CHOICE',
    given: {fields: {'last-modified': dateAt(-1e8)}, policy: guessing},
    expect: 86_400,
  },
  {
    name: 'nothing when switched off',
    rfc: '4.2.2',
    level: 'MAY',
    given: {fields: {'last-modified': dateAt(-1000)}},
    expect: 0,
  },
  {
    name: 'nothing without Last-Modified',
    rfc: '4.2.2',
    level: 'CHOICE',
    given: {fields: {}, policy: guessing},
    expect: 0,
  },
  {
    name: 'nothing for an unreadable Last-Modified',
    rfc: '4.2.2',
    level: 'MUST',
    given: {fields: {'last-modified': 'yesterday'}, policy: guessing},
    expect: 0,
  },
  {
    name: 'nothing for a modification in the future',
    rfc: '4.2.2',
    level: 'CHOICE',
    given: {fields: {'last-modified': dateAt(1000)}, policy: guessing},
    expect: 0,
  },
  {
    name: 'never beside an invalid Expires, which is an explicit lifetime of none',
    rfc: '4.2.2',
    level: 'MUST',
    given: {fields: {'last-modified': dateAt(-1000), expires: '0'}, policy: guessing},
    expect: 0,
  },
  {
    name: 'never beside an explicit lifetime',
    rfc: '4.2.2',
    level: 'MUST',
    given: {fields: {'last-modified': dateAt(-1000), expires: '0'}, policy: guessing},
    expect: 0,
  },
  {
    name: 'never for a status that is not heuristically cacheable',
    rfc: '4.2.2',
    level: 'MUST',
    given: {status: 403, fields: {'last-modified': dateAt(-1000)}, policy: guessing},
    expect: 0,
  },
  {
    name: 'for such a status when it is public',
    rfc: '4.2.2',
    level: 'MAY',
    given: {status: 599, fields: {'last-modified': dateAt(-1000), 'cache-control': 'public'}, policy: guessing},
    expect: 100,
  },
];

const ruled: readonly Row<Given, number>[] = [
  {
    name: 'replaces what the response states',
    rfc: '4.2.1',
    level: 'CHOICE',
    given: {fields: {'cache-control': 'max-age=60'}, policy: {ttl: 5}},
    expect: 5,
  },
  {
    name: 'stands where nothing is stated',
    rfc: '4.2.2',
    level: 'CHOICE',
    given: {fields: {}, policy: {...guessing, ttl: 5}},
    expect: 5,
  },
  {
    name: 'leaves an error what it states',
    rfc: '4.2.1',
    level: 'CHOICE',
    given: {status: 503, fields: {'cache-control': 'max-age=1'}, policy: {ttl: 3600}},
    expect: 1,
  },
];

const fallback: readonly Row<Given, number>[] = [
  {
    name: 'leaves what the response states',
    rfc: '4.2.1',
    level: 'CHOICE',
    given: {fields: {'cache-control': 'max-age=60'}, policy: {defaultTtl: 5}},
    expect: 60,
  },
  {
    name: 'leaves a lifetime of 0',
    rfc: '4.2.1',
    level: 'CHOICE',
    given: {fields: {'cache-control': 'max-age=0'}, policy: {defaultTtl: 5}},
    expect: 0,
  },
  {
    name: 'leaves a lifetime that cannot be read, which is 0',
    rfc: '4.2.1',
    level: 'CHOICE',
    given: {fields: {expires: 'soon'}, policy: {defaultTtl: 5}},
    expect: 0,
  },
  {
    name: 'stands where nothing is stated',
    rfc: '4.2.2',
    level: 'CHOICE',
    given: {fields: {}, policy: {defaultTtl: 5}},
    expect: 5,
  },
  {
    name: 'takes the place of a guess',
    rfc: '4.2.2',
    level: 'CHOICE',
    given: {fields: {'last-modified': dateAt(-1000)}, policy: {...guessing, defaultTtl: 5}},
    expect: 5,
  },
  {
    name: 'gives way to a ttl',
    rfc: '4.2.2',
    level: 'CHOICE',
    given: {fields: {}, policy: {ttl: 7, defaultTtl: 5}},
    expect: 7,
  },
  {
    name: 'is not for an error, public or not',
    rfc: '4.2.2',
    level: 'CHOICE',
    given: {status: 503, fields: {'cache-control': 'public'}, policy: {defaultTtl: 5}},
    expect: 0,
  },
];

describe.each([
  ['an explicit lifetime', explicit],
  ['a guessed lifetime', heuristic],
  ["a rule's ttl", ruled],
  ["a rule's defaultTtl", fallback],
])('%s', (_, rows) => {
  test.each(rows)('$name', row => {
    expect(freshness(row.given)).toEqual(row.expect);
  });
});

test('every response has a lifetime: a number, and not negative', () => {
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('max-age=9', 's-maxage=x', 'max-age=99999999999', dateAt(-9), dateAt(9)),
  );
  const names = fc.constantFrom('cache-control', 'expires', 'date', 'last-modified', 'age');
  const kind = fc.constantFrom('private' as const, 'shared' as const);
  fc.assert(
    fc.property(fc.array(fc.tuple(names, value)), fc.integer(), kind, (fields, status, cacheKind) => {
      const lifetime = freshness({fields, status, policy: {...guessing, kind: cacheKind}});
      expect(lifetime).toBeGreaterThanOrEqual(0);
      expect(lifetime).toBeLessThan(Number.POSITIVE_INFINITY);
    }),
  );
});

test.each([
  {name: 'a ttl', given: {ttl: 300}, expect: 3900},
  {name: 'a defaultTtl', given: {defaultTtl: 300}, expect: 3900},
  {name: 'what the response states', given: {}, fields: {'cache-control': 'max-age=300'}, expect: 300},
])('of a response that was old when it came, $name counts from receipt only where a rule says it', row => {
  const head = response({fields: row.fields ?? {}});
  const rules = policy(row.given);
  expect(freshnessLifetime(head, directivesReceived(head, rules), rules, noon, 3600)).toBe(row.expect);
});
