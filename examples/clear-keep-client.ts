// Drop the cache, keep the client: `clear` empties it, `pause` switches it off for a scope.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60'}});

const cache = new HttpCache();
const get = cachedFetch(cache);

async function ask(when: string): Promise<void> {
  const response = await get(`${origin.url}/users`);
  console.log(when, how(response), await response.json());
}

await ask('at first');
await ask('again');
console.log('cleared', await cache.clear());
await ask('cleared');
{
  using off = cache.pause(); // until this scope ends
  await ask('paused');
  off(); // or until somebody says so
  await ask('on again');
}

/* prints:
at first fwd=uri-miss { path: '/users', served: 1 }
again hit { path: '/users', served: 1 }
cleared { count: 1, bytes: 28 }
cleared fwd=uri-miss { path: '/users', served: 2 }
paused fwd=bypass { path: '/users', served: 3 }
on again hit { path: '/users', served: 2 }
*/
