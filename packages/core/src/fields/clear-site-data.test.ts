import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {clearsCache} from './clear-site-data.ts';
import {Fields} from './fields.ts';

test.each([
  {name: 'cache', level: 'MUST', given: '"cache"', expected: true},
  {name: 'everything', level: 'MUST', given: '"*"', expected: true},
  {name: 'cache among others', level: 'MUST', given: '"cookies", "cache"', expected: true},
  {name: 'other types', level: 'MUST', given: '"cookies", "storage"', expected: false},
  {name: 'cache without quotes', level: 'MUST', given: 'cache', expected: false},
  {name: 'a star without quotes', level: 'MUST', given: '*', expected: false},
  {name: 'another case', level: 'MUST', given: '"Cache"', expected: false},
  {name: 'cache within a longer string', level: 'MUST', given: '"x, cache"', expected: false},
  {name: 'an empty value', level: 'MUST', given: '', expected: false},
])('$name: $expected ($level)', ({given, expected}) => {
  expect(clearsCache(Fields.from({'Clear-Site-Data': given}))).toBe(expected);
});

test('without the field nothing is cleared', () => {
  expect(clearsCache(Fields.none)).toBe(false);
});

test('no text throws', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      expect(typeof clearsCache(Fields.from({'clear-site-data': text}))).toBe('boolean');
    }),
  );
});
