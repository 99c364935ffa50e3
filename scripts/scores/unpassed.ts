// The tests that count and do not pass, each with what was agreed about it beforehand.

import {type Agreed, differenceFor} from '../../packages/conformance/src/differences.ts';
import type {Kind} from '../../packages/conformance/src/suite.ts';
import {argumentsFor, type Run, type TestResult} from './runs.ts';

/** Why a test does not pass: what limpid does, why, and the section that lets it. Empty where nothing was agreed. */
type Why = {readonly answer: string; readonly reason: string; readonly section: string};

/** Tests of one kind that do not pass for the same reason in the same runs. */
export type Unpassed = {
  readonly ids: readonly string[];
  readonly kind: Kind;
  readonly answer: string;
  /** What the runs in which they do not pass have in common, as arguments; empty when that is every run that has them. */
  readonly only: readonly string[];
  readonly reason: string;
  readonly sections: readonly string[];
};

type Miss = Why & {readonly run: Run; readonly result: TestResult};

/** The test that kept this one from being run. */
const blamedIn = ({because, message = ''}: TestResult): string | undefined =>
  because === 'dependency' ? /^(?<id>\S+) did not pass$/.exec(message)?.groups?.id : undefined;

/** The test at which this one's dependencies broke off. */
function rootIn(run: Run, result: TestResult): string | undefined {
  const blamed = blamedIn(result);
  const between = run.results.find(({id}) => id === blamed);
  return (between && rootIn(run, between)) ?? blamed;
}

function whyOf(result: TestResult, run: Run, agreed: Agreed): Why {
  const blamed = rootIn(run, result);
  const chosen = agreed.answers.find(
    ({ids, answer}) => blamed !== undefined && ids.includes(blamed) && answer !== 'yes',
  );
  const known = differenceFor(blamed ?? result.id, agreed, run) ?? chosen;
  const {reason, section} = known ?? {reason: '', section: ''};
  if (blamed !== undefined) return {answer: `not run, because ${blamed} does not pass`, reason, section};
  return {answer: known?.answer ?? result.message ?? '', reason, section};
}

const missesIn = (runs: readonly Run[], agreed: Agreed): readonly Miss[] =>
  runs.flatMap(run =>
    run.results
      .filter(({kind, outcome}) => kind !== 'check' && outcome !== 'passed')
      .map(result => ({...whyOf(result, run, agreed), run, result})),
  );

/** What sets some runs apart from the others, as arguments. */
function apart(some: readonly Run[], all: readonly Run[]): readonly string[] {
  if (some.length === all.length) return [];
  const names = ['client', 'profile', 'unreachable'] as const;
  const name = names.find(one => all.every(run => some.includes(run) === some.some(other => other[one] === run[one])));
  if (name !== undefined) return unique(some.map(run => `--${name} ${run[name]}`));
  return some.map(run => ['pnpm conformance', ...argumentsFor(run)].join(' '));
}

const unique = (words: readonly string[]): readonly string[] => [...new Set(words.filter(word => word !== ''))];

const isSame = (one: Miss, other: Miss): boolean =>
  one.result.id === other.result.id && one.answer === other.answer && one.reason === other.reason;

/** The tests that do not pass in these runs, what is required first. */
export function unpassedIn(runs: readonly Run[], agreed: Agreed): readonly Unpassed[] {
  const misses = missesIn(runs, agreed);
  const groups = new Map<string, Unpassed>();
  for (const miss of misses) {
    const {id, kind} = miss.result;
    const missing = misses.filter(other => isSame(miss, other)).map(({run}) => run);
    const having = runs.filter(({results}) => results.some(other => other.id === id));
    const group = {kind, answer: miss.answer, reason: miss.reason, only: apart(missing, having)};
    const key = JSON.stringify(group);
    const {ids = [], sections = []} = groups.get(key) ?? {};
    groups.set(key, {...group, ids: unique([...ids, id]), sections: unique([...sections, miss.section])});
  }
  return [...groups.values()].toSorted((a, b) => Number(b.kind === 'required') - Number(a.kind === 'required'));
}
