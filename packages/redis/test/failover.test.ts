// A cluster whose masters die: requests go on, and what was cleared stays cleared under the next master.

import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {cachedFetch} from '@limpid/fetch';
import {type Server, startCluster} from '@limpid/redis-servers';
import {HttpCache} from 'limpid';
import {createCluster} from 'redis';
import {expect, onTestFinished, test, vi} from 'vitest';
import {RedisStore} from '../src/index.ts';

/** The master that holds a key. */
async function masterOf(servers: readonly Server[], key: string): Promise<Server> {
  const [first] = servers;
  const slot = Number(await first?.tell('CLUSTER', 'KEYSLOT', key));
  const nodes = (await first?.tell('CLUSTER', 'NODES'))?.split('\n') ?? [];
  const line = nodes.find(node => {
    const [, from = -1, to = from] = / (\d+)-(\d+)$/.exec(node) ?? [];
    return node.includes('master') && slot >= Number(from) && slot <= Number(to);
  });
  const port = Number(/127\.0\.0\.1:(\d+)@/.exec(line ?? '')?.[1]);
  const found = servers.find(server => server.port === port);
  if (found === undefined) throw new Error(`nobody holds slot ${slot}`);
  return found;
}

type Client = {
  readonly cache: HttpCache;
  /** The number of an answer, once it is stored. */
  readonly number: (url: string) => Promise<number>;
};

async function clientOf(servers: readonly Server[]): Promise<Client> {
  const client = createCluster({rootNodes: servers.map(server => ({url: server.url}))});
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  const cache = new HttpCache({
    store: new RedisStore({client, clearTimeout: 2_000}),
    rules: [{ttl: '1h', tags: ['t']}],
  });
  onTestFinished(() => cache.close());
  const get = cachedFetch(cache);
  const number = async (url: string): Promise<number> => {
    const began = performance.now();
    const text = await (await get(url)).text();
    expect(performance.now() - began).toBeLessThan(2_500);
    await cache.idle();
    return Number(text);
  };
  return {cache, number};
}

/** A cluster, and an origin that numbers its answers. */
async function place(): Promise<{servers: readonly Server[]; urls: readonly string[]; count: () => number}> {
  const servers = await startCluster();
  onTestFinished(async () => void (await Promise.all(servers.map(({stop}) => stop()))));
  let count = 0;
  const origin = createServer((_, response) => response.end(String(++count))).listen(0, '127.0.0.1');
  await new Promise(resolve => origin.once('listening', resolve));
  onTestFinished(() => {
    origin.closeAllConnections();
    origin.close();
  });
  const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  return {servers, urls: Array.from({length: 12}, (_, index) => `${url}/${index}`), count: () => count};
}

test('when the master of the marks dies after a clear', {timeout: 120_000}, async () => {
  const {servers, urls, count} = await place();
  const {cache, number} = await clientOf(servers);
  for (const url of urls) await number(url);
  const before = count();
  for (const url of urls) await number(url);
  expect(count()).toBe(before);

  await cache.clear({tag: 't'});
  await (await masterOf(servers, 'limpid:{limpid}')).stop();
  let isStored = false;
  for (let round = 0; round < 200 && !isStored; round++) {
    for (const url of urls) expect(await number(url)).toBeGreaterThan(before);
    const asked = count();
    for (const url of urls) await number(url);
    isStored = count() === asked;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  expect(isStored).toBe(true);
});

/** For a while: its connections stay open, and nothing is answered. */
async function hang(server: Server): Promise<void> {
  const pid = Number(/process_id:(\d+)/.exec(await server.tell('INFO', 'server'))?.[1]);
  process.kill(pid, 'SIGSTOP');
  // Its replica takes its place meanwhile, and the client goes on asking it.
  setTimeout(() => process.kill(pid, 'SIGCONT'), 5_000);
}

const die = (server: Server): Promise<void> => server.stop();

test.each([
  ['dies', 'of a tag', die, {tag: 't'}],
  ['dies', 'by prefix', die, {prefix: 'http://127.0.0.1'}],
  ['hangs', 'of a tag', hang, {tag: 't'}],
] as const)('when the master of the marks %s while clears %s go on', {timeout: 120_000}, async (...given) => {
  const [, , fail, selection] = given;
  const {servers, urls, count} = await place();
  const [one, other] = [await clientOf(servers), await clientOf(servers)];
  let [cleared, refused, done] = [0, 0, 0];
  const over = new AbortController();
  const clearing = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const before = count();
      try {
        await one.cache.clear(selection);
        cleared = before;
        done += 1;
      } catch {
        refused += 1;
      }
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  };
  const asking = async (url: string): Promise<void> => {
    while (!over.signal.aborted) {
      const after = cleared;
      for (const {number} of [other, one]) expect(await number(url)).toBeGreaterThan(after);
    }
  };
  const all = Promise.all([clearing(), ...urls.map(asking)]);
  try {
    await vi.waitUntil(() => done > 20, 20_000);
    await fail(await masterOf(servers, 'limpid:{limpid}'));
    await vi.waitUntil(() => refused > 0, 20_000);
    const before = done;
    await vi.waitUntil(() => done > before + 20, 60_000);
  } finally {
    over.abort();
    await all;
  }
});
