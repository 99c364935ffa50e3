/** @see RFC 9110 §5.2, §5.3 */
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {type Change, type FieldLine, Fields} from './fields.ts';

const name = fc.oneof(
  fc.constantFrom('accept', 'Set-Cookie', 'x-A', '__proto__', 'constructor'),
  fc.stringMatching(/^[a-z-]+$/),
);
const value = fc.stringMatching(/^(?:[!-~]([ -~]*[!-~])?)?$/);
const lines = fc.array(fc.tuple(name, value));

describe('Fields.from', () => {
  test.each([
    {
      name: 'Headers',
      given: new Headers([
        ['X-A', '1'],
        ['x-b', '2'],
      ]),
      expected: [
        ['x-a', '1'],
        ['x-b', '2'],
      ],
    },
    {
      name: 'pairs',
      given: [
        ['X-A', ' 1 '],
        ['x-a', '2'],
      ] as const,
      expected: [
        ['x-a', '1'],
        ['x-a', '2'],
      ],
    },
    {
      name: 'a record',
      given: {'X-A': '1', 'X-N': 5, 'X-Gone': undefined},
      expected: [
        ['x-a', '1'],
        ['x-n', '5'],
      ],
    },
    {
      name: 'a record with several values',
      given: {'Set-Cookie': ['a=1', 'b=2']},
      expected: [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ],
    },
    {name: 'an empty array value', given: {'x-a': []}, expected: []},
    {name: 'a null that types forbid', given: JSON.parse('{"x-a": null, "x-b": "1"}'), expected: [['x-b', '1']]},
  ])('$name becomes lines with lower-case names and trimmed values', ({given, expected}) => {
    expect([...Fields.from(given)]).toEqual(expected);
  });

  test('Set-Cookie lines of Headers stay apart', () => {
    const headers = new Headers();
    headers.append('set-cookie', 'a=1');
    headers.append('set-cookie', 'b=2');
    expect(Fields.from(headers).lines('set-cookie')).toEqual(['a=1', 'b=2']);
  });

  test('only white space of HTTP is trimmed', () => {
    expect(Fields.from({a: '\u00a0x\u00a0', b: '\t x\r\n'}).get('a')).toBe('\u00a0x\u00a0');
    expect(Fields.from({b: '\t x\r\n'}).get('b')).toBe('x');
  });

  test('a later change of the source changes nothing', () => {
    const pair: [string, string] = ['a', '1'];
    const source = [pair];
    const fields = Fields.from(source);
    pair[1] = '2';
    source.push(['b', '3']);
    expect([...fields]).toEqual([['a', '1']]);
  });

  test('Fields come back as the same object', () => {
    const fields = Fields.from({a: '1'});
    expect(Fields.from(fields)).toBe(fields);
  });
});

describe('Fields', () => {
  const fields = Fields.from([
    ['A', '1'],
    ['b', '2'],
    ['a', '3'],
    ['Cookie', 'x=1'],
    ['cookie', 'y=2'],
  ]);

  test('get combines lines by comma, and cookie lines by semicolon', () => {
    expect(fields.get('a')).toBe('1, 3');
    expect(fields.get('cookie')).toBe('x=1; y=2');
    expect(fields.get('c')).toBeUndefined();
  });

  test('an empty value is there', () => {
    expect(Fields.from({a: ''}).get('a')).toBe('');
    expect(Fields.from({a: ''}).has('a')).toBe(true);
  });

  test('what no line names is not there', () => {
    expect(fields.has('c')).toBe(false);
    expect([...Fields.none]).toEqual([]);
  });

  test('names are distinct and in order of first appearance', () => {
    expect(fields.names()).toEqual(['a', 'b', 'cookie']);
  });

  test('with leaves one line, plus adds one, without removes all, and none changes the original', () => {
    expect(Array.from(fields.with('a', '9'))).toEqual([...fields.without(['a']), ['a', '9']]);
    expect(fields.plus('a', '9').lines('a')).toEqual(['1', '3', '9']);
    expect(fields.without(['a', 'cookie']).names()).toEqual(['b']);
    expect(fields.lines('a')).toEqual(['1', '3']);
  });

  test('without returns the same object when there is nothing to remove', () => {
    expect(fields.without(['zzz'])).toBe(fields);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is a name like any other', special => {
    const source: Record<string, string> = JSON.parse(`{"${special}": "x"}`);
    expect(Fields.from(source).get(special.toLowerCase())).toBe('x');
    expect(Fields.none.get(special)).toBeUndefined();
    expect(Fields.none.has(special)).toBe(false);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test('order and repeats are kept', () => {
    fc.assert(
      fc.property(lines, pairs => {
        const expected = pairs.map(([key, text]): FieldLine => [key.toLowerCase(), text]);
        expect([...Fields.from(pairs)]).toEqual(expected);
        expect([...Fields.from(Fields.from(pairs))]).toEqual(expected);
      }),
    );
  });

  test('get is the lines, combined', () => {
    fc.assert(
      fc.property(lines, pairs => {
        const all = Fields.from(pairs);
        for (const key of all.names()) expect(all.get(key)).toBe(all.lines(key).join(', '));
      }),
    );
  });
});

describe('fields that are kept', () => {
  test('are the same lines in the same order', () => {
    const given = [
      ['a', '1'],
      ['set-cookie', 'x=1'],
      ['set-cookie', 'set-cookie'],
      ['b', 'x=1'],
    ] as const;
    expect([...Fields.from(given).kept()]).toEqual(given);
    expect([...Fields.none.kept()]).toEqual([]);
  });
});

describe('fields that are made later', () => {
  test('are made once, and only when somebody looks', () => {
    let made = 0;
    const fields = Fields.later(() => {
      made += 1;
      return {base: Fields.from({a: '1', b: '2'}), changes: []};
    });
    expect(made).toBe(0);
    expect([fields.get('a'), fields.has('b'), fields.names()]).toEqual(['1', true, ['a', 'b']]);
    expect([...fields.plus('c', '3')]).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ]);
    expect(made).toBe(1);
  });

  test('may be made of fields that are made later', () => {
    const base = Fields.later(() => ({base: Fields.from({a: '1'}), changes: [['append', 'a', '2']]}));
    const fields = Fields.later(() => ({base, changes: [['append', 'a', '3']]}));
    expect(fields.lines('a')).toEqual(['1', '2', '3']);
  });

  test('tell what they will be made of until they are', () => {
    const recipe = {base: Fields.from({a: '1'}), changes: [['set', 'a', '2']]} as const;
    const fields = Fields.later(() => recipe);
    expect(fields.recipe).toBe(recipe);
    expect(fields.get('a')).toBe('2');
    expect(fields.recipe).toBeUndefined();
    expect(recipe.base.recipe).toBeUndefined();
  });
});

test('changes are made as Headers makes them, one after another', () => {
  const how = fc.constantFrom('set' as const, 'append' as const);
  fc.assert(
    fc.property(lines, fc.array(fc.tuple(how, name, value)), (given, changes) => {
      const headers = new Headers(given);
      for (const [method, ...line] of changes) headers[method](...line);
      const lower = changes.map(([method, ...line]): Change => [method, line[0].toLowerCase(), line[1]]);
      expect([...new Headers(Array.from(Fields.from(given).changed(lower), ([...line]) => line))]).toEqual([
        ...headers,
      ]);
    }),
  );
});

test('fields of two are those of the first, then those of the second', () => {
  expect([...Fields.from({a: '1'}).and(Fields.from({a: '2', b: '3'}))]).toEqual([
    ['a', '1'],
    ['a', '2'],
    ['b', '3'],
  ]);
});
