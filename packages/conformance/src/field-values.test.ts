import {describe, expect, test} from 'vitest';
import {linesByName, type Place, sentValue, valueIn} from './field-values.ts';

const now = Date.UTC(2026, 10, 22, 19, 53, 7, 900);

describe('a written value', () => {
  test.each<[name: string, value: string | number, place: Omit<Place, 'now'>, expected: string]>([
    ['Date', 0, {}, 'Sun, 22 Nov 2026 19:53:07 GMT'],
    ['expires', -8, {}, 'Sun, 22 Nov 2026 19:52:59 GMT'],
    ['If-Modified-Since', 60, {rfc850date: ['if-modified-since']}, 'Sunday, 22-Nov-26 19:54:07 GMT'],
    ['Date', 0, {rfc850date: ['expires']}, 'Sun, 22 Nov 2026 19:53:07 GMT'],
    ['Expires', '0', {}, '0'],
    ['Age', 30, {}, '30'],
    ['Location', 'a', {base: '/test/x'}, '/test/x/a'],
    ['Content-Location', '', {base: '/test/x'}, '/test/x'],
    ['Content-Location', '/bar', {}, '/bar'],
    ['Link', 'a', {base: '/test/x'}, 'a'],
  ])('of %s, %j, becomes what is sent', (name, value, place, expected) => {
    expect(sentValue(name, value, {now, ...place})).toBe(expected);
  });
});

describe('lines', () => {
  const fields = [
    ['Vary', 'a'],
    ['Age', '1'],
    ['vary', 'b'],
  ] as const;

  test('of one name are one value', () => {
    expect(valueIn(fields, 'VARY')).toBe('a, b');
    expect(valueIn(fields, 'Date')).toBeUndefined();
  });

  test('are grouped under the first spelling', () => {
    expect([...linesByName(fields)]).toEqual([
      ['Vary', ['a', 'b']],
      ['Age', ['1']],
    ]);
  });
});
