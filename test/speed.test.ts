import {describe, expect, test} from 'vitest';
import {textOf} from '../scripts/source.ts';
import {block, keyOf, shown, unexplained} from '../scripts/speed/block.ts';
import {type Figures, figuresOf, middle, type Run} from '../scripts/speed/figures.ts';
import {keptFigures, keptReasons, published} from '../scripts/speed.ts';

const hit = (contender: string, bytes: number, json: number) =>
  (['bytes', 'json'] as const).map(measure => ({
    contender,
    measure,
    unit: 'µs',
    median: measure === 'bytes' ? bytes : json,
  }));

/** A run in which limpid takes so long, beside a floor of 10 µs. */
const runWith = (took: number, isMet: boolean): Run => ({
  node: 'v24.21.0',
  rows: [
    {
      name: 'hit-fetch',
      title: 'A fresh hit',
      cells: [...hit('floor-http', 10, 12), ...hit('limpid-fetch', took, took + 2), ...hit('got', 150, 160)],
      goals: [{text: 'limpid-fetch bytes ≤ 0.45 × floor-http', value: took / 10, isMet}],
    },
  ],
});

const figures: Figures = figuresOf([runWith(4, true), runWith(5.004, false), runWith(4.4, true)], '2026-03-04');
const missed = keyOf('hit-fetch', 'limpid-fetch bytes ≤ 0.45 × floor-http');
const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line.startsWith('| '));

describe('the section about speed', () => {
  test('shows medians of runs, the fastest first, and what they are compared with', () => {
    expect(linesOf(block(figures, [])).slice(0, 5)).toEqual([
      '| a fresh hit of 1 KiB | bytes, µs | json, µs | bytes compared |',
      '| --- | ---: | ---: | --- |',
      '| **limpid-fetch** | 4.40 | 6.40 | 0.440 × floor-http |',
      '| floor-http | 10.0 | 12.0 | 1.00 × floor-http |',
      '| got | 150 | 160 | 15.0 × floor-http |',
    ]);
  });

  test('counts a goal as met when every run meets it, and shows all values of one that is not', () => {
    const text = block(figures, [{why: 'It is the second run.', goals: [missed]}]);
    expect(text).toContain('0 of the 1 goals of the rows measured are met in every run.');
    expect(linesOf(text).at(-1)).toBe(
      '| hit-fetch | limpid-fetch bytes ≤ 0.45 × floor-http | 0.400, 0.500, 0.440 | It is the second run. |',
    );
    expect(block(figuresOf([runWith(4, true)], '2026-03-04'), [])).toContain('1 of the 1 goals');
  });

  test('says once why several goals of a row are missed', () => {
    const slow = runWith(5, false);
    const jsonGoal = {text: 'limpid-fetch json ≤ 0.6 × floor-http', value: 0.7, isMet: false};
    const rows = slow.rows.flatMap(one =>
      ['hit-bun', 'hit-fetch'].map(name => ({...one, name, goals: [...one.goals, jsonGoal]})),
    );
    const goals = rows.flatMap(({name, goals: own}) => own.map(({text}) => keyOf(name, text)));
    const text = block(figuresOf([{...slow, rows}], '2026-03-04'), [{why: 'Both are slow.', goals}]);
    const missedGoals = 'limpid-fetch bytes ≤ 0.45 × floor-http<br>limpid-fetch json ≤ 0.6 × floor-http';
    expect(linesOf(text).slice(-2)).toEqual(
      ['hit-bun', 'hit-fetch'].map(name => `| ${name} | ${missedGoals} | 0.500<br>0.700 | Both are slow. |`),
    );
  });

  test('says when runs measured different rows', () => {
    const [whole, empty] = [runWith(4, true), {node: 'v24.21.0', rows: []}];
    expect(block(figuresOf([whole, empty], '2026-03-04'), [])).toContain(
      'in every run. Not every run measured every row.',
    );
    expect(block(figuresOf([whole, whole], '2026-03-04'), [])).not.toContain('Not every run');
  });

  test('says when and how often was measured, and on what', () => {
    expect(block(figures, [])).toMatch(/^Measured 3 times on 2026-03-04 with Node v24\.21\.0,/);
  });
});

describe('what is not explained', () => {
  test('is a goal missed in any run, and a reason without need', () => {
    expect(unexplained(figures, [])).toEqual([`not met, and nothing says why: ${missed}`]);
    expect(unexplained(figures, [{why: 'why', goals: [missed, 'hit-fetch: other']}])).toEqual([
      'met or not measured, and still explained: hit-fetch: other',
    ]);
    const reason = {why: 'why', goals: [missed]};
    expect(unexplained(figures, [reason, reason])).toEqual([`explained twice: ${missed}`]);
  });
});

test('figures keep three digits and drop what only matters while measuring', () => {
  expect(figures.runs[1]?.[0]?.cells[2]).toEqual({contender: 'limpid-fetch', measure: 'bytes', unit: 'µs', median: 5});
});

test.each<[values: readonly number[], expected: number]>([
  [[3, 1, 2], 2],
  [[4, 1], 2.5],
  [[], Number.NaN],
])('the median of %o is %d', (values, expected) => {
  expect(middle(values)).toBe(expected);
});

test.each<[value: number | null, expected: string]>([
  [1234.5, '1235'],
  [12.34, '12.3'],
  [0.0123, '0.0123'],
  [null, '–'],
])('%d is shown as %s', (value, expected) => {
  expect(shown(value)).toBe(expected);
});

test('README.md shows the figures that are kept, and explains what is missed', () => {
  const readme = textOf('README.md');
  expect(published(readme, keptFigures(), keptReasons())).toBe(readme);
  expect(unexplained(keptFigures(), keptReasons())).toEqual([]);
});
