// A resource whose responses differ in a field that never comes twice.

import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {cachedFetch} from '@limpid/fetch';
import {startServer} from '@limpid/redis-servers';
import {HttpCache} from 'limpid';
import {expect, onTestFinished, test} from 'vitest';
import {RedisStore} from '../src/index.ts';

test.each([
  ['short', 10],
  ['long', 20_000],
])('of a resource with %s bodies the 64 used last are kept, and nothing else', {timeout: 20_000}, async (_, length) => {
  const server = await startServer();
  onTestFinished(server.stop);
  let asked = 0;
  const origin = createServer((_request, response) => {
    asked++;
    response.setHeader('vary', 'x-id').setHeader('cache-control', 'max-age=60').end('.'.repeat(length));
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => origin.once('listening', resolve));
  onTestFinished(() => {
    origin.closeAllConnections();
    origin.close();
  });
  let now = Date.now();
  const store = new RedisStore({url: server.url, timeout: 2_000, now: () => now});
  const cache = new HttpCache({store});
  onTestFinished(async () => {
    await cache.close();
    await store.close();
  });
  const get = cachedFetch(cache);
  const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
  const ask = async (id: number): Promise<void> => {
    now += 2_000;
    await (await get(url, {headers: {'x-id': String(id)}})).text();
    await cache.idle();
  };
  for (let id = 0; id < 100; id++) {
    await ask(id);
    await ask(0);
  }
  expect((await store.list(url)).length).toBe(64);
  const before = asked;
  await ask(0);
  await ask(99);
  expect(asked).toBe(before);
  await ask(1);
  expect(asked).toBe(before + 1);
  const keys = (await server.tell('KEYS', '*')).split('\n').length;
  await expect.poll(async () => (await server.tell('KEYS', '*')).split('\n').length).toBeLessThanOrEqual(keys);
  expect(keys).toBeLessThan(64 + 4);
});
