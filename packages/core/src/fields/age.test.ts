import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseAge} from './age.ts';
import {Fields} from './fields.ts';

const codeUnit = fc.nat(0xffff).map(code => String.fromCharCode(code));

const age = (...lines: readonly string[]) => parseAge(Fields.from(lines.map(line => ['Age', line] as const)));

test.each([
  {name: 'no Age', rfc: '5.1', level: 'MUST', given: [], expected: undefined},
  {name: 'a number', rfc: '5.1', level: 'MUST', given: ['7200'], expected: 7200},
  {name: 'zero', rfc: '5.1', level: 'MUST', given: ['0'], expected: 0},
  {name: 'a number too large', rfc: '5.1', level: 'MUST', given: ['99999999999'], expected: 2147483648},
  {name: 'a list', rfc: '5.1', level: 'SHOULD', given: ['7200, 0'], expected: 7200},
  {name: 'a list from another line', rfc: '5.1', level: 'SHOULD', given: ['0', '7200'], expected: 0},
  {name: 'an invalid first member', rfc: '5.1', level: 'SHOULD', given: ['abc, 7200'], expected: undefined},
  {name: 'an empty value', rfc: '5.1', level: 'SHOULD', given: [''], expected: undefined},
  {name: 'a negative number', rfc: '5.1', level: 'SHOULD', given: ['-7200'], expected: undefined},
  {name: 'a fraction', rfc: '5.1', level: 'SHOULD', given: ['7200.0'], expected: undefined},
  {name: 'a parameter', rfc: '5.1', level: 'SHOULD', given: ['7200;foo=bar'], expected: undefined},
  {name: 'a quoted number', rfc: '5.1', level: 'SHOULD', given: ['"7200"'], expected: undefined},
])('$name is an age of $expected ($rfc, $level)', ({given, expected}) => {
  expect(age(...given)).toBe(expected);
});

test('no text throws, and an age is never negative', () => {
  fc.assert(
    fc.property(fc.string({unit: codeUnit}), text => {
      expect(age(text) ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});
