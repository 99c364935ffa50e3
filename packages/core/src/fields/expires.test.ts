import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseExpires} from './expires.ts';
import {Fields} from './fields.ts';

const codeUnit = fc.nat(0xffff).map(code => String.fromCharCode(code));

const now = Date.UTC(2026, 10, 22);
const expires = (...lines: readonly string[]) =>
  parseExpires(Fields.from(lines.map(line => ['Expires', line] as const)), now);
const date = 'Thu, 18 Aug 2050 02:01:18 GMT';

test.each([
  {name: 'no Expires', rfc: '5.3', level: 'MUST', given: [], expected: undefined},
  {name: 'a date', rfc: '5.3', level: 'MUST', given: [date], expected: Date.UTC(2050, 7, 18, 2, 1, 18)},
  {
    name: 'a two-digit year',
    rfc: 'RFC 9110 §5.6.7',
    level: 'MUST',
    given: ['Thursday, 18-Aug-50 02:01:18 GMT'],
    expected: Date.UTC(2050, 7, 18, 2, 1, 18),
  },
  {name: 'zero', rfc: '5.3', level: 'MUST', given: ['0'], expected: 'invalid'},
  {name: 'the empty text', rfc: '5.3', level: 'MUST', given: [''], expected: 'invalid'},
  {name: 'another zone', rfc: '5.3', level: 'MUST', given: ['Thu, 18 Aug 2050 02:01:18 UTC'], expected: 'invalid'},
  {name: 'several lines', rfc: '4.2.1', level: 'CHOICE', given: [date, date], expected: 'invalid'},
  {name: 'several lines, combined', rfc: '4.2.1', level: 'CHOICE', given: [`${date}, ${date}`], expected: 'invalid'},
])('$name is $expected ($rfc, $level)', ({given, expected}) => {
  expect(expires(...given)).toBe(expected);
});

test('no text throws', () => {
  fc.assert(
    fc.property(fc.string({unit: codeUnit}), text => {
      expect(expires(text)).toBe('invalid');
    }),
  );
});
