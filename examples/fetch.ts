// Native fetch through a cache: `cachedFetch` is fetch, and answers from the cache where HTTP lets it.

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
console.log(how(validated), await validated.json());

console.log('the origin saw', origin.seen);
console.log(second.headers.get('cache-status'), first.headers.get('cache-status'), validated.headers.get('cache-status'));
/* prints:
*/
