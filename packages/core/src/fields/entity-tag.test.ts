import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
  type EntityTag,
  formatEntityTag,
  isStrongMatch,
  isWeakMatch,
  parseEntityTag,
  parseEntityTags,
} from './entity-tag.ts';

const strong = (opaque: string): EntityTag => ({weak: false, opaque});
const weak = (opaque: string): EntityTag => ({weak: true, opaque});
const anyTag = fc.record({weak: fc.boolean(), opaque: fc.stringMatching(/^[!#-~\u0080-\u00ff]*$/)});

describe('parseEntityTag', () => {
  test.each([
    {name: 'a strong tag', rfc: 'RFC 9110 §8.8.3', level: 'MUST', given: '"abc"', expected: strong('abc')},
    {name: 'a weak tag', rfc: 'RFC 9110 §8.8.3', level: 'MUST', given: 'W/"abc"', expected: weak('abc')},
    {name: 'an empty tag', rfc: 'RFC 9110 §8.8.3', level: 'MUST', given: '""', expected: strong('')},
    {
      name: 'a backslash and a comma',
      rfc: 'RFC 9110 §8.8.3',
      level: 'MUST',
      given: '"a\\,b\\"',
      expected: strong('a\\,b\\'),
    },
    {name: 'obs-text', rfc: 'RFC 9110 §8.8.3', level: 'MUST', given: '"abc\u00fc"', expected: strong('abc\u00fc')},
  ])('$name is read ($rfc, $level)', ({given, expected}) => {
    expect(parseEntityTag(given)).toEqual(expected);
  });

  test.each([
    '',
    'abc',
    '"abc',
    'abc"',
    '"',
    'w/"abc"',
    'W"abc"',
    'W\\"abc"',
    'W/ "abc"',
    '"a"b"',
    '"a b"',
    '"a\n"',
    '*',
    '"a", "b"',
  ])('%j is no entity tag (RFC 9110 §8.8.3, MUST)', given => {
    expect(parseEntityTag(given)).toBe('invalid');
  });

  test('what is formatted is read again', () => {
    fc.assert(
      fc.property(anyTag, tag => {
        expect(parseEntityTag(formatEntityTag(tag))).toEqual(tag);
      }),
    );
  });
});

describe('parseEntityTags', () => {
  test.each([
    {name: 'any', rfc: 'RFC 9110 §13.1.2', level: 'MUST', given: '*', expected: '*'},
    {name: 'one tag', rfc: 'RFC 9110 §13.1.2', level: 'MUST', given: '"a"', expected: [strong('a')]},
    {
      name: 'several tags',
      rfc: 'RFC 9110 §13.1.2',
      level: 'MUST',
      given: '"a", W/"b","c"',
      expected: [strong('a'), weak('b'), strong('c')],
    },
    {
      name: 'a comma within a tag',
      rfc: 'RFC 9110 §13.1.2',
      level: 'MUST',
      given: '"a,b" , "c"',
      expected: [strong('a,b'), strong('c')],
    },
    {
      name: 'a backslash before the closing quote',
      rfc: 'RFC 9110 §13.1.2',
      level: 'MUST',
      given: '"a\\", "b"',
      expected: [strong('a\\'), strong('b')],
    },
    {
      name: 'empty members',
      rfc: 'RFC 9110 §13.1.2',
      level: 'MUST',
      given: ', "a",, "b" ,\t',
      expected: [strong('a'), strong('b')],
    },
    {name: 'no member', rfc: 'RFC 9110 §13.1.2', level: 'CHOICE', given: ' , ', expected: 'invalid'},
    {name: 'the empty text', rfc: 'RFC 9110 §13.1.2', level: 'CHOICE', given: '', expected: 'invalid'},
    {name: 'an unquoted member', rfc: 'RFC 9110 §13.1.2', level: 'CHOICE', given: '"a", b', expected: 'invalid'},
    {name: 'a missing comma', rfc: 'RFC 9110 §13.1.2', level: 'CHOICE', given: '"a" "b"', expected: 'invalid'},
    {name: 'tags touching', rfc: 'RFC 9110 §13.1.2', level: 'CHOICE', given: '"a""b"', expected: 'invalid'},
    {name: 'any among tags', rfc: 'RFC 9110 §13.1.2', level: 'CHOICE', given: '"a", *', expected: 'invalid'},
    {name: 'an open quote', rfc: 'RFC 9110 §13.1.2', level: 'CHOICE', given: '"a", "b', expected: 'invalid'},
  ])('$name gives $expected ($rfc, $level)', ({given, expected}) => {
    expect(parseEntityTags(given)).toEqual(expected);
  });

  test('a list formatted is read again', () => {
    fc.assert(
      fc.property(fc.array(anyTag, {minLength: 1}), tags => {
        expect(parseEntityTags(tags.map(formatEntityTag).join(', '))).toEqual(tags);
      }),
    );
  });

  test('no text throws', () => {
    fc.assert(
      fc.property(fc.string({unit: fc.constantFrom('"', 'W', '/', ',', ' ', '*', '\\', 'a')}), text => {
        expect(() => [parseEntityTag(text), parseEntityTags(text)]).not.toThrow();
      }),
    );
  });

  test('a long hostile text takes no more than linear time', () => {
    const start = performance.now();
    for (const text of [
      ', '.repeat(100_000),
      `"a"${' '.repeat(200_000)}b`,
      `${'"a",'.repeat(50_000)}"`,
      '"'.repeat(200_000),
    ])
      parseEntityTags(text);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('comparison', () => {
  test.each([
    {rfc: 'RFC 9110 §8.8.3.2', level: 'MUST', a: weak('1'), b: weak('1'), strongly: false, weakly: true},
    {rfc: 'RFC 9110 §8.8.3.2', level: 'MUST', a: weak('1'), b: weak('2'), strongly: false, weakly: false},
    {rfc: 'RFC 9110 §8.8.3.2', level: 'MUST', a: weak('1'), b: strong('1'), strongly: false, weakly: true},
    {rfc: 'RFC 9110 §8.8.3.2', level: 'MUST', a: strong('1'), b: strong('1'), strongly: true, weakly: true},
    {rfc: 'RFC 9110 §8.8.3.2', level: 'MUST', a: strong('a'), b: strong('A'), strongly: false, weakly: false},
  ])('$a and $b match strongly: $strongly, weakly: $weakly ($rfc, $level)', ({a, b, strongly, weakly}) => {
    expect([isStrongMatch(a, b), isStrongMatch(b, a)]).toEqual([strongly, strongly]);
    expect([isWeakMatch(a, b), isWeakMatch(b, a)]).toEqual([weakly, weakly]);
  });
});
