// A fleet: four processes share one cache in Redis, and a purge that reaches one of them holds in all.

import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {cachedFetch} from '@limpid/fetch';
import {RedisStore} from '@limpid/redis';
import {startServer} from '@limpid/redis-servers';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

/** One of the fleet: answers what the origin says, through the shared cache; `POST /purge/<tag>` empties a tag. */
async function serve(redisUrl: string, originUrl: string): Promise<void> {
  const cache = new HttpCache({
    store: new RedisStore({url: redisUrl}),
    rules: [{for: {prefix: `${originUrl}/users`}, ttl: '10m', tags: ['users']}],
  });
  const get = cachedFetch(cache);
  const answer = async ({method, url = '/'}: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, tag] = /^\/purge\/(\w+)$/.exec(url) ?? [];
    if (method === 'POST' && tag !== undefined) {
      await cache.clear({tag});
      response.writeHead(204).end();
      return;
    }
    const found = await get(originUrl + url);
    const body = await found.text();
    await cache.idle();
    response.end(`${body} (${how(found)})`);
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.((server.address() as AddressInfo).port);
}

async function startProcess(...args: readonly string[]): Promise<{readonly url: string; readonly child: ChildProcess}> {
  const child = fork(import.meta.filename, args);
  const [port] = (await once(child, 'message')) as [number];
  return {url: `http://127.0.0.1:${port}`, child};
}

async function show(): Promise<void> {
  const origin = await startOrigin({'/users': {}});
  const redis = await startServer();
  const fleet = await Promise.all([1, 2, 3, 4].map(() => startProcess(redis.url, origin.url)));
  const ask = async (): Promise<void> => {
    for (const {url} of fleet) console.log(await (await fetch(`${url}/users`)).text());
  };
  await ask();
  await fetch(`${fleet[2]?.url}/purge/users`, {method: 'POST'});
  console.log('purged by the third');
  await ask();
  for (const {child} of fleet) child.kill();
  await redis.stop();
  process.exit();
}

const [redisUrl, originUrl] = process.argv.slice(2);
await (redisUrl === undefined || originUrl === undefined ? show() : serve(redisUrl, originUrl));

/* prints:
{"path":"/users","served":1} (fwd=uri-miss)
{"path":"/users","served":1} (hit)
{"path":"/users","served":1} (hit)
{"path":"/users","served":1} (hit)
purged by the third
{"path":"/users","served":2} (fwd=uri-miss)
{"path":"/users","served":2} (hit)
{"path":"/users","served":2} (hit)
{"path":"/users","served":2} (hit)
*/
