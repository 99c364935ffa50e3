// A write is refused when it may have missed a clear. A slow moment, or many writes at once, must not be taken for that.

import {setTimeout as sleep} from 'node:timers/promises';
import {type Server, startServer} from '@limpid/redis-servers';
import type {CompiledSelection, StoredResponse} from 'limpid/store';
import {storedResponse} from 'limpid/store-contract';
import {expect, onTestFinished, test} from 'vitest';
import {RedisStore} from '../src/index.ts';
import {commanded} from './commanded.ts';
import {keep, url} from './stored.ts';

/** A store whose commands wait for what `before` gives. */
async function place(before: (args: readonly string[]) => Promise<unknown> | undefined): Promise<RedisStore> {
  const {store} = await commanded(async ({args, send}) => {
    await before(args);
    return send();
  });
  return store;
}

async function serverOf(): Promise<Server> {
  const server = await startServer();
  onTestFinished(server.stop);
  return server;
}

const isCommit = (args: readonly string[]): boolean => args.some(arg => arg.startsWith('e['));

test('what comes too late once is looked at again, and stored', async () => {
  let commits = 0;
  const store = await place(args => (isCommit(args) && ++commits === 1 ? sleep(130) : undefined));
  const stored = storedResponse({key: '[]', began: await store.tick()});
  expect(await store.put(stored).commit()).toBe('stored');
  const updated = {...stored, requestTime: stored.requestTime + 1};
  commits = 0;
  expect(await store.update(updated)).toBe('stored');
  expect(commits).toBeGreaterThan(1);
});

const many = 200;

/** Writes so many responses at once. */
const writeMany = async (
  store: RedisStore,
  count: number,
  began: number,
): Promise<readonly PromiseSettledResult<string>[]> =>
  Promise.allSettled(
    Array.from({length: count}, async (_, page) => {
      const resource = `https://a.example/${page}`;
      return store.put(storedResponse({id: `id ${page}`, key: '[]', resource, url: resource, began})).commit();
    }),
  );

test('many writes at once look together, at the time first and then at the marks', async () => {
  const looks: string[] = [];
  const store = await place(args => {
    if (args[0] === 'TIME' || args[0] === 'HMGET') looks.push(args[0]);
    return undefined;
  });
  // The server has the scripts then.
  await keep(store, {resource: url});
  const began = await store.tick();
  looks.length = 0;
  const outcomes = await writeMany(store, many, began);
  expect(outcomes).toEqual(Array.from({length: many}, () => ({status: 'fulfilled', value: 'stored'})));
  expect(looks.slice(0, 2)).toEqual(['TIME', 'HMGET']);
  expect(looks.length).toBeLessThan(many / 10);
});

test('a mark of any of them is seen by its write', async () => {
  const store = await place(() => undefined);
  const began = await store.tick();
  const cleared = [3, 77, 150].map(page => `https://a.example/${page}`);
  const what: CompiledSelection = cleared.map(resource => ({type: 'scope', scope: {type: 'resource', resource}}));
  await store.clear(what, {action: 'remove', through: false, exact: false});
  const outcomes = await writeMany(store, many, began);
  const fenced = outcomes.flatMap((outcome, page) =>
    outcome.status === 'fulfilled' && outcome.value === 'fenced' ? [page] : [],
  );
  expect(fenced).toEqual([3, 77, 150]);
  expect(outcomes.filter(({status}) => status === 'fulfilled')).toHaveLength(many);
});

test('the clears by pattern are read once for all who look together', async () => {
  let logs = 0;
  const store = await place(args => void (args[0] === 'HMGET' && args.includes('log') && logs++));
  const began = await store.tick();
  const clause = {type: 'match', within: {type: 'all'}, conditions: {}, covers: undefined} as const;
  const isMeant = ({resource}: StoredResponse): boolean => resource.endsWith('/77');
  await store.clear([{...clause, test: isMeant}], {action: 'remove', through: false, exact: false});
  const outcomes = await writeMany(store, many, began);
  expect(outcomes.flatMap((outcome, page) => ('value' in outcome && outcome.value === 'fenced' ? [page] : []))).toEqual(
    [77],
  );
  expect(logs).toBeGreaterThan(0);
  expect(logs).toBeLessThan(many / 10);
});

test('where the process itself is held up, nothing is late that has been answered', async () => {
  const store = new RedisStore({url: (await serverOf()).url, timeout: 250});
  onTestFinished(() => store.close());
  const began = await store.tick();
  const writing = writeMany(store, many, began);
  await new Promise(resolve => setImmediate(resolve));
  const until = performance.now() + 400;
  while (performance.now() < until);
  const refused = (await writing).flatMap(outcome => ('reason' in outcome ? [String(outcome.reason)] : []));
  expect(refused).toEqual([]);
});

test('a write that has waited for too long gives way to those that come later', async () => {
  let isHeld = true;
  const store = await place(args => {
    if (args[0] !== 'TIME' || !isHeld) return undefined;
    isHeld = false;
    return sleep(1_000);
  });
  const began = await store.tick();
  const outcomes = await writeMany(store, many, began);
  const rejected = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
  expect(rejected).toHaveLength(many - 128);
  expect(new Set(rejected)).toEqual(
    new Set([expect.stringContaining('more is written than can be: a write waited 900 ms for its turn')]),
  );
  expect(await store.put(storedResponse({key: '[]', began})).commit()).toBe('stored');
});
