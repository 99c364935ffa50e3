import {describe, expect, test} from 'vitest';
import {difference, growth, measured, median, paired, quantile, ratio, type Slots} from './statistics.ts';

describe('a quantile', () => {
  test.each<[values: readonly number[], share: number, expected: number]>([
    [[3], 0.99, 3],
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 2, 3], 0.5, 2.5],
    [[1, 2], 0.25, 1.25],
    [[5, 1, 3], 0, 1],
    [[5, 1, 3], 1, 5],
    [[], 0.5, Number.NaN],
  ])('of %o at %d is %d', (values, share, expected) => {
    expect(quantile(values, share)).toBe(expected);
  });

  test('leaves its values in their order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('a comparison', () => {
  const left: Slots = [10, undefined, 30, 50];
  const right: Slots = [5, 5, undefined, 10];

  test('counts only rounds that both were measured in', () => {
    expect(paired(left, right)).toEqual([
      [10, 5],
      [50, 10],
    ]);
    expect(measured(left)).toEqual([10, 30, 50]);
  });

  test('is a ratio of medians', () => {
    expect(ratio(left, right)).toBe(30 / 7.5);
  });

  test('is a median of differences', () => {
    expect(difference(left, right)).toBe(22.5);
  });

  test('of nothing is no number', () => {
    expect(ratio([], [])).toBeNaN();
    expect(difference([undefined], [1])).toBeNaN();
  });
});

describe('growth', () => {
  test.each<[name: string, cost: (x: number) => number, expected: number]>([
    ['flat', () => 7, 0],
    ['linear', x => 3 * x, 1],
    ['quadratic', x => x * x, 2],
  ])('that is %s has its exponent', (_, cost, expected) => {
    const points = [1, 10, 100].map(x => [x, cost(x)] as const);
    expect(growth(points)).toBeCloseTo(expected);
  });

  test('that is logarithmic stays under the limit of the rows', () => {
    const points = [1e3, 1e4, 1e5, 1e6].map(x => [x, Math.log(x)] as const);
    expect(growth(points)).toBeLessThan(0.15);
  });
});
