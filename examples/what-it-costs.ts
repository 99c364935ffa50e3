// Know what it costs: every response says what the cache did, and `stats` counts it.

import {cachedFetch} from '@limpid/fetch';
import {cacheStatus, HttpCache} from 'limpid';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({
  '/users': {'cache-control': 'max-age=60'},
  '/news': {'cache-control': 'no-cache', etag: '"1"'},
  '/secret': {'cache-control': 'no-store'},
});

const cache = new HttpCache();
const get = cachedFetch(cache);

for (const path of ['/users', '/users', '/news', '/news', '/secret']) {
  const response = await get(origin.url + path);
  await response.text();
  const {hit, fwd, fwdStatus, stored} = cacheStatus(response) ?? {};
  console.log(path.padEnd(8), {hit, fwd, fwdStatus, stored});
}

const {hits, misses, validations, notModified, refused, size} = await cache.stats();
console.log({hits, misses, validations, notModified, refused, size});

/* prints:
/users   { hit: false, fwd: 'uri-miss', fwdStatus: undefined, stored: true }
/users   { hit: true, fwd: undefined, fwdStatus: undefined, stored: false }
/news    { hit: false, fwd: 'uri-miss', fwdStatus: undefined, stored: true }
/news    { hit: false, fwd: 'stale', fwdStatus: 304, stored: false }
/secret  { hit: false, fwd: 'uri-miss', fwdStatus: undefined, stored: false }
{
  hits: 1,
  misses: 3,
  validations: 1,
  notModified: 1,
  refused: 1,
  size: { count: 2, bytes: 55 }
}
*/
