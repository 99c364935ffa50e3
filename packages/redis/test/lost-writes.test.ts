// A Redis that has lost its latest writes: whoever knows of a clear among them gives up everything, and nobody else does.

import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Server, startServer} from '@limpid/redis-servers';
import {MemoryStore, tiered} from 'limpid';
import type {Scope, Store} from 'limpid/store';
import {createClient} from 'redis';
import {expect, onTestFinished, test, vi} from 'vitest';
import {RedisStore} from '../src/index.ts';
import {keep, url} from './stored.ts';

async function started(more: readonly string[] = [], port?: number): Promise<Server> {
  const server = await startServer(more, port);
  onTestFinished(server.stop);
  return server;
}

/** A server that can be set back to its last `SAVE`. */
async function persistent(): Promise<{
  readonly server: Server;
  readonly setBack: (...stores: readonly RedisStore[]) => Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'limpid-redis-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  const server = await started(['--dir', folder]);
  const setBack = async (...stores: readonly RedisStore[]): Promise<void> => {
    await server.stop();
    await started(['--dir', folder], server.port);
    await Promise.all(stores.map(connected));
  };
  return {server, setBack};
}

function storeOf(server: Server): RedisStore {
  const store = new RedisStore({url: server.url, timeout: 2_000});
  onTestFinished(() => store.close());
  return store;
}

/** How many stored responses a request that begins now finds. */
async function found(store: Store): Promise<number> {
  return (await store.list(url, await store.tick())).length;
}

/** When its client is connected again; the counter is not asked for that. */
const connected = (store: RedisStore): Promise<unknown> =>
  vi.waitUntil(
    () =>
      store.lease('ready', 1).then(
        () => true,
        () => false,
      ),
    10_000,
  );

const clear = (store: Store, scope: Scope): unknown =>
  store.clear([{type: 'scope', scope}], {action: 'remove', through: false, exact: false});

const it: Scope = {type: 'resource', resource: url};
const another: Scope = {type: 'resource', resource: 'https://b.example/'};

test('a clear is noticed, though somebody else clears before its process asks again', async () => {
  const {server, setBack} = await persistent();
  const [one, other] = [storeOf(server), storeOf(server)];
  await keep(one);
  expect([await found(one), await found(other)]).toEqual([1, 1]);
  await server.tell('SAVE');
  await clear(one, it);
  await setBack(one, other);
  await clear(other, another);
  expect([await found(one), await found(other)]).toEqual([0, 0]);
});

test('a clear is noticed, though its process clears again before it asks', async () => {
  const {server, setBack} = await persistent();
  const [one, other] = [storeOf(server), storeOf(server)];
  await keep(one);
  await server.tell('SAVE');
  await clear(one, it);
  await setBack(one, other);
  await clear(one, another);
  expect([await found(other), await found(one)]).toEqual([0, 0]);
});

test('a clear is noticed by who relies on the counter', async () => {
  const {server, setBack} = await persistent();
  const [far, other] = [storeOf(server), storeOf(server)];
  const leasing = tiered(new MemoryStore(), far, {coherence: {lease: 20}});
  await keep(leasing);
  expect(await found(leasing)).toBe(1);
  await server.tell('SAVE');
  await clear(other, it);
  await new Promise(resolve => setTimeout(resolve, 30));
  await leasing.tick();
  await setBack(far);
  expect(await found(leasing)).toBe(0);
});

test.each([
  ['the first', 0, 1],
  ['one of many', 64, 64],
])('a restart by which nothing was lost costs nothing: %s', async (_, before, after) => {
  const {server, setBack} = await persistent();
  const [one, other] = [storeOf(server), storeOf(server)];
  await keep(one);
  expect([await found(one), await found(other)]).toEqual([1, 1]);
  const runs = Array.from({length: before}, (_run, index) => [`run ${index}`, '1']);
  await server.tell('HSET', 'limpid:{limpid}', 'runs', JSON.stringify(runs));
  await server.tell('SAVE');
  await setBack(one, other);
  await clear(other, another);
  expect(JSON.parse(await server.tell('HGET', 'limpid:{limpid}', 'runs'))).toHaveLength(after);
  expect([await found(one), await found(other)]).toEqual([1, 1]);
});

test('a clear by a master that has been replaced is noticed by who goes over to the next', async () => {
  const master = await started();
  const replica = await started(['--replicaof', '127.0.0.1', String(master.port)]);
  const other = storeOf(replica);
  const clients = [createClient({url: master.url}), createClient({url: replica.url})] as const;
  for (const client of clients) {
    await client.connect();
    onTestFinished(() => client.destroy());
  }
  let [now] = clients;
  const client = {
    isOpen: true,
    isReady: true,
    sendCommand: (...given: readonly [never, never]): Promise<unknown> => now.sendCommand(...given),
  };
  const one = new RedisStore({client, timeout: 2_000});
  await keep(one);
  await vi.waitUntil(async () => (await replica.tell('DBSIZE')) === (await master.tell('DBSIZE')), 10_000);
  await replica.tell('REPLICAOF', 'NO', 'ONE');
  await clear(other, another);
  expect(await found(other)).toBe(1);
  // It does not know of that: its tick is above those of its successor, for now.
  await clear(one, it);
  now = clients[1];
  await clear(other, another);
  expect([await found(one), await found(other)]).toEqual([0, 0]);
});
