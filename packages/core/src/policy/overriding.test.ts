import {describe, expect, test} from 'vitest';
import {policy, type Row, response} from '../../test/builders.ts';
import {parseResponseDirectives} from '../fields/cache-control.ts';
import {Fields, type FieldsSource} from '../fields/fields.ts';
import type {Ignorable} from '../model/policy.ts';
import {directivesInForce, directivesReceived, ruledLifetimes} from './overriding.ts';

describe('a response speaks to this cache', () => {
  const targetedFields = ['example-cache-control', 'cdn-cache-control'];
  const own = {'cache-control': 'max-age=1', 'cdn-cache-control': 'max-age=2', 'example-cache-control': 'max-age=3'};
  const rows: readonly Row<{fields: FieldsSource; targetedFields?: readonly string[]}, number | undefined>[] = [
    {
      name: 'by Cache-Control where no field is targeted at it',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: {fields: own, targetedFields: []},
      expect: 1,
    },
    {
      name: 'by the field it prefers',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: {fields: own},
      expect: 3,
    },
    {
      name: 'by the next one where that is missing, unreadable or empty',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: {fields: {...own, 'example-cache-control': 'Max-Age=3'}},
      expect: 2,
    },
    {
      name: 'by Cache-Control where none can be read',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: {fields: {...own, 'example-cache-control': '', 'cdn-cache-control': 'max-age=2,'}},
      expect: 1,
    },
    {
      name: 'by a field that says nothing of freshness, which Cache-Control does not add',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: {fields: {...own, 'example-cache-control': 'none'}},
      expect: undefined,
    },
  ];
  test.each(rows)('$name ($rfc, $level)', ({given: {fields, ...given}, expect: expected}) => {
    expect(directivesReceived(response({fields}), policy({targetedFields, ...given})).maxAge).toBe(expected);
  });

  test('in a targeted field, of which a ttl ignores as much as of Cache-Control', () => {
    const fields = Fields.from({'cdn-cache-control': 'no-store, max-age=2', 'cache-control': 'private'});
    const rules = policy({targetedFields, ttl: 60, ignores: ['no-store']});
    expect(directivesInForce(response({fields}), rules)).toMatchObject({noStore: false, private: false, maxAge: 2});
  });
});

describe('the lifetimes of rules', () => {
  const both = {ttl: 60, defaultTtl: 30};
  const rows: readonly Row<number, object>[] = [
    {name: 'are for a 200', rfc: '4.2.2', level: 'CHOICE', given: 200, expect: both},
    {name: 'are for a 404', rfc: '4.2.2', level: 'CHOICE', given: 404, expect: both},
    {name: 'are not for a 503', rfc: '4.2.2', level: 'CHOICE', given: 503, expect: {}},
    {name: 'are for a 302 that a rule names', rfc: '4.2.2', level: 'CHOICE', given: 302, expect: both},
    {name: 'are not for a 307 beside it', rfc: '4.2.2', level: 'CHOICE', given: 307, expect: {}},
  ];
  test.each(rows)('$name', row => {
    expect(ruledLifetimes(row.given, policy({...both, statuses: [302]}))).toEqual(row.expect);
  });
});

describe('what a ttl ignores', () => {
  const said = 'no-store, private, no-cache, must-revalidate, proxy-revalidate';
  const given = response({fields: {'cache-control': said}});
  const all: readonly Ignorable[] = ['no-store', 'private', 'no-cache', 'must-revalidate'];

  test('is not in force, and nothing else changes', () => {
    expect(directivesInForce(given, policy({ttl: 60, ignores: all}))).toEqual({
      ...parseResponseDirectives(given.fields),
      noStore: false,
      private: false,
      noCache: false,
      mustRevalidate: false,
    });
  });

  test.each(all)('%s alone leaves the others in force', ignored => {
    const inForce = directivesInForce(given, policy({ttl: 60, ignores: [ignored]}));
    const {noStore, private: isPrivate, noCache, mustRevalidate} = inForce;
    expect([noStore, isPrivate, noCache, mustRevalidate]).toEqual(all.map(name => name !== ignored));
  });

  test('stays in force without a ttl', () => {
    expect(directivesInForce(given, policy({ignores: all}))).toEqual(parseResponseDirectives(given.fields));
  });
});
