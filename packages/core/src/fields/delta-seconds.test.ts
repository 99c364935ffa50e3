import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseDeltaSeconds} from './delta-seconds.ts';

test.each([
  {rfc: '1.2.2', given: '0', level: 'MUST', expected: 0},
  {rfc: '1.2.2', given: '3600', level: 'MUST', expected: 3600},
  {rfc: '1.2.2', given: '003600', level: 'MUST', expected: 3600},
  {rfc: '1.2.2', given: '2147483647', level: 'MUST', expected: 2147483647},
  {rfc: '1.2.2', given: '2147483648', level: 'MUST', expected: 2147483648},
  {rfc: '1.2.2', given: '2147483649', level: 'MUST', expected: 2147483648},
  {rfc: '1.2.2', given: '9'.repeat(400), level: 'MUST', expected: 2147483648},
  {rfc: '1.2.2', given: '', level: 'MUST', expected: 'invalid'},
  {rfc: '1.2.2', given: '-1', level: 'MUST', expected: 'invalid'},
  {rfc: '1.2.2', given: '+1', level: 'MUST', expected: 'invalid'},
  {rfc: '1.2.2', given: '1.0', level: 'MUST', expected: 'invalid'},
  {rfc: '1.2.2', given: '1e3', level: 'MUST', expected: 'invalid'},
  {rfc: '1.2.2', given: '0x10', level: 'MUST', expected: 'invalid'},
  {rfc: '1.2.2', given: ' 1', level: 'MUST', expected: 'invalid'},
  {rfc: '1.2.2', given: '1\n', level: 'MUST', expected: 'invalid'},
  {rfc: '1.2.2', given: '10a', level: 'MUST', expected: 'invalid'},
  {rfc: '1.2.2', given: "'1'", level: 'MUST', expected: 'invalid'},
  {rfc: '1.2.2', given: '\u0661', level: 'MUST', expected: 'invalid'},
])('$given is $expected ($rfc, $level)', ({given, expected}) => {
  expect(parseDeltaSeconds(given)).toBe(expected);
});

test('every number of seconds is read as it is, up to the limit', () => {
  fc.assert(
    fc.property(fc.nat(), seconds => {
      expect(parseDeltaSeconds(String(seconds))).toBe(seconds);
    }),
  );
});

test('no text throws, and a number read is within its limits', () => {
  fc.assert(
    fc.property(fc.string({unit: fc.constantFrom('0', '9', '-', '.', 'e', ' ', 'a')}), text => {
      const seconds = parseDeltaSeconds(text);
      expect(seconds === 'invalid' || (seconds >= 0 && seconds <= 2 ** 31)).toBe(true);
    }),
  );
});
