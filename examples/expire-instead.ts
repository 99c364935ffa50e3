// Not lose speed by clearing: what is expired is kept and validated before it is used again, so a 304 is enough.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60', etag: '"1"'}});

const cache = new HttpCache();
const get = cachedFetch(cache);

async function ask(when: string): Promise<void> {
  const response = await get(`${origin.url}/users`);
  console.log(when, how(response), await response.json());
}

await ask('at first');
console.log('expired', await cache.expire(`${origin.url}/users`));
await ask('validated');
await ask('fresh again');

console.log('the origin saw', origin.seen);

/* prints:
at first fwd=uri-miss { path: '/users', served: 1 }
expired { count: 1, bytes: 28 }
validated fwd=stale 304 { path: '/users', served: 1 }
fresh again hit { path: '/users', served: 1 }
the origin saw [ 'GET /users 200', 'GET /users 304' ]
*/
