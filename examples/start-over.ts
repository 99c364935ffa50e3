// Start over: a second cache shares nothing with the first, unless both are given the same store.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache, MemoryStore} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60'}});

async function ask(cache: HttpCache): Promise<string> {
  const response = await cachedFetch(cache)(`${origin.url}/users`);
  await response.text();
  return how(response);
}

const first = new HttpCache();
console.log('first', await ask(first), 'then', await ask(first));
console.log('another', await ask(new HttpCache()));

const store = new MemoryStore({maxBytes: 1_000_000});
console.log('a store', await ask(new HttpCache({store})));
console.log('the same store', await ask(new HttpCache({store})));

console.log('the origin saw', origin.seen.length, 'requests');

/* prints:
first fwd=uri-miss then hit
another fwd=uri-miss
a store fwd=uri-miss
the same store hit
the origin saw 3 requests
*/
