// Watch it work: one event for each thing the cache does, with the reason and where that is written down.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({
  '/users': {'cache-control': 'max-age=60', etag: '"1"'},
  '/secret': {'cache-control': 'no-store'},
});

const cache = new HttpCache();
const pathOf = (url: string): string => new URL(url).pathname;

cache.on('miss', ({method, url, because}) => console.log('miss', method, pathOf(url), because));
cache.on('store', ({url, status, bytes}) => console.log('store', pathOf(url), status, bytes));
cache.on('hit', ({url, stale}) => console.log('hit', pathOf(url), {stale}));
cache.on('revalidate', ({url, status, detail}) => console.log('revalidate', pathOf(url), status, detail));
cache.on('refuse', ({url, because, section}) => console.log('refuse', pathOf(url), because, section));
cache.on('clear', ({action, by}) => console.log('clear', action, by));
const stop = cache.on('error', ({error, during}) => console.log('error', during, error));

const get = cachedFetch(cache);
const ask = (path: string, init?: RequestInit): Promise<string> =>
  get(origin.url + path, init).then(response => response.text());

await ask('/users');
await ask('/users');
await ask('/users', {cache: 'no-cache'});
await ask('/secret');
await ask('/users', {method: 'DELETE'});
await cache.clear();
stop();

/* prints:
miss GET /users uri-miss
store /users 200 28
hit /users { stale: false }
revalidate /users 304 no-cache
miss GET /secret uri-miss
refuse /secret no-store RFC 9111 §5.2.2.5
miss DELETE /users method
clear remove response
clear remove application
*/
