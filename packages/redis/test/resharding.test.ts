// A cluster whose slots move: a clear that searches finds them where they are, or rejects.

import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {cli, type Server, startCluster, startServer} from '@limpid/redis-servers';
import type {Clause, ClearHow} from 'limpid/store';
import {createCluster} from 'redis';
import {expect, onTestFinished, test, vi} from 'vitest';
import {RedisStore} from '../src/index.ts';
import {keep} from './stored.ts';

const remove: ClearHow = {action: 'remove', through: false, exact: false};
const anything: Clause = {
  type: 'match',
  within: {type: 'all'},
  conditions: {where: () => true},
  test: () => true,
  covers: undefined,
};

async function cluster(): Promise<Server[]> {
  const servers = [...(await startCluster())];
  onTestFinished(async () => void (await Promise.all(servers.map(({stop}) => stop()))));
  return servers;
}

async function storeOf(servers: readonly Server[]): Promise<RedisStore> {
  const client = createCluster({rootNodes: servers.slice(0, 3).map(({url}) => ({url}))});
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  return new RedisStore({client, timeout: 2_000});
}

const urls = Array.from({length: 60}, (_, path) => `https://a.example/${path}`);

async function fill(store: RedisStore): Promise<void> {
  for (const resource of urls) await keep(store, {resource, url: resource});
}

async function left(store: RedisStore): Promise<number> {
  let count = 0;
  for (const url of urls) count += (await store.list(url, await store.tick())).length;
  return count;
}

/** The server that has a slot, and how the cluster calls it. */
async function ownerOf(servers: readonly Server[], slot: number): Promise<{server: Server; id: string}> {
  const nodes = ((await servers[0]?.tell('CLUSTER', 'NODES')) ?? '').split('\n');
  for (const node of nodes) {
    const [id = '', address = '', , , , , , , ...slots] = node.split(' ');
    const server = servers.find(({port}) => address.includes(`:${port}@`));
    const has = slots.some(range => {
      const [from = -1, to = from] = range.split('-').map(Number);
      return slot >= from && slot <= to;
    });
    if (has && server !== undefined) return {server, id};
  }
  throw new Error(`nobody has slot ${slot}`);
}

test('a master that the client has not heard of is searched, too', {timeout: 120_000}, async () => {
  const servers = await cluster();
  const [clearing, other] = [await storeOf(servers), await storeOf(servers)];
  await clearing.tick();
  const more = await startServer(['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000']);
  servers.push(more);
  // Which need not allow more than the keys of the prefix.
  for (const {tell} of servers) await tell('ACL', 'SETUSER', 'default', 'resetkeys', '~limpid:*');
  const [first] = servers;
  const run = promisify(execFile);
  await run(cli, ['--cluster', 'add-node', `127.0.0.1:${more.port}`, `127.0.0.1:${first?.port}`]);
  const rebalanced = async (): Promise<boolean> => {
    const options = ['--cluster-use-empty-masters', '--cluster-threshold', '1'];
    await run(cli, ['--cluster', 'rebalance', `127.0.0.1:${first?.port}`, ...options]);
    return /myself,master.* \d+-\d+/.test(await more.tell('CLUSTER', 'NODES'));
  };
  await vi.waitUntil(() => rebalanced().catch(() => false), {timeout: 60_000, interval: 1_000});
  await fill(other);
  expect((await more.tell('KEYS', '*')).split('\n').length).toBeGreaterThan(5);
  await clearing.clear([anything], remove);
  expect(await left(other)).toBe(0);
});

test('a clear rejects while a slot is on its way', {timeout: 60_000}, async () => {
  const servers = await cluster();
  const store = await storeOf(servers);
  await fill(store);
  const [from, to] = [await ownerOf(servers, 1), await ownerOf(servers, 16_000)];
  await to.server.tell('CLUSTER', 'SETSLOT', '1', 'IMPORTING', from.id);
  await from.server.tell('CLUSTER', 'SETSLOT', '1', 'MIGRATING', to.id);
  await expect(store.clear([anything], remove)).rejects.toThrow('slots of the cluster are on their way');
  for (const {server} of [to, from]) await server.tell('CLUSTER', 'SETSLOT', '1', 'STABLE');
  await store.clear([anything], remove);
  expect(await left(store)).toBe(0);
});
