import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseContentLength} from './content-length.ts';
import {Fields} from './fields.ts';

const codeUnit = fc.nat(0xffff).map(code => String.fromCharCode(code));

const length = (...lines: readonly string[]) =>
  parseContentLength(Fields.from(lines.map(line => ['Content-Length', line] as const)));

test.each([
  {name: 'no field', rfc: 'RFC 9110 §8.6', level: 'MUST', given: [], expected: undefined},
  {name: 'a number', rfc: 'RFC 9110 §8.6', level: 'MUST', given: ['42'], expected: 42},
  {name: 'zero', rfc: 'RFC 9110 §8.6', level: 'MUST', given: ['0'], expected: 0},
  {name: 'the same number in a list', rfc: 'RFC 9110 §8.6', level: 'MAY', given: ['42, 42'], expected: 42},
  {name: 'the same number on two lines', rfc: 'RFC 9110 §8.6', level: 'MAY', given: ['42', '42'], expected: 42},
  {name: 'different numbers', rfc: 'RFC 9110 §8.6', level: 'MUST', given: ['42, 43'], expected: 'invalid'},
  {name: 'an empty member', rfc: 'RFC 9110 §8.6', level: 'MUST', given: ['42,'], expected: 'invalid'},
  {name: 'an empty value', rfc: 'RFC 9110 §8.6', level: 'MUST', given: [''], expected: 'invalid'},
  {name: 'a sign', rfc: 'RFC 9110 §8.6', level: 'MUST', given: ['+42'], expected: 'invalid'},
  {name: 'a negative number', rfc: 'RFC 9110 §8.6', level: 'MUST', given: ['-42'], expected: 'invalid'},
  {name: 'a fraction', rfc: 'RFC 9110 §8.6', level: 'MUST', given: ['42.0'], expected: 'invalid'},
  {name: 'a hexadecimal number', rfc: 'RFC 9110 §8.6', level: 'MUST', given: ['0x2a'], expected: 'invalid'},
  {
    name: 'a number past exact arithmetic',
    rfc: 'RFC 9110 §8.6',
    level: 'MUST',
    given: ['9007199254740993'],
    expected: 'invalid',
  },
])('$name is $expected ($rfc, $level)', ({given, expected}) => {
  expect(length(...given)).toBe(expected);
});

test('every length is read as it is, however often it is said', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({min: 1, max: 4}), (bytes, times) => {
      expect(length(...Array<string>(times).fill(String(bytes)))).toBe(bytes);
    }),
  );
});

test('no text throws', () => {
  fc.assert(
    fc.property(fc.string({unit: codeUnit}), text => {
      expect(() => length(text)).not.toThrow();
    }),
  );
});
