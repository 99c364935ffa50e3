import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {parseDuration, parseDurationText} from './duration.ts';

describe('parseDuration', () => {
  test.each([
    [0, 0],
    [1500, 1.5],
    [0.5, 0.0005],
    ['500ms', 0.5],
    ['0s', 0],
    ['90s', 90],
    ['5m', 300],
    ['1h', 3600],
    ['1.5h', 5400],
    ['7d', 604_800],
    ['2w', 1_209_600],
  ])('%j is %d seconds', (value, seconds) => {
    expect(parseDuration(value, 'ttl')).toBe(seconds);
  });

  test.each([
    ['5 min', '"5 min"'],
    ['5', '"5"'],
    ['', '""'],
    ['5M', '"5M"'],
    ['-5s', '"-5s"'],
    ['1e3s', '"1e3s"'],
    [' 5s', '" 5s"'],
    ['5s\n', '"5s\\n"'],
    ['1h30m', '"1h30m"'],
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [5n, '5'],
    [{}, '{}'],
    [[], '[]'],
    [new Date(0), 'a Date'],
    [() => 5, 'a function'],
    [Symbol('x'), 'Symbol(x)'],
  ])('refuses %s', (value, shown) => {
    const allowed = 'milliseconds or text like "90s", "5m", "7d"';
    expect(() => parseDuration(value, 'rules[2].ttl')).toThrow(
      new TypeError(`limpid: rules[2].ttl is ${shown}; allowed: ${allowed}`),
    );
  });

  test('a number too long to be finite is refused', () => {
    expect(parseDurationText(`${'9'.repeat(400)}d`)).toBeUndefined();
  });

  test('text is read or not, never in part', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const span = parseDurationText(text);
        return span === undefined || (Number.isFinite(span) && span >= 0);
      }),
    );
  });
});
