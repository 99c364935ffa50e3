// Results made by hand.

import type {Cell, Contender, Failure, Goal, Result, Row} from '../src/row.ts';
import type {Slots} from '../src/statistics.ts';

export const cellOf = (contender: Contender, measure: string, slots: Slots, x?: number): Cell => ({
  row: 'made',
  contender,
  measure,
  x,
  unit: 'µs',
  slots,
});

export function resultOf(cells: readonly Cell[], goals: readonly Goal[] = [], changes: Partial<Row> = {}): Result {
  const row: Row = {
    name: 'made',
    title: 'Made by hand',
    task: 'hits',
    points: [{options: {}}],
    contenders: [],
    units: {},
    goals,
    ...changes,
  };
  const failures: readonly Failure[] = [];
  return {row, cells, failures, configurations: {}};
}
