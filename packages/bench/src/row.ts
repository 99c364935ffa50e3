// What a row is: a task, those who do it, and what limpid has to reach.

import type {Slots} from './statistics.ts';
import type {SubjectName} from './subjects.ts';
import type {Options} from './task.ts';
import type {TaskName} from './tasks.ts';

/** A subject, or the same client without its cache. */
export type Contender = SubjectName | `${SubjectName} without`;

export type Goal = {
  readonly contender: Contender;
  readonly measure: string;
  /**
   * `ratio`: of another contender's, or of another measure; `added`: on top of it; `value`: as it is;
   * `growth`: the exponent over all points; `peers`: below each other subject that is no floor.
   */
  readonly type: 'ratio' | 'added' | 'value' | 'growth' | 'ahead';
  readonly limit: number;
  readonly of?: {readonly contender?: Contender; readonly measure?: string};
};

/** One value of what a row varies; rows that vary nothing have one without `x`. */
export type Point = {readonly x?: number; readonly options: Options; readonly quick?: Options};

/** Where a row is measured when not on the Node that measures. */
export type Runtime = 'Bun' | 'Deno';

export type Row = {
  readonly name: string;
  readonly runtime?: Runtime;
  readonly title: string;
  readonly task: TaskName;
  readonly points: readonly Point[];
  readonly contenders: readonly Contender[];
  readonly units: Readonly<Record<string, string>>;
  readonly goals: readonly Goal[];
  /** How many slots each contender gets; the default is for timings that vary. */
  readonly rounds?: number;
  /** Nothing to be warmed up: measuring changes what is measured. */
  readonly once?: boolean;
  /** What to draw over `x`, and how the axis is called. */
  readonly plot?: {readonly measure: string; readonly axis: string};
};

/** What one contender measured at one point. */
export type Cell = {
  readonly row: string;
  readonly contender: Contender;
  readonly measure: string;
  readonly x: number | undefined;
  readonly unit: string;
  readonly slots: Slots;
};

/** Why a contender did not measure something. */
export type Failure = {
  readonly row: string;
  readonly contender: Contender;
  readonly x: number | undefined;
  readonly message: string;
};

export type Result = {
  readonly row: Row;
  readonly cells: readonly Cell[];
  readonly failures: readonly Failure[];
  readonly configurations: Readonly<Record<string, string>>;
};
