import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {formatHttpDate, parseHttpDate} from './http-date.ts';

const codeUnit = fc.nat(0xffff).map(code => String.fromCharCode(code));

const now = Date.UTC(2026, 10, 22, 12, 0, 0);
const famous = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('parseHttpDate', () => {
  test.each([
    {
      name: 'IMF-fixdate',
      rfc: 'RFC 9110 §5.6.7',
      level: 'MUST',
      given: 'Sun, 06 Nov 1994 08:49:37 GMT',
      expected: famous,
    },
    {name: 'RFC 850', rfc: 'RFC 9110 §5.6.7', level: 'MUST', given: 'Sunday, 06-Nov-94 08:49:37 GMT', expected: famous},
    {name: 'asctime', rfc: 'RFC 9110 §5.6.7', level: 'MUST', given: 'Sun Nov  6 08:49:37 1994', expected: famous},
    {
      name: 'asctime with two digits',
      rfc: 'RFC 9110 §5.6.7',
      level: 'MUST',
      given: 'Wed Nov 16 08:49:37 1994',
      expected: Date.UTC(1994, 10, 16, 8, 49, 37),
    },
    {name: 'other case', rfc: '4.2', level: 'SHOULD', given: 'sUN, 06 NOV 1994 08:49:37 gmt', expected: famous},
    {
      name: 'the wrong weekday',
      rfc: 'RFC 9110 §5.6.7',
      level: 'CHOICE',
      given: 'Mon, 06 Nov 1994 08:49:37 GMT',
      expected: famous,
    },
    {
      name: 'a leap day',
      rfc: 'RFC 9110 §5.6.7',
      level: 'MUST',
      given: 'Thu, 29 Feb 2024 00:00:00 GMT',
      expected: Date.UTC(2024, 1, 29),
    },
    {
      name: 'a leap second',
      rfc: 'RFC 9110 §5.6.7',
      level: 'MUST',
      given: 'Sat, 31 Dec 2016 23:59:60 GMT',
      expected: Date.UTC(2017, 0, 1),
    },
    {
      name: 'a year before 100',
      rfc: 'RFC 9110 §5.6.7',
      level: 'MUST',
      given: 'Thu, 01 Jan 0094 00:00:00 GMT',
      expected: Date.parse('0094-01-01T00:00:00Z'),
    },
    {
      name: 'the last year',
      rfc: 'RFC 9110 §5.6.7',
      level: 'MUST',
      given: 'Fri, 31 Dec 9999 23:59:59 GMT',
      expected: Date.UTC(9999, 11, 31, 23, 59, 59),
    },
    {
      name: 'a short year 50 years ahead',
      rfc: 'RFC 9110 §5.6.7',
      level: 'MUST',
      given: 'Sunday, 22-Nov-76 12:00:00 GMT',
      expected: Date.UTC(2076, 10, 22, 12),
    },
    {
      name: 'a short year a second more than 50 years ahead',
      rfc: 'RFC 9110 §5.6.7',
      level: 'MUST',
      given: 'Monday, 22-Nov-76 12:00:01 GMT',
      expected: Date.UTC(1976, 10, 22, 12, 0, 1),
    },
    {
      name: 'a short year in this century',
      rfc: 'RFC 9110 §5.6.7',
      level: 'MUST',
      given: 'Saturday, 01-Jan-00 00:00:00 GMT',
      expected: Date.UTC(2000, 0, 1),
    },
  ])('$name is read ($rfc, $level)', ({given, expected}) => {
    expect(parseHttpDate(given, now)).toBe(expected);
  });

  test('a short year may lie in the next century, when that is no more than 50 years ahead (RFC 9110 §5.6.7)', () => {
    expect(parseHttpDate('Friday, 01-Jan-10 00:00:00 GMT', Date.UTC(2095, 0, 1))).toBe(Date.UTC(2110, 0, 1));
  });

  test('a leap day no later century has falls in the century that has it (RFC 9110 §5.6.7)', () => {
    expect(parseHttpDate('Tuesday, 29-Feb-00 00:00:00 GMT', Date.UTC(2095, 0, 1))).toBe(Date.UTC(2000, 1, 29));
  });

  test.each([
    '',
    '0',
    '-1',
    '784111777',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun 06 Nov 1994 08:49:37 GMT',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06  Nov 1994 08:49:37 GMT',
    'Sun,06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 8:49:37 GMT',
    'Sun, 06 Nov 1994 08.49.37 GMT',
    'Sun, 06-Nov-1994 08:49:37 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sun Nov 6 08:49:37 1994',
    'Sun Nov  6 08:49:37 1994 GMT',
    'Xxx, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Xxx 1994 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 31 Nov 1994 08:49:37 GMT',
    'Thu, 31 Feb 1994 08:49:37 GMT',
    'Wed, 29 Feb 2023 00:00:00 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    ' Sun, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT\n',
    ' Sunday, 06-Nov-94 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT+01',
    ' Sun Nov  6 08:49:37 1994',
    'Sun Nov  6 08:49:37 19944',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
  ])('%j is no date (RFC 9110 §5.6.7, MUST)', given => {
    expect(parseHttpDate(given, now)).toBe('invalid');
  });

  test('no text throws', () => {
    fc.assert(
      fc.property(fc.string({unit: codeUnit}), text => {
        expect(parseHttpDate(text, now)).toBe('invalid');
      }),
    );
  });
});

describe('formatHttpDate', () => {
  test('an instant is an IMF-fixdate, without its milliseconds (RFC 9110 §5.6.7, MUST)', () => {
    expect(formatHttpDate(famous + 999)).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
  });

  test('what is formatted is read again, to the second', () => {
    const instants = fc.integer({min: Date.parse('0000-01-01T00:00:00Z') / 1000, max: Date.UTC(9999, 11, 31) / 1000});
    fc.assert(
      fc.property(instants, seconds => {
        expect(parseHttpDate(formatHttpDate(seconds * 1000), now)).toBe(seconds * 1000);
      }),
    );
  });
});
