import {expect, test} from 'vitest';
import type {Row} from '../../test/builders.ts';
import {Fields, type FieldsSource} from '../fields/fields.ts';
import {updatedFields} from './updated-fields.ts';

const rows: readonly Row<readonly [FieldsSource, FieldsSource], [string, string][]>[] = [
  {
    name: 'a field of the update replaces the stored one',
    rfc: '3.2',
    level: 'MUST',
    given: [{etag: '"a"', 'x-a': '1'}, {'x-a': '2'}],
    expect: [
      ['etag', '"a"'],
      ['x-a', '2'],
    ],
  },
  {
    name: 'a field only the update has is added',
    rfc: '3.2',
    level: 'MUST',
    given: [{etag: '"a"'}, {'cache-control': 'max-age=9'}],
    expect: [
      ['etag', '"a"'],
      ['cache-control', 'max-age=9'],
    ],
  },
  {
    name: 'all lines of a name are replaced by all lines of the update',
    rfc: '3.2',
    level: 'MUST',
    given: [{'set-cookie': ['a=1', 'b=1']}, {'set-cookie': ['c=1', 'd=1']}],
    expect: [
      ['set-cookie', 'c=1'],
      ['set-cookie', 'd=1'],
    ],
  },
  {
    name: 'Content-Length is never updated',
    rfc: '3.2',
    level: 'MUST',
    given: [{'content-length': '36'}, {'content-length': '10'}],
    expect: [['content-length', '36']],
  },
  {
    name: 'Content-Length is never added',
    rfc: '3.2',
    level: 'MUST',
    given: [{etag: '"a"'}, {'content-length': '0'}],
    expect: [['etag', '"a"']],
  },
  {
    name: 'what says how the kept bytes were read stays',
    rfc: '3.2',
    level: 'CHOICE',
    given: [
      {'content-type': 'text/plain', 'content-encoding': 'gzip'},
      {'content-type': 'text/html', 'content-encoding': 'br', 'content-range': 'bytes 0-1/2'},
    ],
    expect: [
      ['content-type', 'text/plain'],
      ['content-encoding', 'gzip'],
    ],
  },
  {
    name: 'fields of the connection are never taken over',
    rfc: '3.1',
    level: 'MUST',
    given: [{etag: '"a"'}, {connection: 'x-hop', 'x-hop': '1', 'keep-alive': '5', 'transfer-encoding': 'chunked'}],
    expect: [['etag', '"a"']],
  },
  {
    name: 'Date and Age start anew',
    rfc: '4.2.3',
    level: 'CHOICE',
    given: [{date: 'then', age: '50', etag: '"a"'}, {date: 'now'}],
    expect: [
      ['etag', '"a"'],
      ['date', 'now'],
    ],
  },
];

test.each(rows)('$name', row => {
  const [before, update] = row.given;
  expect([...updatedFields(Fields.from(before), Fields.from(update))]).toEqual(row.expect);
});
