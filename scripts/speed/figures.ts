// What `pnpm bench --json` wrote, less what only matters while measuring.

/** The median of what one contender measured. */
export type Cell = {
  readonly contender: string;
  readonly measure: string;
  readonly x?: number | undefined;
  readonly unit: string;
  readonly median: number;
};

/** A goal in words; its value is `null` when it could not be judged. */
export type Goal = {readonly text: string; readonly value: number | null; readonly isMet: boolean};

export type RowFigures = {
  readonly name: string;
  readonly title: string;
  readonly cells: readonly Cell[];
  readonly goals: readonly Goal[];
};

/** One run, as the benchmark wrote it down. */
export type Run = {readonly node: string; readonly rows: readonly RowFigures[]};

/** All runs together, as they are kept. */
export type Figures = {
  readonly date: string;
  readonly node: string;
  readonly runs: ReadonlyArray<readonly RowFigures[]>;
};

/** Three significant digits say all that such measurements know. */
const rounded = (value: number): number => Number(value.toPrecision(3));

const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value));

const kept = ({name, title, cells, goals}: RowFigures): RowFigures => ({
  name,
  title,
  cells: cells.map(({contender, measure, x, unit, median}) => ({
    contender,
    measure,
    ...(x !== undefined && {x}),
    unit,
    median: rounded(median),
  })),
  goals: goals.map(({text, value, isMet}) => ({text, value: roundedOrNull(value), isMet})),
});

/** What is kept of the runs of one day. */
export function figuresOf(runs: readonly Run[], date: string): Figures {
  const nodes = [...new Set(runs.map(({node}) => node))];
  return {date, node: nodes.join(', '), runs: runs.map(({rows}) => rows.map(kept))};
}

/** The rows of this name, one for each run that measured it. */
export const rowsNamed = ({runs}: Figures, name: string): readonly RowFigures[] =>
  runs.flatMap(rows => rows.filter(row => row.name === name));

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
