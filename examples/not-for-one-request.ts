// Not use the cache for one request: the platform's own means say so, each in its own degree.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60', etag: '"1"'}});

const cache = new HttpCache();
const get = cachedFetch(cache);

async function ask(what: string, init?: Parameters<typeof get>[1]): Promise<void> {
  const response = await get(`${origin.url}/users`, init);
  await response.text();
  console.log(what.padEnd(29), how(response).padEnd(17), origin.seen.at(-1));
}

await ask('at first');
await ask('Cache-Control: no-cache', {headers: {'cache-control': 'no-cache'}});
await ask('Cache-Control: no-store', {headers: {'cache-control': 'no-store'}});
await ask("fetch's cache: 'reload'", {cache: 'reload'});
await ask('limpid: false', {limpid: false});
await ask('and the next, as if nothing');

console.log('the origin saw', origin.seen.length, 'requests');

/* prints:
at first                      fwd=uri-miss      GET /users 200
Cache-Control: no-cache       fwd=request 304   GET /users 304
Cache-Control: no-store       fwd=bypass        GET /users 200
fetch's cache: 'reload'       fwd=request       GET /users 200
limpid: false                 fwd=bypass        GET /users 200
and the next, as if nothing   hit               GET /users 200
the origin saw 5 requests
*/
