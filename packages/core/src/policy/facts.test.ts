import {describe, expect, test} from 'vitest';
import {at, dateAt, noon, policy, type Row, response} from '../../test/builders.ts';
import type {Policy} from '../model/policy.ts';
import type {Facts} from '../model/stored-response.ts';
import {factsOf} from './facts.ts';

const facts = (cacheControl: string, partial: Partial<Policy> = {}): Facts =>
  factsOf(response({fields: {'cache-control': cacheControl}}), policy(partial), noon, noon);

const windows = (cacheControl: string, partial: Partial<Policy>) => {
  const {staleWhileRevalidate, staleIfError} = facts(cacheControl, partial);
  return [staleWhileRevalidate, staleIfError];
};

test('the facts of a full response', () => {
  const fields = {
    'cache-control': 'max-age=60, immutable, stale-while-revalidate=5, stale-if-error=7',
    date: dateAt(-10),
    age: '3',
    etag: 'W/"a"',
    'last-modified': dateAt(-1000),
  };
  expect(factsOf(response({fields}), policy(), at(-1), noon)).toEqual({
    lifetime: 60,
    initialAge: 10,
    date: at(-10),
    etag: {weak: true, opaque: 'a'},
    lastModified: dateAt(-1000),
    alwaysValidate: false,
    neverStale: false,
    immutable: true,
    staleWhileRevalidate: 5,
    staleIfError: 7,
  });
});

test('the facts of a bare response', () => {
  expect(factsOf(response({fields: {}}), policy(), noon, noon)).toEqual({
    lifetime: 0,
    initialAge: 0,
    date: noon,
    etag: undefined,
    lastModified: undefined,
    alwaysValidate: false,
    neverStale: false,
    immutable: false,
    staleWhileRevalidate: 0,
    staleIfError: 0,
  });
});

describe('obligations', () => {
  type Given = {readonly says: string; readonly policy?: Partial<Policy>};
  const shared: Partial<Policy> = {kind: 'shared'};
  const rows: readonly Row<Given, Partial<Facts>>[] = [
    {
      name: 'no-cache always validates',
      rfc: '5.2.2.4',
      level: 'MUST',
      given: {says: 'no-cache'},
      expect: {alwaysValidate: true},
    },
    {
      name: 'a qualified no-cache does not, since its fields are left out',
      rfc: '5.2.2.4',
      level: 'MAY',
      given: {says: 'no-cache="x-a"'},
      expect: {alwaysValidate: false},
    },
    {
      name: 'must-revalidate is never stale',
      rfc: '5.2.2.2',
      level: 'MUST',
      given: {says: 'must-revalidate'},
      expect: {neverStale: true},
    },
    {
      name: 'proxy-revalidate is never stale in a shared cache',
      rfc: '5.2.2.8',
      level: 'MUST',
      given: {says: 'proxy-revalidate', policy: shared},
      expect: {neverStale: true},
    },
    {
      name: 's-maxage is never stale in a shared cache',
      rfc: '5.2.2.10',
      level: 'MUST',
      given: {says: 's-maxage=1', policy: shared},
      expect: {neverStale: true},
    },
    {
      name: 'max-age alone may be stale in a shared cache',
      rfc: '4.2.4',
      level: 'MAY',
      given: {says: 'max-age=1', policy: shared},
      expect: {neverStale: false},
    },
    {
      name: 'neither says anything to a private cache',
      rfc: '5.2.2.8',
      level: 'MUST',
      given: {says: 'proxy-revalidate, s-maxage=1'},
      expect: {neverStale: false},
    },
    {
      name: 'a ttl that ignores them lifts no-cache and must-revalidate',
      rfc: '5.2.2',
      level: 'CHOICE',
      given: {says: 'no-cache, must-revalidate', policy: {ttl: 9, ignores: ['no-cache', 'must-revalidate']}},
      expect: {alwaysValidate: false, neverStale: false, lifetime: 9},
    },
  ];
  test.each(rows)('$name', row => {
    expect(facts(row.given.says, row.given.policy)).toMatchObject(row.expect);
  });
});

describe('windows for stale answers', () => {
  const says = 'stale-while-revalidate=5, stale-if-error=7';
  const byDefault: Partial<Policy> = {defaultStaleWhileRevalidate: 50, defaultStaleIfError: 70};
  test('a rule replaces what the response says', () => {
    expect(windows(says, {staleWhileRevalidate: 1, staleIfError: 0})).toEqual([1, 0]);
  });

  test('the response replaces the default', () => {
    expect(windows(says, byDefault)).toEqual([5, 7]);
  });

  test('the default stands where nothing is said', () => {
    expect(windows('max-age=60', byDefault)).toEqual([50, 70]);
  });

  test('an unreadable window is none', () => {
    expect(windows('stale-while-revalidate=x, stale-if-error', byDefault)).toEqual([0, 0]);
  });
});
