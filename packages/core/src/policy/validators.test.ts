import {expect, test} from 'vitest';
import {dateAt, noon, type Row} from '../../test/builders.ts';
import {Fields, type FieldsSource} from '../fields/fields.ts';
import {entityTagOf, hasValidator, lastModifiedOf} from './validators.ts';

const rows: readonly Row<FieldsSource, boolean>[] = [
  {name: 'a strong entity tag validates', rfc: 'RFC 9110 §8.8.3', level: 'MUST', given: {etag: '"a"'}, expect: true},
  {name: 'a weak one does too', rfc: 'RFC 9110 §8.8.3', level: 'MUST', given: {etag: 'W/"a"'}, expect: true},
  {name: 'one without quotes does not', rfc: 'RFC 9110 §8.8.3', level: 'CHOICE', given: {etag: 'a'}, expect: false},
  {
    name: 'a modification date does',
    rfc: 'RFC 9110 §8.8.2',
    level: 'MUST',
    given: {'last-modified': dateAt(0)},
    expect: true,
  },
  {
    name: 'an unreadable one does not',
    rfc: 'RFC 9110 §8.8.2',
    level: 'CHOICE',
    given: {'last-modified': '0'},
    expect: false,
  },
  {name: 'a response without either has no validator', rfc: '4.3.1', level: 'MUST', given: {}, expect: false},
];

test.each(rows)('$name', row => {
  expect(hasValidator(Fields.from(row.given))).toBe(row.expect);
});

test('the modification date comes back to the letter', () => {
  const odd = 'thu, 01 jan 2026 11:00:00 gmt';
  expect(lastModifiedOf(Fields.from({'last-modified': odd}), noon)).toBe(odd);
});

test('an entity tag comes back as a value', () => {
  expect(entityTagOf(Fields.from({etag: 'W/"a"'}))).toEqual({weak: true, opaque: 'a'});
});
