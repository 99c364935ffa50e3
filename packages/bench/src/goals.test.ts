import {describe, expect, test} from 'vitest';
import {cellOf, resultOf} from '../test/results.ts';
import {verdictsOn} from './goals.ts';
import type {Goal} from './row.ts';

const cells = [
  cellOf('limpid-fetch', 'bytes', [4, 6, 5]),
  cellOf('floor-http', 'bytes', [10, 10, 10]),
  cellOf('by-hand', 'bytes', [20, 20, 20]),
  cellOf('got', 'bytes', [4, 4, 4]),
  cellOf('limpid-fetch', 'json', [8, 8, 8]),
];

const ours = {contender: 'limpid-fetch', measure: 'bytes'} as const;

describe('a goal is judged by', () => {
  test.each<[name: string, goal: Goal, value: number, isMet: boolean]>([
    ['a ratio to another', {...ours, type: 'ratio', limit: 0.5, of: {contender: 'floor-http'}}, 0.5, true],
    ['a ratio to itself', {...ours, type: 'ratio', limit: 0.6, of: {measure: 'json'}}, 5 / 8, false],
    ['what is added', {...ours, type: 'added', limit: -5, of: {contender: 'floor-http'}}, -5, true],
    ['a value', {...ours, type: 'value', limit: 4.9}, 5, false],
    ['the fastest peer', {...ours, type: 'ahead', limit: 1}, 1.25, false],
  ])('%s', (_, goal, value, isMet) => {
    expect(verdictsOn(resultOf(cells, [goal]))).toEqual([{goal, value, isMet, text: expect.any(String)}]);
  });

  test('growth over all points', () => {
    const grown = [1, 10, 100].map(x => cellOf('limpid-fetch', 'bytes', [2 * x], x));
    const [verdict] = verdictsOn(resultOf(grown, [{...ours, type: 'growth', limit: 0.15}]));
    expect(verdict?.value).toBeCloseTo(1);
    expect(verdict?.isMet).toBe(false);
  });
});

test('what was not measured meets no goal', () => {
  const goals: readonly Goal[] = [
    {...ours, type: 'value', limit: 9, contender: 'limpid-ky'},
    {...ours, type: 'ratio', limit: 9, of: {contender: 'floor-map'}},
    {...ours, type: 'value', limit: 9},
  ];
  const unmeasured = [cellOf('limpid-fetch', 'bytes', [undefined])];
  expect(verdictsOn(resultOf(unmeasured, goals)).map(({isMet}) => isMet)).toEqual([false, false, false]);
});

test('being ahead of nobody is nothing', () => {
  const alone = [cellOf('limpid-fetch', 'bytes', [1])];
  expect(verdictsOn(resultOf(alone, [{...ours, type: 'ahead', limit: 1}]))[0]?.isMet).toBe(false);
});

test.each<[Goal, string]>([
  [{...ours, type: 'ratio', limit: 0.5, of: {contender: 'floor-http'}}, 'limpid-fetch bytes ≤ 0.5 × floor-http'],
  [{...ours, type: 'ratio', limit: 2, of: {measure: 'json'}}, 'limpid-fetch bytes ≤ 2 × json'],
  [{...ours, type: 'added', limit: 20, of: {contender: 'got'}}, 'limpid-fetch bytes ≤ 20 µs over got'],
  [{...ours, type: 'value', limit: 3}, 'limpid-fetch bytes ≤ 3 µs'],
  [{...ours, type: 'growth', limit: 0.15}, 'limpid-fetch bytes grows at most like x^0.15'],
  [{...ours, type: 'ahead', limit: 1}, 'limpid-fetch bytes below the fastest peer'],
])('%o is told as "%s"', (goal, text) => {
  expect(verdictsOn(resultOf(cells, [goal]))[0]?.text).toBe(text);
});
