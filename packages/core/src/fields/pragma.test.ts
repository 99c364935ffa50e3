import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {Fields} from './fields.ts';
import {hasPragmaNoCache} from './pragma.ts';

test.each([
  {name: 'no-cache', rfc: '5.4', level: 'MUST', given: 'no-cache', expected: true},
  {name: 'no-cache in another case', rfc: '5.4', level: 'MUST', given: 'No-Cache', expected: true},
  {name: 'no-cache among others', rfc: '5.4', level: 'MUST', given: 'foo="a, b", no-cache', expected: true},
  {name: 'something else', rfc: '5.4', level: 'MUST', given: 'no-caches', expected: false},
  {name: 'no-cache in a quoted string', rfc: '5.4', level: 'MUST', given: 'foo="no-cache, no-cache"', expected: false},
  {name: 'an empty value', rfc: '5.4', level: 'MUST', given: '', expected: false},
])('$name: $expected ($rfc, $level)', ({given, expected}) => {
  expect(hasPragmaNoCache(Fields.from({Pragma: given}))).toBe(expected);
});

test('without Pragma there is no no-cache (§5.4)', () => {
  expect(hasPragmaNoCache(Fields.none)).toBe(false);
});

test('no text throws', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      expect(typeof hasPragmaNoCache(Fields.from({pragma: text}))).toBe('boolean');
    }),
  );
});
