// Seed the cache and look into it, without the network: `put` stores a response, `match` says what would answer.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache, isLimpidError} from 'limpid';
import {how} from './origin/how.ts';

const users = 'https://api.example/users';

const cache = new HttpCache();
console.log('before', await cache.match(users));

await cache.put(users, Response.json(['Ada'], {headers: {'cache-control': 'max-age=60'}}));
const matched = await cache.match(users);
console.log('after', matched?.status, await matched?.json());

const response = await cachedFetch(cache)(users); // nothing is sent: api.example does not exist
console.log(how(response), await response.json());

const refused = Response.json([], {headers: {'cache-control': 'no-store'}});
await cache.put(users, refused).catch((error: unknown) => console.log(isLimpidError(error) && error.code));

/* prints:
before undefined
after 200 [ 'Ada' ]
hit [ 'Ada' ]
NOT_STORABLE
*/
