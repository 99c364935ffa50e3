// Answer at once, validate behind: within `staleWhileRevalidate` nobody waits for the network.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/news': {'cache-control': 'max-age=60'}});

let now = Date.now();
const cache = new HttpCache({staleWhileRevalidate: '5m', now: () => now});
const get = cachedFetch(cache);

async function ask(when: string): Promise<void> {
  const response = await get(`${origin.url}/news`);
  console.log(when.padEnd(18), how(response), await response.json());
}

await ask('at first');
now += 2 * 60_000;
await ask('two minutes later');
await cache.idle(); // the validation behind that answer is done
await ask('right after');

console.log('the origin saw', origin.seen.length, 'requests');

/* prints:
at first           fwd=uri-miss { path: '/news', served: 1 }
two minutes later  hit { path: '/news', served: 1 }
right after        hit { path: '/news', served: 2 }
the origin saw 2 requests
*/
