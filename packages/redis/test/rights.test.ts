// What a user of Redis must be allowed to do: as the README says, and nothing is half done where it is not allowed.

import {readFileSync} from 'node:fs';
import {type Server, startCluster, startServer} from '@limpid/redis-servers';
import {type Clause, type ClearHow, shareable} from 'limpid/store';
import {createClient, createCluster} from 'redis';
import {expect, onTestFinished, test, vi} from 'vitest';
import {RedisStore} from '../src/index.ts';
import {keep, url} from './stored.ts';

const remove: ClearHow = {action: 'remove', through: true, exact: true};
const user = {username: 'limpid', password: 'secret'};

/** The ACL rules of the README: of a single server, and what a cluster needs beyond that. */
function rulesOfReadme(): {readonly single: readonly string[]; readonly cluster: readonly string[]} {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, single = ''] = /^ACL SETUSER limpid (.+)$/m.exec(readme) ?? [];
  const [, more = ''] = /In a cluster also `([^`]+)`/.exec(readme) ?? [];
  return {single: single.split(' '), cluster: [...single.split(' '), ...more.split(' ')]};
}

async function started(more: readonly string[] = []): Promise<Server> {
  const server = await startServer(more);
  onTestFinished(server.stop);
  return server;
}

async function storeOf({url: address}: Server): Promise<RedisStore> {
  const client = await createClient({url: address, ...user}).connect();
  onTestFinished(() => client.destroy());
  return new RedisStore({client, timeout: 5_000});
}

/** Whatever a store does. */
async function work(store: RedisStore): Promise<void> {
  const stored = await keep(store, {partition: shareable}, 'x'.repeat(20_000));
  expect(await store.update({...stored, requestTime: stored.requestTime + 1, partition: 'one'})).toBe('stored');
  await keep(store, {key: 'k', partition: 'two', tags: ['t']});
  expect(await store.list(url, await store.tick())).toHaveLength(2);
  expect(await store.body(stored)).toBeDefined();
  // Beyond what a resource may have of one user.
  for (let variant = 0; variant < 66; variant++) await keep(store, {key: `k${variant}`, id: `${variant}`});
  expect((await store.size()).count).toBe(65);
  await store.trust(1);
  await store.pseudonym('secret');
  await (await store.lease(url, 1_000))?.release();
  await store.clear([{type: 'scope', scope: {type: 'tag', tag: 't'}}], remove);
  await store.reached(url, url, await store.tick());
  const prefixed: Clause = {
    type: 'match',
    within: {type: 'all'},
    conditions: {prefix: url},
    test: () => true,
    covers: undefined,
  };
  await store.clear([prefixed], {...remove, action: 'expire'});
  await store.clear([prefixed], remove);
  await store.clear([{type: 'scope', scope: {type: 'all'}}], remove);
  expect(await store.size()).toEqual({count: 0, bytes: 0});
}

/** What was refused to anybody, as `ACL LOG` has it. */
const refused = (servers: readonly Server[]): Promise<readonly string[]> =>
  Promise.all(servers.map(({tell}) => tell('ACL', 'LOG')));

test('the rights in the README are all that a store needs', async () => {
  const master = await started();
  const replica = await started(['--replicaof', '127.0.0.1', String(master.port)]);
  await master.tell('SET', 'ready', 'yes');
  await vi.waitUntil(async () => (await replica.tell('GET', 'ready')) === 'yes', 10_000);
  await master.tell('ACL', 'SETUSER', 'limpid', ...rulesOfReadme().single);
  await work(await storeOf(master));
  expect(await refused([master])).toEqual(['']);
});

test('the rights in the README are all that a store needs of a cluster', {timeout: 60_000}, async () => {
  const servers = await startCluster();
  onTestFinished(async () => void (await Promise.all(servers.map(({stop}) => stop()))));
  for (const {tell} of servers) await tell('ACL', 'SETUSER', 'limpid', ...rulesOfReadme().cluster);
  const rootNodes = servers.map(server => ({url: server.url}));
  const client = await createCluster({rootNodes, defaults: user}).connect();
  onTestFinished(() => client.destroy());
  await work(new RedisStore({client, timeout: 5_000}));
  expect(await refused(servers)).toEqual(servers.map(() => ''));
});

test('where INFO is not allowed nothing is written, and the error says so', async () => {
  const server = await started();
  await server.tell('ACL', 'SETUSER', 'limpid', 'on', '>secret', '~*', '+@all', '-@dangerous');
  const store = await storeOf(server);
  for (let attempt = 0; attempt < 2; attempt++)
    await expect(store.tick()).rejects.toThrow('limpid needs the command INFO');
  expect(await server.tell('DBSIZE')).toBe('0');
  await server.tell('ACL', 'SETUSER', 'limpid', '+info');
  await work(store);
});
