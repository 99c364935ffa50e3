// Who measures when: contenders take turns, slot by slot, so that whatever the machine does befalls all alike.

import {type Child, start} from './child.ts';
import type {Cell, Contender, Failure, Point, Result, Row} from './row.ts';
import type {SubjectName} from './subjects.ts';
import {inParallel} from './timing.ts';

/** How much is measured. */
export type Effort = {
  readonly rounds: number;
  readonly slot: number;
  readonly warmUp: number;
  /** How many points of each row are measured. */
  readonly points: number;
  /** Points are made small, and prepared at the same time. */
  readonly isQuick: boolean;
};

export const fullEffort: Effort = {rounds: 15, slot: 300, warmUp: 700, points: 99, isQuick: false};
export const quickEffort: Effort = {rounds: 1, slot: 25, warmUp: 0, points: 2, isQuick: true};

type Running = {readonly contender: Contender; readonly child: Child; readonly measures: readonly string[]};

type Collected = {
  readonly slots: Map<string, (number | undefined)[]>;
  readonly failures: Failure[];
  readonly configurations: Record<string, string>;
};

/** The contenders in the order of this round: who goes first, and after whom, changes. */
export function turns<Item>(items: readonly Item[], round: number): readonly Item[] {
  const first = items.length === 0 ? 0 : round % items.length;
  const rotated = [...items.slice(first), ...items.slice(0, first)];
  return round % 2 === 0 ? rotated : rotated.toReversed();
}

/** Measures one row; `progress` is told of each point. */
export async function measureRow(
  row: Row,
  effort: Effort,
  origin: string,
  progress: (text: string) => void,
): Promise<Result> {
  const collected: Collected = {slots: new Map(), failures: [], configurations: {}};
  const cells: Cell[] = [];
  for (const point of row.points.slice(0, effort.points)) {
    progress(`${row.name}${point.x === undefined ? '' : ` ${point.x}`}`);
    collected.slots.clear();
    await measurePoint(row, point, effort, origin, collected);
    for (const [key, slots] of collected.slots) {
      const [contender, measure] = JSON.parse(key) as [Contender, string];
      cells.push({row: row.name, contender, measure, x: point.x, unit: row.units[measure] ?? 'µs', slots: [...slots]});
    }
  }
  const {failures, configurations} = collected;
  return {row, cells, failures, configurations};
}

async function measurePoint(
  row: Row,
  point: Point,
  effort: Effort,
  origin: string,
  collected: Collected,
): Promise<void> {
  // Measured once, each has the machine for itself: what they keep would not fit in beside each other.
  const groups = row.once === true ? row.contenders.map(contender => [contender]) : [row.contenders];
  for (const contenders of groups) {
    const running: Running[] = [];
    const prepare = async (index: number): Promise<void> => {
      const contender = contenders[index];
      if (contender === undefined) return;
      const one = await prepared(row, point, contender, effort, origin, collected);
      if (one !== undefined) running.push(one);
    };
    try {
      // One after another, so that all are warmed up alike.
      await inParallel(contenders.length, effort.isQuick ? 4 : 1, prepare);
      const inOrder = running.toSorted(
        (one, other) => contenders.indexOf(one.contender) - contenders.indexOf(other.contender),
      );
      await measureRounds(row, point, inOrder, effort, collected);
    } finally {
      await Promise.all(running.map(({child}) => child.stop()));
    }
  }
}

async function prepared(
  row: Row,
  {x, options, quick}: Point,
  contender: Contender,
  {warmUp, isQuick}: Effort,
  origin: string,
  {failures, configurations}: Collected,
): Promise<Running | undefined> {
  // The larger heap only where much is stored: its size is one of the things that decide when to collect.
  const child = start('worker.ts', row.once === true ? ['--max-old-space-size=12288'] : [], row.runtime);
  const [subject = ''] = contender.split(' ');
  try {
    const report = await child.ask({
      type: 'prepare',
      subject: subject as SubjectName,
      task: row.task,
      cached: subject === contender,
      options: isQuick ? {...options, ...quick} : options,
      origin,
      warmUp: row.once === true ? 0 : warmUp,
    });
    if (report.type !== 'ready') throw new Error(`it said ${report.type}`);
    configurations[subject] = report.configuration;
    return {contender, child, measures: report.measures};
  } catch (error) {
    failures.push({row: row.name, contender, x, message: messageOf(error)});
    await child.stop();
    return undefined;
  }
}

async function measureRounds(
  row: Row,
  {x}: Point,
  running: readonly Running[],
  {rounds, slot}: Effort,
  {slots, failures}: Collected,
): Promise<void> {
  const failed = new Set<string>();
  const most = Math.min(rounds, row.rounds ?? rounds);
  for (let round = 0; round < most; round++) {
    for (const {contender, child, measures} of turns(running, round)) {
      for (const name of measures) {
        const key = JSON.stringify([contender, name]);
        const values = slots.get(key) ?? Array.from<number | undefined>({length: most});
        slots.set(key, values);
        if (failed.has(key)) continue;
        try {
          const report = await child.ask({type: 'measure', name, milliseconds: slot});
          values[round] = report.type === 'measured' ? report.value : undefined;
        } catch (error) {
          failed.add(key);
          failures.push({row: row.name, contender, x, message: `${name}: ${messageOf(error)}`});
        }
      }
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
