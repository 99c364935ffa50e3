import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {Fields} from './fields.ts';
import {parseVary} from './vary.ts';

const vary = (...lines: readonly string[]) => parseVary(Fields.from(lines.map(line => ['Vary', line] as const)));

test.each([
  {name: 'no field nominates nothing', rfc: '4.1', level: 'MUST', given: [], expected: []},
  {name: 'an empty field nominates nothing', rfc: '4.1', level: 'MUST', given: [''], expected: []},
  {
    name: 'names are lower case and sorted',
    rfc: 'RFC 9110 §5.1',
    level: 'MUST',
    given: ['Foo, ACCEPT'],
    expected: ['accept', 'foo'],
  },
  {
    name: 'repeats over several lines count once',
    rfc: 'RFC 9110 §5.3',
    level: 'MUST',
    given: ['Foo', 'foo, bar'],
    expected: ['bar', 'foo'],
  },
  {name: 'a star matches nothing', rfc: '4.1', level: 'MUST', given: ['*'], expected: '*'},
  {name: 'a star beside names wins', rfc: '4.1', level: 'MUST', given: ['Foo, *'], expected: '*'},
  {name: 'a star before names wins', rfc: '4.1', level: 'MUST', given: ['*, Foo'], expected: '*'},
  {name: 'a star on a later line wins', rfc: '4.1', level: 'MUST', given: ['', '*'], expected: '*'},
  {name: 'a star within a name is a name', rfc: 'RFC 9110 §5.1', level: 'MUST', given: ['x-*'], expected: ['x-*']},
  {
    name: 'what is no field name counts as a star',
    rfc: 'RFC 9110 §12.5.5',
    level: 'CHOICE',
    given: ['Accept Encoding'],
    expected: '*',
  },
  {
    name: 'a quoted name counts as a star',
    rfc: 'RFC 9110 §12.5.5',
    level: 'CHOICE',
    given: ['"Accept"'],
    expected: '*',
  },
  {
    name: '__proto__ is a name like any other',
    rfc: 'RFC 9110 §5.1',
    level: 'MUST',
    given: ['__proto__, constructor'],
    expected: ['__proto__', 'constructor'],
  },
])('$name ($rfc, $level)', ({given, expected}) => {
  expect(vary(...given)).toEqual(expected);
});

test('no text throws, and names are distinct and sorted', () => {
  fc.assert(
    fc.property(fc.string({unit: fc.constantFrom('*', ',', ' ', 'a', 'B', '"', '\u0130')}), text => {
      const names = vary(text);
      if (names !== '*') expect(names).toEqual([...new Set(names)].toSorted());
    }),
  );
});
