// Whether goals are met. A goal that could not be judged is not met.

import type {Cell, Contender, Goal, Result} from './row.ts';
import {difference, growth, measured, median, ratio} from './statistics.ts';

export type Verdict = {
  readonly goal: Goal;
  /** What was compared with the limit; NaN when something was not measured. */
  readonly value: number;
  readonly isMet: boolean;
  /** The goal in words. */
  readonly text: string;
};

const floor = /^floor-/;
const own = /^limpid-/;

const cellsOf = ({cells}: Result, contender: Contender, measure: string): readonly Cell[] =>
  cells.filter(cell => cell.contender === contender && cell.measure === measure);

/** The other side of a comparison. */
const reference = ({contender, measure, of = {}}: Goal): {readonly contender: Contender; readonly measure: string} => ({
  contender,
  measure,
  ...of,
});

const medianOf = (cell: Cell | undefined): number => (cell === undefined ? Number.NaN : median(measured(cell.slots)));

/** How much slower than the fastest peer: above 1 somebody is ahead. */
function besideFastest(result: Result, goal: Goal, cell: Cell): number {
  const peers = result.cells.filter(
    ({contender, measure}) => measure === goal.measure && !floor.test(contender) && !own.test(contender),
  );
  return peers.length === 0 ? Number.NaN : Math.max(...peers.map(peer => ratio(cell.slots, peer.slots)));
}

function judgedValue(result: Result, goal: Goal): number {
  const cells = cellsOf(result, goal.contender, goal.measure);
  const [cell] = cells;
  if (cell === undefined) return Number.NaN;
  if (goal.type === 'value') return medianOf(cell);
  if (goal.type === 'growth') return growth(cells.map(one => [one.x ?? Number.NaN, medianOf(one)]));
  if (goal.type === 'ahead') return besideFastest(result, goal, cell);
  const {contender, measure} = reference(goal);
  const [other] = cellsOf(result, contender, measure);
  if (other === undefined) return Number.NaN;
  return goal.type === 'ratio' ? ratio(cell.slots, other.slots) : difference(cell.slots, other.slots);
}

function textOf(goal: Goal, {row}: Result): string {
  const what = `${goal.contender} ${goal.measure}`;
  const unit = row.units[goal.measure] ?? 'µs';
  const {contender, measure} = reference(goal);
  const other = contender === goal.contender ? measure : contender;
  switch (goal.type) {
    case 'ratio':
      return `${what} ≤ ${goal.limit} × ${other}`;
    case 'added':
      return `${what} ≤ ${goal.limit} ${unit} over ${other}`;
    case 'value':
      return `${what} ≤ ${goal.limit} ${unit}`;
    case 'growth':
      return `${what} grows at most like x^${goal.limit}`;
    case 'ahead':
      return `${what} below the fastest peer`;
    default:
      return goal.type satisfies never;
  }
}

/** Every goal of a row, judged. */
export const verdictsOn = (result: Result): readonly Verdict[] =>
  result.row.goals.map(goal => {
    const value = judgedValue(result, goal);
    return {goal, value, isMet: value <= goal.limit, text: textOf(goal, result)};
  });
