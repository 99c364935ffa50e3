import {describe, expect, test} from 'vitest';
import {random, uniform, zipf} from './random.ts';

test('chance is the same each time', () => {
  const [one, other] = [random(7), random(7)];
  const three = [one(), one(), one()];
  expect([other(), other(), other()]).toEqual(three);
  expect(new Set(three).size).toBe(3);
  for (const value of three) expect(value).toSatisfy((number: number) => number >= 0 && number < 1);
});

describe('picks', () => {
  const countOf = (picks: readonly number[], wanted: number): number => picks.filter(pick => pick === wanted).length;

  test('of zipf come by rank: the first about twice as often as the second', () => {
    const picks = zipf(100, 50_000);
    expect(countOf(picks, 0) / countOf(picks, 1)).toBeCloseTo(2, 0);
    expect(Math.max(...picks)).toBeLessThan(100);
    expect(Math.min(...picks)).toBe(0);
  });

  test('that are uniform are equally likely', () => {
    const picks = uniform(4, 40_000);
    for (let pick = 0; pick < 4; pick++) expect(countOf(picks, pick) / 10_000).toBeCloseTo(1, 1);
  });
});
