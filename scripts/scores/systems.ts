// limpid's scores and those of others, in one order.

import {type Kind, kinds} from '../../packages/conformance/src/suite.ts';
import {optionsOf, type Run} from './runs.ts';

export type Scores = Readonly<Record<Kind, number>>;

/** A system whose scores were published. */
export type Published = Scores & {readonly name: string; readonly date: string};

/** One cache and how many tests of each kind it passes; `ours` tells how limpid came by its scores. */
export type System = Published & {
  readonly ours?: {readonly clients: readonly string[]; readonly options: readonly string[]};
};

const scoresOf = ({totals}: Run): Scores => ({
  required: totals.required.passed,
  optimal: totals.optimal.passed,
  check: totals.check.passed,
});

/** limpid, once for all runs that have the same options and the same scores. */
export function limpidIn(runs: readonly Run[], date: string): readonly System[] {
  const systems = new Map<string, System>();
  for (const run of runs) {
    const scores = scoresOf(run);
    const options = optionsOf(run);
    const key = JSON.stringify([scores, options]);
    const clients = [...(systems.get(key)?.ours?.clients ?? []), run.client];
    systems.set(key, {name: 'limpid', ...scores, date, ours: {clients, options}});
  }
  return [...systems.values()];
}

/** The options of limpid that all its rows have in common. */
export function commonOptions(among: readonly System[]): readonly string[] {
  const [first, ...others] = among.flatMap(({ours}) => (ours ? [ours.options] : []));
  return first?.filter(option => others.every(options => options.includes(option))) ?? [];
}

/** A system's name among others: limpid says what sets it apart from limpid. */
export function nameOf({name, ours}: System, among: readonly System[]): string {
  if (ours === undefined) return name;
  const common = commonOptions(among);
  const alike = among.filter(other => other.ours?.options.join() === ours.options.join());
  const clients = alike.length > 1 ? ours.clients : [];
  return [name, ...clients, ...ours.options.filter(option => !common.includes(option))].join(', ');
}

/** The best first: what is required counts before what is optimal. Questions do not count. */
export const ranked = (systems: readonly System[]): readonly System[] =>
  systems.toSorted((a, b) => b.required - a.required || b.optimal - a.optimal || (a.name < b.name ? -1 : 1));

/** How many tests there are in these runs, which are of one profile. */
export function totalsIn([first]: readonly Run[]): Scores {
  const count = (kind: Kind): number => first?.totals[kind].tests ?? 0;
  return Object.fromEntries(kinds.map(kind => [kind, count(kind)])) as Scores;
}
