import * as fc from 'fast-check';
import {serializeList} from 'structured-headers';
import {expect, test} from 'vitest';
import {parseCacheGroups} from './cache-groups.ts';
import {Fields} from './fields.ts';

const groups = (...lines: readonly string[]) =>
  parseCacheGroups(Fields.from(lines.map(line => ['Cache-Groups', line] as const)), 'cache-groups');

test.each([
  {name: 'no field names no group', rfc: 'RFC 9875 §2', level: 'MUST', given: [], expected: []},
  {
    name: 'strings are groups',
    rfc: 'RFC 9875 §2',
    level: 'MUST',
    given: ['"scripts", "a b"'],
    expected: ['scripts', 'a b'],
  },
  {
    name: 'several lines are one list',
    rfc: 'RFC 9651 §4.2',
    level: 'MUST',
    given: ['"a"', '"b"'],
    expected: ['a', 'b'],
  },
  {name: 'case tells groups apart', rfc: 'RFC 9875 §2.1', level: 'MUST', given: ['"a", "A"'], expected: ['a', 'A']},
  {name: 'repeats count once', rfc: 'RFC 9875 §2', level: 'MUST', given: ['"a", "a"'], expected: ['a']},
  {name: 'escapes are resolved', rfc: 'RFC 9651 §4.2.5', level: 'MUST', given: ['"a\\"b"'], expected: ['a"b']},
  {name: 'parameters are ignored', rfc: 'RFC 9875 §2', level: 'MUST', given: ['"a";x=1'], expected: ['a']},
  {name: 'a token makes the field unreadable', rfc: 'RFC 9651 §4.2', level: 'MUST', given: ['"a", b'], expected: []},
  {name: 'a number makes the field unreadable', rfc: 'RFC 9651 §4.2', level: 'MUST', given: ['1'], expected: []},
  {
    name: 'an inner list makes the field unreadable',
    rfc: 'RFC 9651 §4.2',
    level: 'MUST',
    given: ['("a" "b")'],
    expected: [],
  },
  {
    name: 'an open quote makes the field unreadable',
    rfc: 'RFC 9651 §4.2',
    level: 'MUST',
    given: ['"a", "b'],
    expected: [],
  },
  {
    name: 'a trailing comma makes the field unreadable',
    rfc: 'RFC 9651 §4.2',
    level: 'MUST',
    given: ['"a",'],
    expected: [],
  },
  {name: 'an empty field names no group', rfc: 'RFC 9651 §4.2', level: 'MUST', given: [''], expected: []},
  {
    name: '__proto__ is a group like any other',
    rfc: 'RFC 9875 §2',
    level: 'MUST',
    given: ['"__proto__"'],
    expected: ['__proto__'],
  },
])('$name ($rfc, $level)', ({given, expected}) => {
  expect(groups(...given)).toEqual(expected);
});

test('the groups to invalidate are read from their own field (RFC 9875 §3)', () => {
  const fields = Fields.from({'Cache-Groups': '"a"', 'Cache-Group-Invalidation': '"b"'});
  expect(parseCacheGroups(fields, 'cache-group-invalidation')).toEqual(['b']);
});

test('32 groups of 32 characters are kept (RFC 9875 §2, MUST)', () => {
  const names = Array.from({length: 32}, (_, index) => String(index).padStart(32, 'x'));
  expect(groups(serializeList(names.map(name => [name, new Map()])))).toEqual(names);
});

test('a group of 128 characters is kept', () => {
  expect(groups(`"${'x'.repeat(128)}"`)).toEqual(['x'.repeat(128)]);
});

test('overlong groups and those past the limit are dropped', () => {
  const names = Array.from({length: 200}, (_, index) => `g${index}`);
  expect(groups(`"${'x'.repeat(129)}", ${serializeList(names.map(name => [name, new Map()]))}`)).toEqual(
    names.slice(0, 128),
  );
});

test('what a list of strings says is read again', () => {
  const printable = fc.string({unit: 'grapheme-ascii', maxLength: 128});
  fc.assert(
    fc.property(fc.uniqueArray(printable, {maxLength: 128}), names => {
      expect(groups(serializeList(names.map(name => [name, new Map()])))).toEqual(names);
    }),
  );
});

test('no text throws', () => {
  fc.assert(
    fc.property(
      fc.string({unit: fc.constantFrom('"', '\\', ',', ' ', '(', ')', ';', '=', 'a', '1', ':', '?', '@', '%')}),
      text => {
        expect(() => groups(text)).not.toThrow();
      },
    ),
  );
});
