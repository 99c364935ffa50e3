import {describe, expect, test} from 'vitest';
import {policy, request, stored} from '../../test/builders.ts';
import {parseResponseDirectives} from '../fields/cache-control.ts';
import {Fields, type FieldsSource} from '../fields/fields.ts';
import {shareable} from '../model/stored-response.ts';
import {replayedFields, storedFields} from './stored-fields.ts';

const kept = (source: FieldsSource, kind: 'private' | 'shared' = 'private') => {
  const fields = Fields.from(source);
  return [...storedFields(fields, parseResponseDirectives(fields), policy({kind}))];
};

describe('what is stored', () => {
  test.each([
    {
      name: 'every field that nobody excludes',
      rfc: '3.1',
      level: 'MUST',
      given: {etag: '"a"', 'x-unknown': '1', 'content-length': '3'},
      expect: ['etag', 'x-unknown', 'content-length'],
    },
    {
      name: 'not Connection nor what it names, in any case',
      rfc: '3.1',
      level: 'MUST',
      given: {connection: 'close, X-Hop', 'x-hop': '1', 'x-end': '2'},
      expect: ['x-end'],
    },
    {
      name: 'not the fields of the connection',
      rfc: 'RFC 9110 §7.6.1',
      level: 'MUST',
      given: {
        'keep-alive': '5',
        te: 'a',
        trailer: 'b',
        'transfer-encoding': 'chunked',
        upgrade: 'h2',
        'proxy-connection': 'close',
        etag: '"a"',
      },
      expect: ['etag'],
    },
    {
      name: 'not the fields of a proxy',
      rfc: '3.1',
      level: 'MUST',
      given: {'proxy-authenticate': 'a', 'proxy-authentication-info': 'b', 'proxy-authorization': 'c', etag: '"a"'},
      expect: ['etag'],
    },
    {
      name: 'not what a qualified no-cache names',
      rfc: '5.2.2.4',
      level: 'CHOICE',
      given: {'cache-control': 'no-cache=" X-User , x-b"', 'x-user': '1', 'x-b': '2', 'x-c': '3'},
      expect: ['cache-control', 'x-c'],
    },
    {
      name: 'what a qualified private names, in a private cache',
      rfc: '5.2.2.7',
      level: 'MAY',
      given: {'cache-control': 'private="x-user"', 'x-user': '1'},
      expect: ['cache-control', 'x-user'],
    },
  ])('$name', row => {
    expect(kept(row.given).map(([name]) => name)).toEqual(row.expect);
  });

  test('a shared cache leaves out what a qualified private names', () => {
    expect(kept({'cache-control': 'private="x-user"', 'x-user': '1'}, 'shared').map(([name]) => name)).toEqual([
      'cache-control',
    ]);
  });

  test('repeated lines stay apart and in order', () => {
    const lines = [
      ['set-cookie', 'a=1'],
      ['x', '1'],
      ['set-cookie', 'b=2'],
    ] as const;
    expect(kept(lines)).toEqual(lines);
  });
});

describe('what a hit shows', () => {
  const given = {fields: {'set-cookie': 'a=1', 'set-cookie2': 'b=1', etag: '"a"'}};

  test('a private cache shows Set-Cookie to the user it was set for', () => {
    expect(replayedFields(stored(given), 'private').get('set-cookie')).toBe('a=1');
  });

  test('a shared cache never shows it', () => {
    expect([...replayedFields(stored(given), 'shared')]).toEqual([['etag', '"a"']]);
  });

  test('a private cache does not show it where the response answers anyone', () => {
    const anyones = stored({...given, partition: shareable, request: request({fields: {cookie: 'a=1'}})});
    expect([...replayedFields(anyones, 'private')]).toEqual([['etag', '"a"']]);
  });

  test.each(['private', 'shared'] as const)('in one object for all hits: %s', kind => {
    const one = stored(given);
    expect(replayedFields(one, kind)).toBe(replayedFields(one, kind));
  });
});
