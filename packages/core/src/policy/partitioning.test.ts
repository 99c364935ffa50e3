import {expect, test} from 'vitest';
import {policy, request} from '../../test/builders.ts';
import {parseResponseDirectives} from '../fields/cache-control.ts';
import {Fields} from '../fields/fields.ts';
import {anonymous, shareable} from '../model/stored-response.ts';
import {storedPartition} from './partitioning.ts';

test.each([
  {
    name: 'an anonymous answer stays anonymous',
    rfc: '7.3',
    level: 'CHOICE',
    given: {fields: {}, says: 'public'},
    expect: anonymous,
  },
  {
    name: "an answer to credentials stays its requester's",
    rfc: '7.3',
    level: 'CHOICE',
    given: {fields: {cookie: 'a=1'}, says: 'max-age=60'},
    expect: 'user',
  },
  {
    name: "a public answer to credentials is anyone's",
    rfc: '3.5',
    level: 'MAY',
    given: {fields: {cookie: 'a=1'}, says: 'public, max-age=60'},
    expect: shareable,
  },
])('$name', row => {
  const directives = parseResponseDirectives(Fields.from({'cache-control': row.given.says}));
  expect(storedPartition(request({fields: row.given.fields}), directives, policy())).toBe(row.expect);
});

test('a public answer stays in the partition the caller named', () => {
  const directives = parseResponseDirectives(Fields.from({'cache-control': 'public'}));
  const given = request({fields: {cookie: 'a=1'}, partition: 'tenant-7'});
  expect(storedPartition(given, directives, policy({partitioned: true}))).toBe('tenant-7');
});
