// The section about speed as README.md shows it.

import {folded, plain, row} from '../markdown.ts';
import {type Figures, type Goal, middle, type RowFigures, rowsNamed} from './figures.ts';

/** Why goals, each as `row: goal`, are not met. */
export type Reason = {readonly why: string; readonly goals: readonly string[]};

const reasonFor = (reasons: readonly Reason[], key: string): Reason | undefined =>
  reasons.find(({goals}) => goals.includes(key));

/** A goal, and what it came to in each run. */
export type Judged = {readonly row: string; readonly text: string; readonly verdicts: readonly Goal[]};

/** Three significant digits. */
export function shown(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))));
  return value.toFixed(digits);
}

/** Every goal of every row that was measured, in the order of the rows. */
export function judged({runs}: Figures): readonly Judged[] {
  const all = new Map<string, Judged>();
  for (const {name, goals} of runs.flat()) {
    for (const goal of goals) {
      const key = keyOf(name, goal.text);
      all.set(key, {row: name, text: goal.text, verdicts: [...(all.get(key)?.verdicts ?? []), goal]});
    }
  }
  return [...all.values()];
}

export const keyOf = (rowName: string, text: string): string => `${rowName}: ${text}`;

const isMet = ({verdicts}: Judged): boolean => verdicts.every(verdict => verdict.isMet);

/** Goals that are missed without a reason, and reasons for what is not missed. */
export function unexplained(figures: Figures, reasons: readonly Reason[]): readonly string[] {
  const missed = judged(figures)
    .filter(goal => !isMet(goal))
    .map(goal => keyOf(goal.row, goal.text));
  const explained = reasons.flatMap(({goals}) => goals);
  const needless = explained.filter(key => !missed.includes(key));
  const twice = explained.filter((key, index) => explained.indexOf(key) !== index);
  return [
    ...missed.filter(key => reasonFor(reasons, key) === undefined).map(key => `not met, and nothing says why: ${key}`),
    ...needless.map(key => `met or not measured, and still explained: ${key}`),
    ...twice.map(key => `explained twice: ${key}`),
  ];
}

/** What a hit through each client is compared with. */
const bases: ReadonlyArray<readonly [row: string, of: RegExp, base: string]> = [
  ['hit-fetch', /./, 'floor-http'],
  ['hit-clients', /ky/, 'floor-ky'],
  ['hit-clients', /axios/, 'floor-axios'],
];

type Hit = {readonly contender: string; readonly bytes: number; readonly json: number; readonly ratio: number};

const medianOf = (rows: readonly RowFigures[], contender: string, measure: string): number =>
  middle(
    rows.flatMap(({cells}) =>
      cells.filter(cell => cell.contender === contender && cell.measure === measure).map(cell => cell.median),
    ),
  );

function hitsOf(figures: Figures, name: string, of: RegExp, base: string): readonly Hit[] {
  const rows = rowsNamed(figures, name);
  const contenders = new Set(rows.flatMap(({cells}) => cells.map(({contender}) => contender)));
  const floor = medianOf(rows, base, 'bytes');
  return [...contenders]
    .filter(contender => of.test(contender))
    .map(contender => {
      const bytes = medianOf(rows, contender, 'bytes');
      return {contender, bytes, json: medianOf(rows, contender, 'json'), ratio: bytes / floor};
    })
    .toSorted((a, b) => a.bytes - b.bytes);
}

const named = (contender: string): string => (contender.startsWith('limpid-') ? `**${contender}**` : contender);

function hitTable(figures: Figures): readonly string[] {
  const lines = bases.flatMap(([name, of, base]) =>
    hitsOf(figures, name, of, base).map(({contender, bytes, json, ratio}) =>
      row(named(contender), shown(bytes), shown(json), `${shown(ratio)} × ${base}`),
    ),
  );
  return [
    row('a fresh hit of 1 KiB', 'bytes, µs', 'json, µs', 'bytes compared'),
    '| --- | ---: | ---: | --- |',
    ...lines,
  ];
}

/** Lines of one cell. */
const stacked = (lines: readonly string[]): string => lines.join('<br>');

/** Goals of a row that are missed for one reason stand together. */
function missedTable(missed: readonly Judged[], reasons: readonly Reason[]): readonly string[] {
  if (missed.length === 0) return [];
  const whyNot = ({row: name, text}: Judged): string => reasonFor(reasons, keyOf(name, text))?.why ?? '';
  const together = Map.groupBy(missed, goal => JSON.stringify([goal.row, whyNot(goal) || goal.text]));
  const lines = [...together.values()].flatMap(goals => {
    const [first] = goals;
    if (first === undefined) return [];
    const measured = goals.map(({verdicts}) => verdicts.map(({value}) => shown(value)).join(', '));
    return row(first.row, stacked(goals.map(({text}) => plain(text))), stacked(measured), whyNot(first));
  });
  const table = [row('row', 'goal', 'measured', 'why not'), '| --- | --- | --- | --- |', ...lines];
  return ['', ...folded('The others: by how much they are missed, and why', table)];
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** The whole section, from the figures alone. */
export function block(figures: Figures, reasons: readonly Reason[]): string {
  const goals = judged(figures);
  const missed = goals.filter(goal => !isMet(goal));
  const isUneven = goals.some(({verdicts}) => verdicts.length < figures.runs.length);
  const rest = isUneven ? ' Not every run measured every row.' : '';
  return [
    `Measured ${times(figures.runs.length)} on ${figures.date} with Node ${figures.node}, on one machine: only ratios carry`,
    'over to others. [`packages/bench`](packages/bench) says what the subjects are and how to read this; `pnpm bench` measures',
    'it again. A floor is what no cache of its kind can go below.',
    '',
    ...hitTable(figures),
    '',
    `${goals.length - missed.length} of the ${goals.length} goals of the rows measured are met in every run.${rest}`,
    ...missedTable(missed, reasons),
  ].join('\n');
}
