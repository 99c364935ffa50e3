// What a clear does where another cache lies below: a real nginx, a real Squid.

import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {HttpCache} from 'limpid';
import {expect, onTestFinished, test} from 'vitest';
import {cachedFetch} from '../src/index.ts';
import {type ProxyServer, startNginx, startSquid} from './proxies.ts';

/** Numbers its answers. Resolves to its port. */
async function startOrigin(): Promise<number> {
  let count = 0;
  const answer: RequestListener = (_, response) =>
    response.setHeader('cache-control', 'max-age=60').end(`answer ${++count}`);
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function behind(start: (origin: number) => Promise<ProxyServer>) {
  const proxy = await start(await startOrigin());
  onTestFinished(proxy.stop);
  const cache = new HttpCache();
  onTestFinished(() => cache.close());
  const get = cachedFetch(cache);
  const url = `${proxy.url}/users`;
  const text = async (): Promise<string> => (await get(url)).text();
  return {cache, url, text};
}

const honouring = 'proxy_cache_bypass $http_cache_control;';

const caches: ReadonlyArray<
  readonly [name: string, start: (origin: number) => Promise<ProxyServer>, honours: boolean]
> = [
  ['Squid', startSquid, true],
  ['nginx told to heed Cache-Control of requests', origin => startNginx(origin, honouring), true],
  ['nginx as it comes', origin => startNginx(origin), false],
];

test.each(caches)('%s', {timeout: 30_000}, async (_, start, honours) => {
  const {cache, url, text} = await behind(start);
  const first = await text();
  expect(await text()).toBe(first);
  await cache.clear(url);
  // Gone here, but not there.
  expect(await text()).toBe(first);
  await cache.clear(url, {through: true});
  const after = await text();
  if (!honours) {
    expect(after).toBe(first);
    return;
  }
  expect(after).not.toBe(first);
  // It is met once, and the proxy has the new answer, too.
  await cache.clear(url);
  expect(await text()).toBe(after);
  // Of what is not stored, as well.
  await cache.clear({prefix: url.slice(0, url.lastIndexOf('/') + 1)}, {through: true});
  expect(await text()).not.toBe(after);
});
