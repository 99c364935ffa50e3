import {describe, expect, test} from 'vitest';
import {cellOf, resultOf} from '../test/results.ts';
import {asData, rowLines, shown, summaryLines} from './report.ts';
import type {Goal} from './row.ts';

const cells = [cellOf('floor-http', 'bytes', [10, 10]), cellOf('limpid-fetch', 'bytes', [4, 6])];

const goals: readonly Goal[] = [
  {contender: 'limpid-fetch', measure: 'bytes', type: 'ratio', limit: 0.45, of: {contender: 'floor-http'}},
  {contender: 'limpid-fetch', measure: 'bytes', type: 'value', limit: 9},
];

test.each([
  [0, '0.0000'],
  [0.01234, '0.0123'],
  [1.2345, '1.23'],
  [123.45, '123'],
  [12_345.6, '12346'],
  [-5.25, '-5.25'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('%d is shown as %s', (value, text) => {
  expect(shown(value)).toBe(text);
});

test('a row is told with its medians, ratios and goals', () => {
  expect(rowLines(resultOf(cells, goals))).toEqual([
    'made: Made by hand',
    '                       median   p99      ratio',
    '  floor-http    bytes    10.0  10.0  µs  1.00 × floor-http',
    '  limpid-fetch  bytes    5.00  5.98  µs  0.500 × floor-http',
    '  ✗ limpid-fetch bytes ≤ 0.45 × floor-http: 0.500',
    '  ✓ limpid-fetch bytes ≤ 9 µs: 5.00',
    '',
  ]);
});

test('who could not measure is named', () => {
  const failures = [{row: 'made', contender: 'got', x: 10, message: 'it broke'}] as const;
  expect(rowLines({...resultOf(cells), failures})).toContain('  ! got at 10: it broke');
});

describe('a contender is compared', () => {
  const lineWith = (name: string, all: readonly string[]): string | undefined =>
    all.find(line => line.includes(`  ${name}  `));

  test('with what the goal of its client names', () => {
    const both: readonly Goal[] = [
      {contender: 'limpid-ky', measure: 'json', type: 'ratio', limit: 1.2, of: {contender: 'floor-ky'}},
      {contender: 'limpid-axios', measure: 'json', type: 'ratio', limit: 1.25, of: {contender: 'floor-axios'}},
    ];
    const names = ['floor-ky', 'floor-axios', 'limpid-axios', 'undici-ky', 'axios-shared'] as const;
    const lines = rowLines(
      resultOf(
        names.map(name => cellOf(name, 'json', [1])),
        both,
      ),
    );
    expect(lineWith('limpid-axios', lines)).toMatch(/× floor-axios$/);
    expect(lineWith('undici-ky', lines)).toMatch(/× floor-ky$/);
    expect(lineWith('axios-shared', lines)).toMatch(/× floor-axios$/);
  });

  test('at the same point alone', () => {
    const growing = [cellOf('floor-http', 'bytes', [1], 10), cellOf('by-hand', 'bytes', [3], 20)];
    expect(rowLines(resultOf(growing)).at(-2)).toBe('  by-hand     bytes at 20    3.00  3.00  µs');
  });
});

test('the summary counts goals and names those that were missed', () => {
  expect(summaryLines([resultOf(cells, goals)])).toEqual([
    '1 of 2 goals are met',
    '  ✗ made: limpid-fetch bytes ≤ 0.45 × floor-http: 0.500',
  ]);
});

test('data hold every slot and verdict', () => {
  const data = JSON.parse(JSON.stringify(asData([resultOf(cells, goals)])));
  expect(data.rows[0].cells[1]).toMatchObject({contender: 'limpid-fetch', median: 5, slots: [4, 6]});
  expect(data.rows[0].goals[0]).toMatchObject({value: 0.5, isMet: false});
});
