// Logout: users with different credentials never share a response, and what one user left behind goes in one line.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/me': {'cache-control': 'max-age=60'}});
const me = `${origin.url}/me`;

const cache = new HttpCache();
const get = cachedFetch(cache);

const as = (token: string): RequestInit => ({headers: {authorization: `Bearer ${token}`}});

async function ask(token: string): Promise<void> {
  const response = await get(me, as(token));
  console.log(token, how(response), await response.json());
}

await ask('ada');
await ask('bob');
await ask('ada');

const partition = await cache.partitionOf(new Request(me, as('ada')));
console.log('the partition holds the secret:', partition.includes('ada'));
console.log('ada logs out', await cache.clear({partition}));

await ask('ada');
await ask('bob');

/* prints:
ada fwd=uri-miss { path: '/me', served: 1 }
bob fwd=uri-miss { path: '/me', served: 2 }
ada hit { path: '/me', served: 1 }
the partition holds the secret: false
ada logs out { count: 1, bytes: 25 }
ada fwd=uri-miss { path: '/me', served: 3 }
bob hit { path: '/me', served: 2 }
*/
