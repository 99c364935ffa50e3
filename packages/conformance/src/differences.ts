// What was agreed beforehand: tests that fail on purpose, and answers to questions. Whatever goes otherwise, better or
// worse, must be noticed.

import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ClientName} from './clients/clients.ts';
import type {Outcome} from './judging.ts';
import type {ProfileName} from './profiles.ts';
import type {Result} from './run.ts';
import type {StoreName} from './stores.ts';
import type {SuiteTest} from './suite.ts';

/** What a run is made with. */
export type Setting = {
  readonly client: ClientName;
  readonly store: StoreName;
  readonly profile: ProfileName;
  readonly unreachable: 'reject' | 'respond';
};

/** The settings something was agreed for; what is left out holds in all. */
type Where = {
  readonly clients?: readonly ClientName[];
  readonly profiles?: readonly ProfileName[];
  readonly unreachable?: Setting['unreachable'];
};

/** A required or optimal test that does not pass, on purpose. */
export type Difference = Where & {
  readonly id: string;
  /** What limpid does instead. */
  readonly answer: string;
  readonly reason: string;
  /** The section that lets it. */
  readonly section: string;
};

/** How questions are answered, on purpose. */
export type ChosenAnswer = Where & {
  readonly ids: readonly string[];
  readonly answer: 'yes' | 'no' | 'not run';
  readonly reason: string;
  readonly section: string;
};

export type Agreed = {readonly differences: readonly Difference[]; readonly answers: readonly ChosenAnswer[]};

/** A test that did not go as agreed. */
export type Disagreement = {readonly result: Result; readonly message: string};

const folder = join(import.meta.dirname, '..');
const dataIn = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** What was agreed for limpid. */
export const readAgreed = (): Agreed => ({
  differences: dataIn('known-differences.json') as readonly Difference[],
  answers: dataIn('chosen-answers.json') as readonly ChosenAnswer[],
});

/** The difference agreed for a test in this setting. */
export const differenceFor = (id: string, {differences}: Agreed, setting: Setting): Difference | undefined =>
  differences.find(difference => difference.id === id && holds(difference, setting));

const holds = ({clients, profiles, unreachable}: Where, setting: Setting): boolean =>
  (clients === undefined || clients.includes(setting.client)) &&
  (profiles === undefined || profiles.includes(setting.profile)) &&
  (unreachable === undefined || unreachable === setting.unreachable);

/** Everything that did not go as agreed. */
export const disagreements = (results: readonly Result[], agreed: Agreed, setting: Setting): readonly Disagreement[] =>
  results.flatMap(result => {
    const judge = result.test.kind === 'check' ? disagreementOfAnswer : disagreementOfScore;
    const message = judge(result, agreed, setting);
    return message === undefined ? [] : [{result, message}];
  });

function disagreementOfScore({test, outcome}: Result, agreed: Agreed, setting: Setting): string | undefined {
  const isKnown = differenceFor(test.id, agreed, setting) !== undefined;
  if (outcome.type === 'passed') return isKnown ? 'passes, although a known difference is agreed' : undefined;
  // What broke before it could differ was not what was agreed.
  return (isKnown && outcome.type === 'failed') || isExcused(outcome) ? undefined : outcome.message;
}

function disagreementOfAnswer({test: {id}, outcome}: Result, {answers}: Agreed, setting: Setting): string | undefined {
  if (outcome.type === 'not run' && outcome.because === 'client') return undefined;
  const answer = answerOf(outcome);
  const chosen = answers.find(one => one.ids.includes(id) && holds(one, setting));
  if (chosen?.answer === answer) return undefined;
  const told = outcome.type === 'passed' ? '' : ` (${outcome.message})`;
  return chosen === undefined
    ? `answers "${answer}", and no answer was chosen${told}`
    : `answers "${answer}", "${chosen.answer}" was chosen${told}`;
}

/** What the outcome of a question says. */
export const answerOf = ({type}: Outcome): ChosenAnswer['answer'] =>
  type === 'passed' ? 'yes' : type === 'failed' ? 'no' : 'not run';

/** Nothing is asked of a client that cannot, and a dependency that did not pass has been judged itself. */
const isExcused = (outcome: Outcome): boolean =>
  outcome.type === 'not run' && (outcome.because === 'client' || outcome.because === 'dependency');

/** Ids agreed on that no test has. */
export function unknownIds({differences, answers}: Agreed, tests: readonly SuiteTest[]): readonly string[] {
  const known = new Set(tests.map(({id}) => id));
  return [...differences.map(({id}) => id), ...answers.flatMap(({ids}) => ids)].filter(id => !known.has(id));
}
