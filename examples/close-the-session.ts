// Close the session and its cache: the cache ends with the scope that opened it, requests made later go to the network.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache, isLimpidError} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60'}});

async function session() {
  await using cache = new HttpCache(); // at the end of this scope: await cache.close()
  const get = cachedFetch(cache);
  await get(`${origin.url}/users`).then(response => response.json());
  console.log('during the session', how(await get(`${origin.url}/users`)));
  return {cache, get};
}

const {cache, get} = await session();
const later = await get(`${origin.url}/users`);
console.log('after it', how(later), await later.json());
await cache.clear().catch((error: unknown) => console.log('clear', isLimpidError(error) && error.code));

console.log('the origin saw', origin.seen);

/* prints:
during the session hit
after it fwd=bypass { path: '/users', served: 2 }
clear CLOSED
the origin saw [ 'GET /users 200', 'GET /users 200' ]
*/
