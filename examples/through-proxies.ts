// Also get past proxies: after `clear(what, {through: true})` the next request for it is sent end to end.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {startGateway} from './origin/gateway.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60'}});
const gateway = await startGateway(origin);
const users = `${gateway}/users`;

const cache = new HttpCache();
const get = cachedFetch(cache);
const ask = async (when: string): Promise<void> => console.log(when, await get(users).then(it => it.json()));

await ask('at first         ');
await cache.clear(users);
await ask('cleared here     '); // the gateway still has the old answer
await cache.clear(users, {through: true});
await ask('cleared through  ');
await ask('and kept as usual');

console.log('the origin saw', origin.seen.length, 'requests');

/* prints:
at first          { path: '/users', served: 1 }
cleared here      { path: '/users', served: 1 }
cleared through   { path: '/users', served: 2 }
and kept as usual { path: '/users', served: 2 }
the origin saw 2 requests
*/
