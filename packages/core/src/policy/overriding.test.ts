import {describe, expect, test} from 'vitest';
import {policy, type Row, response} from '../../test/builders.ts';
import {parseResponseDirectives} from '../fields/cache-control.ts';
import type {Ignorable} from '../model/policy.ts';
import {directivesInForce, ruledLifetime} from './overriding.ts';

describe('a ttl', () => {
  const rows: readonly Row<number, number | undefined>[] = [
    {name: 'speaks for a 200', rfc: '4.2.2', level: 'CHOICE', given: 200, expect: 60},
    {name: 'speaks for a 404', rfc: '4.2.2', level: 'CHOICE', given: 404, expect: 60},
    {name: 'does not speak for a 503', rfc: '4.2.2', level: 'CHOICE', given: 503, expect: undefined},
    {name: 'does not speak for a 302', rfc: '4.2.2', level: 'CHOICE', given: 302, expect: undefined},
  ];
  test.each(rows)('$name', row => {
    expect(ruledLifetime(row.given, policy({ttl: 60}))).toBe(row.expect);
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
