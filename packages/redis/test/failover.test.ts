// A cluster whose masters die: requests go on, and what was cleared stays cleared under the next master.

import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {cachedFetch} from '@limpid/fetch';
import {type Server, startCluster} from '@limpid/redis-servers';
import {HttpCache} from 'limpid';
import {createCluster} from 'redis';
import {expect, onTestFinished, test} from 'vitest';
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

test('when the master of the marks dies after a clear', {timeout: 120_000}, async () => {
  const servers = await startCluster();
  onTestFinished(async () => void (await Promise.all(servers.map(({stop}) => stop()))));
  let count = 0;
  const origin = createServer((_, response) => response.end(`answer ${++count}`)).listen(0, '127.0.0.1');
  await new Promise(resolve => origin.once('listening', resolve));
  onTestFinished(() => {
    origin.closeAllConnections();
    origin.close();
  });
  const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const client = createCluster({rootNodes: servers.map(server => ({url: server.url}))});
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  const cache = new HttpCache({store: new RedisStore({client}), rules: [{ttl: '1h', tags: ['t']}]});
  onTestFinished(() => cache.close());
  const get = cachedFetch(cache);
  const text = async (path: string): Promise<string> => {
    const began = performance.now();
    const read = await (await get(url + path)).text();
    expect(performance.now() - began).toBeLessThan(2_500);
    await cache.idle();
    return read;
  };
  const paths = Array.from({length: 12}, (_, index) => `/${index}`);
  for (const path of paths) await text(path);
  const before = count;
  for (const path of paths) await text(path);
  expect(count).toBe(before);

  await cache.clear({tag: 't'});
  await (await masterOf(servers, 'limpid:{limpid}')).stop();
  let isStored = false;
  for (let round = 0; round < 200 && !isStored; round++) {
    for (const path of paths) {
      expect(Number((await text(path)).slice('answer '.length))).toBeGreaterThan(before);
    }
    const asked = count;
    for (const path of paths) await text(path);
    isStored = count === asked;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  expect(isStored).toBe(true);
});
