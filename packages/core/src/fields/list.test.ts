import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {isToken, parseList, trimmed, unquote} from './list.ts';

const codeUnit = fc.nat(0xffff).map(code => String.fromCharCode(code));

describe('parseList', () => {
  test.each([
    {
      name: 'members are split at commas and trimmed',
      rfc: 'RFC 9110 §5.6.1',
      level: 'MUST',
      given: 'a, b\t,c',
      expected: ['a', 'b', 'c'],
    },
    {
      name: 'empty members are dropped',
      rfc: 'RFC 9110 §5.6.1.2',
      level: 'MUST',
      given: ' , a,, ,b, ',
      expected: ['a', 'b'],
    },
    {name: 'an empty text has no members', rfc: 'RFC 9110 §5.6.1', level: 'MUST', given: '', expected: []},
    {
      name: 'a comma inside quotes separates nothing',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: 'a="1, 2", b',
      expected: ['a="1, 2"', 'b'],
    },
    {
      name: 'an escaped quote closes nothing',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: 'a="\\", b", c',
      expected: ['a="\\", b"', 'c'],
    },
    {
      name: 'an escaped backslash escapes nothing further',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: 'a="\\\\", b',
      expected: ['a="\\\\"', 'b'],
    },
    {
      name: 'one member may hold several quoted strings',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: 'a="1,";b="2,", c',
      expected: ['a="1,";b="2,"', 'c'],
    },
    {
      name: 'quotes in later members are seen',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: 'a, b, c="1, 2", d',
      expected: ['a', 'b', 'c="1, 2"', 'd'],
    },
    {
      name: 'a quote that never closes hides nothing',
      rfc: 'RFC 9110 §5.6.4',
      level: 'CHOICE',
      given: 'a="1, no-store',
      expected: ['a="1', 'no-store'],
    },
    {
      name: 'a quote that never closes leaves earlier ones alone',
      rfc: 'RFC 9110 §5.6.4',
      level: 'CHOICE',
      given: 'a="1, 2", b="3, c',
      expected: ['a="1, 2"', 'b="3', 'c'],
    },
    {
      name: 'a backslash outside quotes is a character',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: 'a\\, b',
      expected: ['a\\', 'b'],
    },
    {
      name: 'a no-break space is no white space',
      rfc: 'RFC 9110 §5.6.3',
      level: 'MUST',
      given: '\u00a0a',
      expected: ['\u00a0a'],
    },
  ])('$name ($rfc, $level)', ({given, expected}) => {
    expect(parseList(given)).toEqual(expected);
  });

  test('no text throws, and every member is trimmed and not empty', () => {
    fc.assert(
      fc.property(fc.string({unit: fc.constantFrom('"', '\\', ',', ' ', '\t', 'a', '=', '\u00e4')}), text => {
        for (const member of parseList(text)) {
          expect(member).not.toBe('');
          expect(member).toBe(trimmed(member));
          expect(text).toContain(member);
        }
      }),
    );
  });

  test('a list of tokens and quoted strings is read as it was written', () => {
    const member = fc.oneof(
      fc.stringMatching(/^[a-z0-9-]+$/),
      fc.string().map(text => `"${text.replace(/["\\]/g, '\\$&')}"`),
    );
    fc.assert(
      fc.property(fc.array(member), members => {
        expect(parseList(members.join(' , '))).toEqual(members);
      }),
    );
  });

  test('a long hostile text takes no more than linear time', () => {
    const texts = [
      '"\\",'.repeat(50_000),
      '",'.repeat(50_000),
      ' '.repeat(200_000),
      `"${'\\"'.repeat(100_000)}`,
      'a"b,'.repeat(50_000),
    ];
    const start = performance.now();
    for (const text of texts) parseList(text);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('isToken', () => {
  test.each(['a', 'no-cache', "!#$%&'*+-.^_`|~09AZaz"])('%j is a token (RFC 9110 §5.6.2)', text => {
    expect(isToken(text)).toBe(true);
  });

  test.each(['', 'a b', 'a,', '"a"', 'a=b', 'a\n', '\u00e4', 'a/b'])('%j is no token (RFC 9110 §5.6.2)', text => {
    expect(isToken(text)).toBe(false);
  });
});

describe('unquote', () => {
  test.each([
    {
      name: 'a quoted string gives its content',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: '"a, b"',
      expected: 'a, b',
    },
    {
      name: 'backslashes are resolved',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: '"a\\"b\\\\c\\d"',
      expected: 'a"b\\cd',
    },
    {
      name: 'an empty quoted string gives the empty text',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: '""',
      expected: '',
    },
    {name: 'a token comes back as it is', rfc: 'RFC 9110 §5.6.4', level: 'MUST', given: 'a', expected: 'a'},
    {name: 'an open quote comes back as it is', rfc: 'RFC 9110 §5.6.4', level: 'MUST', given: '"a', expected: '"a'},
    {name: 'a lone quote comes back as it is', rfc: 'RFC 9110 §5.6.4', level: 'MUST', given: '"', expected: '"'},
    {name: 'a closing quote comes back as it is', rfc: 'RFC 9110 §5.6.4', level: 'MUST', given: 'a"', expected: 'a"'},
    {
      name: 'an escaped last quote closes nothing',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: '"a\\"',
      expected: '"a\\"',
    },
    {
      name: 'text behind the closing quote makes it no quoted string',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: '"a"b"',
      expected: '"a"b"',
    },
  ])('$name ($rfc, $level)', ({given, expected}) => {
    expect(unquote(given)).toBe(expected);
  });

  test('what was quoted is read as it was', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(unquote(`"${text.replace(/["\\]/g, '\\$&')}"`)).toBe(text);
      }),
    );
  });

  test('no text throws', () => {
    fc.assert(
      fc.property(fc.string({unit: codeUnit}), text => {
        expect(unquote(text).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
