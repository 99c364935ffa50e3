// A Redis that was emptied while its clock is behind: what began by the counter of before is never stored.

import {type Server, startServer} from '@limpid/redis-servers';
import type {ClearHow, Scope, StoredResponse} from 'limpid/store';
import {storedResponse} from 'limpid/store-contract';
import {expect, onTestFinished, test} from 'vitest';
import {RedisStore} from '../src/index.ts';
import {commanded} from './commanded.ts';
import {keep, url} from './stored.ts';

const control = 'limpid:{limpid}';
const remove: ClearHow = {action: 'remove', through: false, exact: false};
const everything: Scope = {type: 'all'};
const elsewhere: Scope = {type: 'tag', tag: 'elsewhere'};

type Fleet = {
  readonly server: Server;
  readonly one: RedisStore;
  readonly other: RedisStore;
  /** On its way to `one`, since before Redis was emptied. */
  readonly flight: StoredResponse;
};

/** Redis as it is once it was emptied, its clock `behind` milliseconds behind that of before. */
async function emptied(behind: number): Promise<Fleet> {
  const server = await startServer();
  onTestFinished(server.stop);
  const [one, other] = [0, 1].map(() => new RedisStore({url: server.url, timeout: 5_000}));
  if (one === undefined || other === undefined) throw new Error('two of them');
  onTestFinished(async () => void (await Promise.all([one.close(), other.close()])));
  // Connected, and what it knows is from before.
  await other.tick();
  await server.tell('HSET', control, 'tick', String((Date.now() + behind) * 1000));
  const flight = storedResponse({began: await one.tick()});
  await server.tell('FLUSHALL');
  return {server, one, other, flight};
}

const clear = (store: RedisStore, scope: Scope): unknown => store.clear([{type: 'scope', scope}], remove);

/** What becomes of a response that arrives at last. */
async function stored(store: RedisStore, flight: StoredResponse): Promise<string> {
  const sink = store.put(flight);
  await sink.write(new TextEncoder().encode('body'));
  return sink.commit();
}

test('what began before is neither stored nor shared', async () => {
  const {one, other, flight} = await emptied(60_000);
  await clear(other, elsewhere);
  expect(await one.counts(flight)).toBe(false);
  expect(await stored(one, flight)).toBe('fenced');
});

test('nor is it when its own process is the first to come back', async () => {
  const {one, flight} = await emptied(60_000);
  expect(await one.counts(flight)).toBe(false);
  expect(await stored(one, flight)).toBe('fenced');
});

test('nor is it once the clock has caught up, when a clear came before', async () => {
  const {one, other, flight} = await emptied(500);
  await clear(other, everything);
  await new Promise(resolve => setTimeout(resolve, 600));
  await clear(other, elsewhere);
  expect(await stored(one, flight)).toBe('fenced');
});

test('nor is it when Redis is emptied while its own process clears', async () => {
  let mark = (): unknown => undefined;
  const {server, store} = await commanded(async ({args, send}) => {
    if (args.some(arg => arg.includes('"scopes":'))) await mark();
    return send();
  });
  const other = new RedisStore({url: server.url, timeout: 5_000});
  onTestFinished(() => other.close());
  await store.tick();
  await server.tell('HSET', control, 'tick', String((Date.now() + 60_000) * 1000));
  const flight = storedResponse({began: await store.tick()});
  mark = async () => {
    mark = () => undefined;
    await server.tell('FLUSHALL');
    await other.tick();
  };
  await clear(store, elsewhere);
  expect(await stored(store, flight)).toBe('fenced');
});

test('what others have stored since then stays', async () => {
  const {one, other} = await emptied(60_000);
  // Its first request learns of it.
  await other.tick();
  await keep(other);
  await one.tick();
  expect(await one.list(url, await one.tick())).toHaveLength(1);
  expect(await other.list(url, await other.tick())).toHaveLength(1);
  await keep(one);
  await clear(other, everything);
  expect(await one.list(url, await one.tick())).toEqual([]);
});
