import {describe, expect, test} from 'vitest';
import {policy, type Row, request} from '../../test/builders.ts';
import {parseResponseDirectives} from '../fields/cache-control.ts';
import {Fields} from '../fields/fields.ts';
import type {Policy} from '../model/policy.ts';
import {isShareable, mayStoreAuthenticated} from './authenticated.ts';

const directives = (cacheControl: string) => parseResponseDirectives(Fields.from({'cache-control': cacheControl}));

describe('storing the answer to Authorization in a shared cache', () => {
  test.each([
    {name: 'is not permitted by max-age', rfc: '3.5', level: 'MUST', given: 'max-age=60', expect: false},
    {name: 'is permitted by public', rfc: '3.5', level: 'MAY', given: 'public', expect: true},
    {name: 'is permitted by must-revalidate', rfc: '3.5', level: 'MAY', given: 'must-revalidate', expect: true},
    {name: 'is permitted by s-maxage', rfc: '3.5', level: 'MAY', given: 's-maxage=60', expect: true},
    {
      name: 'is not permitted by an unreadable s-maxage',
      rfc: '3.5',
      level: 'CHOICE',
      given: 's-maxage=x',
      expect: false,
    },
    {name: 'is not permitted by proxy-revalidate', rfc: '3.5', level: 'MUST', given: 'proxy-revalidate', expect: false},
  ])('$name', row => {
    expect(mayStoreAuthenticated(directives(row.given))).toBe(row.expect);
  });
});

describe('answering other credentials with it', () => {
  const token = {authorization: 'Bearer a'};
  const both = {...token, cookie: 'a=1'};
  const shared: Partial<Policy> = {kind: 'shared'};
  type Given = {fields?: Record<string, string>; says: string; policy?: Partial<Policy>};
  const rows: readonly Row<Given, boolean>[] = [
    {name: 'a private cache does not', rfc: '7.3', level: 'CHOICE', given: {says: 'max-age=60'}, expect: false},
    {
      name: 'a private cache does when it is public',
      rfc: '3.5',
      level: 'CHOICE',
      given: {says: 'public'},
      expect: true,
    },
    {
      name: 's-maxage says nothing to a private cache',
      rfc: '5.2.2.10',
      level: 'MUST',
      given: {says: 's-maxage=60'},
      expect: false,
    },
    {
      name: 'private beside public keeps it private',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: {says: 'public, private'},
      expect: false,
    },
    {
      name: 'a private cache does not when a qualified private names fields it keeps',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: {says: 'public, private="x-user"'},
      expect: false,
    },
    {
      name: 'a shared cache does, having left those fields out',
      rfc: '5.2.2.7',
      level: 'MAY',
      given: {says: 'public, private="x-user"', policy: shared},
      expect: true,
    },
    {
      name: 'a shared cache does not when it is private after all',
      rfc: '5.2.2.7',
      level: 'MUST',
      given: {says: 'public, private', policy: shared},
      expect: false,
    },
    {
      name: 'a shared cache does with s-maxage',
      rfc: '3.5',
      level: 'MAY',
      given: {says: 's-maxage=60', policy: shared},
      expect: true,
    },
    {
      name: 'a shared cache does with must-revalidate when Authorization is the only credential',
      rfc: '3.5',
      level: 'MAY',
      given: {says: 'must-revalidate, max-age=60', policy: shared},
      expect: true,
    },
    {
      name: 'a shared cache does not with must-revalidate beside a cookie',
      rfc: '3.5',
      level: 'CHOICE',
      given: {fields: both, says: 'must-revalidate, max-age=60', policy: shared},
      expect: false,
    },
    {
      name: 'a partition that the caller named is never shared',
      rfc: '7.3',
      level: 'CHOICE',
      given: {says: 'public, s-maxage=60', policy: {...shared, partitioned: true}},
      expect: false,
    },
  ];
  test.each(rows)('$name', row => {
    const fields = row.given.fields ?? token;
    expect(isShareable(request({fields}), directives(row.given.says), policy(row.given.policy))).toBe(row.expect);
  });
});
