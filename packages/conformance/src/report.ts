// Results in words and as data.

import {styleText} from 'node:util';
import {type Agreed, type Disagreement, differenceFor, type Setting} from './differences.ts';
import type {Exchange} from './exchange.ts';
import type {Field} from './field-values.ts';
import type {Seen} from './origin.ts';
import type {Result} from './run.ts';
import {type Kind, kinds, type Suite} from './suite.ts';

/** How many tests of one kind went which way. */
export type Totals = {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  readonly notRun: number;
};

/** The scores: tests that only others depend on do not count. */
export function totalsOf(results: readonly Result[], kind: Kind): Totals {
  const types = results.filter(({isChosen, test}) => isChosen && test.kind === kind).map(({outcome}) => outcome.type);
  const count = (type: Result['outcome']['type']): number => types.filter(one => one === type).length;
  return {tests: types.length, passed: count('passed'), failed: count('failed'), notRun: count('not run')};
}

/** The scores as a table. For a question, passed is yes and failed is no. */
export function table(results: readonly Result[]): readonly string[] {
  const rows = kinds.map(kind => {
    const {tests, passed, failed, notRun} = totalsOf(results, kind);
    return [kind, tests, passed, failed, notRun];
  });
  return [['', 'tests', 'passed', 'failed', 'not run'], ...rows].map(([name, ...counts]) =>
    [String(name).padEnd(8), ...counts.map(count => String(count).padStart(9))].join(''),
  );
}

/** Which scores are missing without a failure, under the reason they have in common. */
export function notRunLines(results: readonly Result[]): readonly string[] {
  const ids = new Map<string, string[]>();
  for (const {test, outcome, isChosen} of results) {
    if (!isChosen || test.kind === 'check' || outcome.type !== 'not run') continue;
    ids.set(outcome.message, [...(ids.get(outcome.message) ?? []), test.id]);
  }
  return Array.from(ids, ([message, tests]) => `not run, because ${message}: ${tests.join(', ')}`);
}

/** The known differences a run has met. */
export const differenceLines = (results: readonly Result[], agreed: Agreed, setting: Setting): readonly string[] =>
  results.flatMap(({test, outcome, isChosen}) => {
    const known = outcome.type === 'failed' && isChosen ? differenceFor(test.id, agreed, setting) : undefined;
    return known ? [`known difference: ${test.id} (${known.section}): ${known.answer}`] : [];
  });

/** One test that did not go as agreed: what was said on both sides. */
export function disagreementLines({result: {test, exchanges, record}, message}: Disagreement): readonly string[] {
  return [
    styleText('bold', `${test.id} (${test.suite}, ${test.kind}): ${message}`),
    `  ${test.name}`,
    ...exchanges.flatMap(exchangeLines),
    ...record.flatMap((seen, index) => seenLines(seen, index + 1)),
  ];
}

const fieldLines = (fields: readonly Field[]): readonly string[] =>
  fields.map(([name, value]) => `      ${name}: ${value}`);

function exchangeLines({number, method, url, fields, answer}: Exchange): readonly string[] {
  const sent = [`  request ${number}: ${method} ${url}`, ...fieldLines(fields)];
  if (answer.type === 'timeout') return [...sent, '    no complete answer in time'];
  if (answer.type === 'error') return [...sent, `    ${String(answer.error)}`];
  const {response} = answer;
  return [...sent, `    response: ${response.status} "${response.text}"`, ...fieldLines(response.fields)];
}

function seenLines({number, method, fields, status, sent}: Seen, position: number): readonly string[] {
  return [
    `  origin ${position}: ${method}, for request ${number}`,
    ...fieldLines(fields),
    `    answered: ${status ?? 'hung up'}`,
    ...fieldLines(sent),
  ];
}

/** The results for machines. */
export function resultsAsData(results: readonly Result[], suite: Suite, about: object): object {
  return {
    date: new Date().toISOString(),
    suite: {tests: suite.tests.length, digest: suite.digest},
    ...about,
    node: process.version,
    totals: Object.fromEntries(kinds.map(kind => [kind, totalsOf(results, kind)])),
    results: results
      .filter(({isChosen}) => isChosen)
      .map(({test: {id, kind, suite: group}, outcome}) => ({
        id,
        kind,
        suite: group,
        outcome: outcome.type,
        ...(outcome.type === 'not run' && {because: outcome.because}),
        ...(outcome.type !== 'passed' && {message: outcome.message}),
      })),
  };
}
