// Native fetch through a cache: `cachedFetch` is fetch, its `cache` modes included, and answers from the cache
// wherever HTTP lets it.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60', etag: '"1"'}});

const cache = new HttpCache();
const get = cachedFetch(cache);

const first = await get(`${origin.url}/users`);
console.log(how(first), await first.json());

const second = await get(`${origin.url}/users`);
console.log(how(second), await second.json());

const validated = await get(`${origin.url}/users`, {cache: 'no-cache'});
console.log(how(validated), validated.status, await validated.json());

console.log('the origin saw', origin.seen);

/* prints:
fwd=uri-miss { path: '/users', served: 1 }
hit { path: '/users', served: 1 }
fwd=request 304 200 { path: '/users', served: 1 }
the origin saw [ 'GET /users 200', 'GET /users 304' ]
*/
