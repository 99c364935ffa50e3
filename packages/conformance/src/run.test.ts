import {HttpCache} from 'limpid';
import {describe, expect, test} from 'vitest';
import {handMade, hanging, ignoringVary, neverExpiring, repeating, testOf, withoutCache} from '../test/hand-made.ts';
import type {Client} from './clients/client.ts';
import {clients} from './clients/clients.ts';
import {type Result, type RunOptions, runTests} from './run.ts';

const pause = 1200;

/** The outcome of each hand-made test, by id. */
async function outcomes(
  client: Client,
  tests = handMade,
  options: RunOptions = {pause},
): Promise<Record<string, string>> {
  const results = await runTests(tests, tests, client, options);
  return Object.fromEntries(results.map(({test: {id}, outcome}) => [id, outcomeText(outcome)]));
}

const outcomeText = (outcome: Result['outcome']): string =>
  outcome.type === 'not run' ? `not run: ${outcome.because}` : outcome.type;

const allPassed = Object.fromEntries(handMade.map(({id}) => [id, 'passed']));

describe('limpid passes', () => {
  test.each(Object.entries(clients))('through %s', async (_, clientOver) => {
    const cache = new HttpCache();
    expect(await outcomes(clientOver(cache))).toEqual(allPassed);
    await cache.close();
  });
});

describe('who breaks a rule is found out:', () => {
  const rows: readonly {
    readonly name: string;
    readonly client: () => Client;
    readonly finds: Record<string, string>;
  }[] = [
    {
      name: 'no cache at all',
      client: withoutCache,
      finds: {fresh: 'failed', etag: 'failed', stale: 'not run: dependency'},
    },
    {
      name: 'a cache that never expires',
      client: neverExpiring,
      finds: {stale: 'failed', 'no-store': 'failed', etag: 'failed', paused: 'failed', post: 'failed'},
    },
    {
      name: 'a cache that ignores Vary',
      client: ignoringVary,
      finds: {vary: 'failed', etag: 'failed', paused: 'failed', post: 'failed'},
    },
  ];

  test.each(rows)('$name', async ({client, finds}) => {
    expect(await outcomes(client())).toEqual({...allPassed, ...finds});
  });

  test('a client that sends twice, whose tests do not count', async () => {
    const tests = handMade.filter(({id}) => id === 'no-store');
    expect(await outcomes(repeating(), tests)).toEqual({'no-store': 'not run: retry'});
  });

  test('a client that never answers, which does not hold up the run', async () => {
    const tests = handMade.filter(({id}) => id === 'no-store');
    expect(await outcomes(hanging(), tests, {deadline: 50})).toEqual({'no-store': 'not run: timeout'});
  });
});

test('what a client cannot do is not asked of it', async () => {
  const interim = testOf('interim', [{interim_responses: [[103]]}]);
  for (const clientOver of Object.values(clients)) {
    expect(await outcomes(clientOver(new HttpCache()), [interim])).toEqual({interim: 'not run: client'});
  }
});

test('tests that others depend on run with them, and are told apart', async () => {
  const chosen = handMade.filter(({id}) => id === 'stale');
  const progress: string[] = [];
  const onProgress = (finished: number, total: number): void => void progress.push(`${finished}/${total}`);
  const results = await runTests(chosen, handMade, clients.fetch(new HttpCache()), {onProgress});
  expect(results.map(result => [result.test.id, result.isChosen])).toEqual([
    ['stale', true],
    ['fresh', false],
  ]);
  expect(progress).toEqual(['1/2', '2/2']);
});

test('a result holds what was said on both sides', async () => {
  const chosen = handMade.filter(({id}) => id === 'etag');
  const [result] = await runTests(chosen, handMade, clients.fetch(new HttpCache()));
  expect(result?.exchanges.map(({answer}) => answer.type === 'response' && answer.response.status)).toEqual([200, 200]);
  expect(result?.record.map(({number, status}) => [number, status])).toEqual([
    [1, 200],
    [2, 304],
  ]);
});
