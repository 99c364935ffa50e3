// Runs tests side by side, each on its own URL, through one client over one cache.

import {randomUUID} from 'node:crypto';
import {setTimeout as pause} from 'node:timers/promises';
import {type Client, reasonNotToRun} from './clients/client.ts';
import {afterDependencies, withDependencies} from './dependencies.ts';
import {type Answer, type Exchange, type Outgoing, outgoing} from './exchange.ts';
import {valueIn} from './field-values.ts';
import {judgeAnswer, judgeRecord, type Outcome} from './judging.ts';
import {type Origin, type Seen, startOrigin} from './origin.ts';
import type {SuiteTest} from './suite.ts';

/** What became of one test. */
export type Result = {
  readonly test: SuiteTest;
  /** Asked for itself, and not only because another test depends on it. */
  readonly isChosen: boolean;
  readonly outcome: Outcome;
  readonly exchanges: readonly Exchange[];
  /** What reached the origin. */
  readonly record: readonly Seen[];
};

type Ran = Omit<Result, 'isChosen'>;

/** Spans are in milliseconds. */
export type RunOptions = {
  /** How long `pause_after` lasts. Default: three seconds, which the tests' lifetimes are made for. */
  readonly pause?: number;
  /** How long one answer may take. Default: ten seconds. */
  readonly deadline?: number;
  /** Told of each test that is over; `total` counts what chosen tests depend on, too. */
  readonly onProgress?: (finished: number, total: number) => void;
};

/** Tests start this far apart, so that their answers do not wait for each other: some live only two seconds. */
const stagger = 15;

/** The results of the chosen tests, in their order, and then of those they depend on. */
export async function runTests(
  chosen: readonly SuiteTest[],
  all: readonly SuiteTest[],
  client: Client,
  {onProgress, ...options}: RunOptions = {},
): Promise<readonly Result[]> {
  const tests = withDependencies(chosen, all);
  const origin = await startOrigin();
  let finished = 0;
  try {
    const results = await Promise.all(
      tests.map(async (test, index) => {
        await pause(index * stagger);
        const result = await runTest(test, client, origin, options);
        finished += 1;
        onProgress?.(finished, tests.length);
        return {...result, isChosen: index < chosen.length};
      }),
    );
    const outcomes = afterDependencies(tests, new Map(results.map(({test, outcome}) => [test.id, outcome])));
    return results.map(result => ({...result, outcome: outcomes.get(result.test.id) ?? result.outcome}));
  } finally {
    await origin.close();
  }
}

async function runTest(test: SuiteTest, client: Client, origin: Origin, options: RunOptions): Promise<Ran> {
  const reason = reasonNotToRun(test, client);
  if (reason !== undefined) {
    const outcome: Outcome = {type: 'not run', because: 'client', message: `the client ${reason}`};
    return {test, outcome, exchanges: [], record: []};
  }
  const id = randomUUID();
  origin.prepare(id, test.requests);
  const {exchanges, outcome} = await converse(test, {client, origin, id, options});
  const record = [...origin.seen(id)];
  return {test, outcome: outcome ?? judgeRecord(exchanges, record) ?? {type: 'passed'}, exchanges, record};
}

type Conversation = {
  readonly client: Client;
  readonly origin: Origin;
  readonly id: string;
  readonly options: RunOptions;
};

/** Sends a test's requests in order, up to the first whose answer decides the test. */
async function converse(
  test: SuiteTest,
  {client, origin, id, options: {pause: span = 3000, deadline = 10_000}}: Conversation,
): Promise<{readonly exchanges: readonly Exchange[]; readonly outcome: Outcome | undefined}> {
  const exchanges: Exchange[] = [];
  for (let number = 1; ; number += 1) {
    const request = outgoing(test, number, {origin: origin.url, id, serverNow: serverNowOf(exchanges.at(-1))});
    if (request === undefined) return {exchanges, outcome: undefined};
    if (exchanges.at(-1)?.step.pause_after) await pause(span);
    const exchange = {...request, answer: await answerTo(request, client, deadline)};
    exchanges.push(exchange);
    const outcome = judgeAnswer(exchange);
    if (outcome !== undefined) return {exchanges, outcome};
  }
}

async function answerTo(request: Outgoing, client: Client, deadline: number): Promise<Answer> {
  const {url, method, fields, body, step} = request;
  const {redirect, cache, mode, credentials} = step;
  const controller = new AbortController();
  const sending = client
    .send({url, method, fields, body, redirect, cache, mode, credentials, signal: controller.signal})
    .then(
      (response): Answer => ({type: 'response', response}),
      (error: unknown): Answer => ({type: 'error', error}),
    );
  const timer = new AbortController();
  // Not left to the client alone: one that does not hear its signal would hold up the whole run.
  const late = pause<Answer>(deadline, {type: 'timeout'}, {signal: timer.signal}).catch(
    (): Answer => ({type: 'timeout'}),
  );
  const answer = await Promise.race([sending, late]);
  timer.abort();
  if (answer.type === 'timeout') controller.abort();
  return answer;
}

function serverNowOf(exchange: Exchange | undefined): number | undefined {
  if (exchange?.answer.type !== 'response') return undefined;
  const value = valueIn(exchange.answer.response.fields, 'server-now');
  return value === undefined ? undefined : Number(value);
}
