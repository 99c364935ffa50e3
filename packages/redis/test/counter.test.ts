// What a request asks of Redis to know that nothing was cleared: a read that many share, or a lease.

import {startServer} from '@limpid/redis-servers';
import {MemoryStore, tiered} from 'limpid';
import type {Clause, ClearHow, CompiledSelection, Store} from 'limpid/store';
import {expect, onTestFinished, test} from 'vitest';
import {RedisStore} from '../src/index.ts';
import {keep, url} from './stored.ts';

const lease = 400;
const everything: CompiledSelection = [{type: 'scope', scope: {type: 'all'}}];
const remove: ClearHow = {action: 'remove', through: false, exact: false};

type Fleet = {
  readonly member: () => RedisStore;
  readonly tell: (...args: readonly string[]) => Promise<string>;
  /** How often a command was called. */
  readonly calls: (command: string) => Promise<number>;
};

async function fleet(): Promise<Fleet> {
  const server = await startServer();
  onTestFinished(server.stop);
  return {
    member: () => {
      const store = new RedisStore({url: server.url, timeout: 2_000});
      onTestFinished(() => store.close());
      return store;
    },
    tell: server.tell,
    calls: async command => {
      const stats = await server.tell('INFO', 'commandstats');
      return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
    },
  };
}

/** How many stored responses a request that begins now finds. */
async function found(store: Store): Promise<number> {
  return (await store.list(url, await store.tick())).length;
}

async function timed(run: () => unknown): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

test('requests that begin in the same turn share one read of the counter', async () => {
  const {member, calls} = await fleet();
  const store = member();
  await store.tick();
  const before = await calls('hmget');
  const ticks = await Promise.all(Array.from({length: 100}, () => store.tick()));
  expect(new Set(ticks).size).toBe(1);
  expect((await calls('hmget')) - before).toBe(1);
});

test('hits on a lease ask Redis once per lease', async () => {
  const {member, calls} = await fleet();
  const store = tiered(new MemoryStore(), member(), {coherence: {lease: 5000}});
  await keep(store);
  await found(store);
  const before = await Promise.all([calls('hmget'), calls('evalsha')]);
  for (let hit = 0; hit < 500; hit++) expect(await found(store)).toBe(1);
  expect(await Promise.all([calls('hmget'), calls('evalsha')])).toEqual(before);
});

test.each(['remove', 'expire'] as const)('to %s waits until no lease is left, whoever does it', async action => {
  const {member} = await fleet();
  const [leasing, plain] = [tiered(new MemoryStore(), member(), {coherence: {lease}}), member()];
  // Connecting is no part of a clear.
  await plain.tick();
  expect(await timed(() => plain.clear(everything, {...remove, action}))).toBeLessThan(lease / 2);
  await keep(leasing);
  expect(await found(leasing)).toBe(1);
  const clearing = plain.clear(everything, {...remove, action});
  expect(await timed(() => clearing)).toBeGreaterThanOrEqual(lease);
  const [left] = await leasing.list(url, await leasing.tick());
  expect(left === undefined || left.expired).toBe(true);
});

test('a clear that searches waits, too, for who begins to lease meanwhile', async () => {
  const {member} = await fleet();
  const [leasing, plain] = [tiered(new MemoryStore(), member(), {coherence: {lease}}), member()];
  await keep(plain);
  const isMeant = (): boolean => true;
  const anything: Clause = {
    type: 'match',
    within: {type: 'all'},
    conditions: {where: isMeant},
    test: isMeant,
    covers: undefined,
  };
  const clearing = plain.clear([anything], remove);
  // The marks are raised, and nothing is removed yet.
  await new Promise(resolve => setTimeout(resolve, 50));
  const began = performance.now();
  expect(await found(leasing)).toBe(1);
  await clearing;
  expect(performance.now() - began).toBeGreaterThanOrEqual(lease);
  expect(await found(leasing)).toBe(0);
});

test('what was listed before there was a counter is listed anew', async () => {
  const {member, tell} = await fleet();
  const [one, other] = [tiered(new MemoryStore(), member()), member()];
  await keep(one);
  expect(await found(one)).toBe(1);
  await tell('FLUSHALL');
  await keep(other);
  // It only learns now that everything was lost: its request began before there was this counter.
  expect([await one.tick(), (await one.list(url, 0)).length]).toEqual([0, 1]);
  await other.clear(everything, remove);
  await tell('FLUSHALL');
  await other.tick();
  const began = await one.tick();
  expect(began).toBe(0);
  expect(await one.list(url, began)).toEqual([]);
  expect(await one.through(url, url, began)).toBeUndefined();
});

test('a Redis that lost everything, its leases too, is waited for by those who lease', async () => {
  const {member, tell} = await fleet();
  const [one, other] = [0, 1].map(() => tiered(new MemoryStore(), member(), {coherence: {lease}}));
  if (one === undefined || other === undefined) throw new Error('two of them');
  await keep(one);
  await Promise.all([found(one), found(other)]);
  await tell('FLUSHALL');
  expect(await timed(() => other.clear(everything, remove))).toBeGreaterThanOrEqual(lease);
  expect(await found(one)).toBe(0);
});

test('a lookup asks for no marks of what has been replaced', async () => {
  const {member, tell} = await fleet();
  const [store, other] = [member(), member()];
  await tell('CONFIG', 'SET', 'slowlog-log-slower-than', '0');
  /** What a lookup sends after a clear elsewhere, when no mark is known any more. */
  const asked = async (): Promise<string> => {
    await other.clear([{type: 'scope', scope: {type: 'tag', tag: 'elsewhere'}}], remove);
    await tell('SLOWLOG', 'RESET');
    expect(await found(store)).toBe(1);
    return tell('SLOWLOG', 'GET', '100');
  };
  await keep(store, {key: 'k', tags: ['former']});
  await asked();
  expect(await asked()).toContain('former');
  await keep(store, {key: 'k', tags: ['latter']});
  await asked();
  const second = await asked();
  expect(second).toContain('latter');
  expect(second).not.toContain('former');
});

test('a clear of one resource reads nothing of the others, and clears of more do not read all of them each time', async () => {
  const {member, tell, calls} = await fleet();
  const store = member();
  for (let page = 0; page < 300; page++) await keep(store, {resource: `${url}${page}`, tags: ['page']});
  const keys = async (): Promise<number> => (await tell('KEYS', '*')).split('\n').length;
  const all = await keys();
  const [scans, reads] = await Promise.all([calls('scan'), calls('hgetall')]);
  for (let page = 0; page < 20; page++)
    await store.clear([{type: 'scope', scope: {type: 'resource', resource: `${url}${page}`}}], remove);
  await expect.poll(keys).toBe(all - 20);
  expect([await calls('scan'), await calls('zscan')]).toEqual([scans, 0]);
  expect((await calls('hgetall')) - reads).toBeLessThanOrEqual(20);
  for (let round = 0; round < 100; round++)
    await store.clear([{type: 'scope', scope: {type: 'tag', tag: 'other'}}], remove);
  expect((await calls('scan')) - scans).toBeLessThan(50);
  await store.clear([{type: 'scope', scope: {type: 'tag', tag: 'page'}}], remove);
  await expect.poll(keys, {timeout: 10_000}).toBe(1);
});
