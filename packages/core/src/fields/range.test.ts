import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {type ContentRange, formatContentRange, parseContentRange} from './content-range.ts';
import {parseRange} from './range.ts';

const from = (first: number, last?: number) => ({type: 'positions', first, last});
const end = (length: number) => ({type: 'suffix', length});
const max = Number.MAX_SAFE_INTEGER;

describe('parseRange', () => {
  test.each([
    ['bytes=0-4', from(0, 4)],
    ['bytes=4-', from(4)],
    ['bytes=-50', end(50)],
    ['BYTES=0-0', from(0, 0)],
    ['bytes= 0-4 ', from(0, 4)],
    ['bytes=,0-4,', from(0, 4)],
    ['bytes=-0', end(0)],
    [`bytes=0-${'9'.repeat(40)}`, from(0, max)],
    [`bytes=${'9'.repeat(40)}-`, from(max)],
    ['bytes=0-1,4-5', 'unsupported'],
    ['bytes=0-1, 4-x', 'unsupported'],
    ['lines=0-4', 'unsupported'],
    ['kilobytes=0-4', 'unsupported'],
    ['bytes=5-4', 'invalid'],
    ['bytes=', 'invalid'],
    ['bytes=,', 'invalid'],
    ['bytes=-', 'invalid'],
    ['bytes=a-4', 'invalid'],
    ['bytes=0-4x', 'invalid'],
    ['bytes=-5x', 'invalid'],
    ['bytes=0.5-4', 'invalid'],
    ['bytes=+0-4', 'invalid'],
    ['bytes=0 - 4', 'invalid'],
    ['bytes 0-4', 'invalid'],
    ['', 'invalid'],
  ])('%j is %j', (value, expected) => {
    expect(parseRange(value)).toEqual(expected);
  });

  test('a text of any kind is read without a throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map(text => `bytes=${text}`),
        ),
        value => {
          const range = parseRange(value);
          if (typeof range === 'object' && range.type === 'positions')
            expect(range.last ?? max).toBeGreaterThanOrEqual(range.first);
        },
      ),
    );
  });
});

describe('parseContentRange', () => {
  test.each([
    ['bytes 0-4/10', {first: 0, last: 4, complete: 10}],
    ['bytes 0-4/*', {first: 0, last: 4, complete: undefined}],
    ['Bytes  9-9/10', {first: 9, last: 9, complete: 10}],
    ['bytes 0-10/10', 'invalid'],
    ['bytes 4-0/10', 'invalid'],
    ['bytes */10', 'invalid'],
    ['bytes 0-4', 'invalid'],
    ['bytes=0-4/10', 'invalid'],
    ['lines 0-4/10', 'invalid'],
    [`bytes 0-4/${'9'.repeat(40)}`, 'invalid'],
    [`bytes 0-${'9'.repeat(40)}/*`, 'invalid'],
    ['bytes 0-4/10, bytes 5-9/10', 'invalid'],
    ['', 'invalid'],
  ])('%j is %j', (value, expected) => {
    expect(parseContentRange(value)).toEqual(expected);
  });

  const range: fc.Arbitrary<ContentRange> = fc
    .tuple(fc.nat(), fc.nat(), fc.option(fc.nat(), {nil: undefined}))
    .map(([first, more, rest]) => ({
      first,
      last: first + more,
      complete: rest === undefined ? undefined : first + more + 1 + rest,
    }));

  test('what is formatted is read back', () => {
    fc.assert(
      fc.property(range, one => {
        expect(parseContentRange(formatContentRange(one))).toEqual(one);
      }),
    );
  });
});
