// Many caches, as in many processes, that need the same at the same time.

import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {cachedFetch} from '@limpid/fetch';
import {startServer} from '@limpid/redis-servers';
import {HttpCache} from 'limpid';
import {expect, onTestFinished, test} from 'vitest';
import {RedisStore} from '../src/index.ts';

test('of ten that ask for a cold key at once, one reaches the origin', async () => {
  const server = await startServer();
  onTestFinished(server.stop);
  let asked = 0;
  const answer = (body: string, write: (body: string) => void): unknown => setTimeout(() => write(body), 150);
  const origin = createServer((_, response) => {
    response.setHeader('cache-control', 'max-age=60');
    answer(`answer ${++asked}`, body => response.end(body));
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => origin.once('listening', resolve));
  onTestFinished(() => {
    origin.closeAllConnections();
    origin.close();
  });
  const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
  const stores = Array.from({length: 10}, () => new RedisStore({url: server.url, timeout: 2_000}));
  onTestFinished(async () => void (await Promise.all(stores.map(store => store.close()))));
  const clients = stores.map(store => cachedFetch(new HttpCache({store})));
  const texts = await Promise.all(clients.map(async get => (await get(url)).text()));
  expect(new Set(texts)).toEqual(new Set(['answer 1']));
  expect(asked).toBe(1);
});
