// Results in words and as data.

import {verdictsOn} from './goals.ts';
import type {Cell, Result} from './row.ts';
import {measured, median, quantile, ratio} from './statistics.ts';

/** Three significant digits, without exponents. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))));
  return value.toFixed(digits);
}

/**
 * What a contender is compared with: what its own goal names, else what a goal of the same client names, else the last
 * floor.
 */
function baseOf({row, cells}: Result, {contender, measure, x}: Cell): Cell | undefined {
  const goals = row.goals.filter(goal => goal.measure === measure && goal.of?.contender !== undefined);
  const own = goals.find(goal => goal.contender === contender);
  const alike = goals.find(({of}) => contender.includes(of?.contender?.split('-').at(-1) ?? contender));
  const name = (own ?? alike ?? goals[0])?.of?.contender;
  const same = cells.filter(cell => cell.measure === measure && cell.x === x);
  return same.find(cell => cell.contender === name) ?? same.filter(cell => isFloor(cell)).at(-1);
}

const isFloor = ({contender}: Cell): boolean => contender.startsWith('floor-');

type Line = readonly string[];

function lineOf(cell: Cell, result: Result): Line {
  const values = measured(cell.slots);
  const base = baseOf(result, cell);
  const compared = base === undefined ? '' : `${shown(ratio(cell.slots, base.slots))} × ${base.contender}`;
  const what = cell.x === undefined ? cell.measure : `${cell.measure} at ${cell.x}`;
  return [cell.contender, what, shown(median(values)), shown(quantile(values, 0.99)), cell.unit, compared];
}

const heading: Line = ['', '', 'median', 'p99', '', 'ratio'];

/** Lines of words under each other; numbers to the right. */
function aligned(lines: readonly Line[]): readonly string[] {
  const widths = heading.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0)));
  return lines.map(line =>
    line
      .map((word, column) => {
        const width = widths[column] ?? 0;
        return column === 2 || column === 3 ? word.padStart(width) : word.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** One row: who measured what, which goals are met, and who could not. */
export function rowLines(result: Result): readonly string[] {
  const {row, cells, failures} = result;
  const verdicts = verdictsOn(result).map(({text, value, isMet}) => `  ${isMet ? '✓' : '✗'} ${text}: ${shown(value)}`);
  return [
    `${row.name}: ${row.title}`,
    ...aligned([heading, ...cells.map(cell => lineOf(cell, result))]).map(line => `  ${line}`),
    ...verdicts,
    ...failures.map(({contender, x, message}) => `  ! ${contender}${x === undefined ? '' : ` at ${x}`}: ${message}`),
    '',
  ];
}

/** How many goals are met, and which are not. */
export function summaryLines(results: readonly Result[]): readonly string[] {
  const verdicts = results.flatMap(result => verdictsOn(result).map(verdict => ({...verdict, row: result.row.name})));
  const missed = verdicts.filter(({isMet}) => !isMet);
  return [
    `${verdicts.length - missed.length} of ${verdicts.length} goals are met`,
    ...missed.map(({row, text, value}) => `  ✗ ${row}: ${text}: ${shown(value)}`),
  ];
}

/** Everything that was measured, for other programs. */
export const asData = (results: readonly Result[]): unknown => ({
  node: process.version,
  rows: results.map(result => ({
    name: result.row.name,
    title: result.row.title,
    configurations: result.configurations,
    cells: result.cells.map(({contender, measure, x, unit, slots}) => ({
      contender,
      measure,
      x,
      unit,
      median: median(measured(slots)),
      p99: quantile(measured(slots), 0.99),
      slots: measured(slots),
    })),
    goals: verdictsOn(result).map(({text, value, isMet}) => ({text, value, isMet})),
    failures: result.failures.map(({contender, x, message}) => ({contender, x, message})),
  })),
});
