// Why is this old? `explain` says what would happen now, and for each stored response why it would answer or not.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60', vary: 'accept-language'}});
const users = `${origin.url}/users`;

const cache = new HttpCache();
const get = cachedFetch(cache);
const inLanguage = (language: string): RequestInit => ({headers: {'accept-language': language}});

async function explain(request: Request): Promise<void> {
  const {decision, text, stored} = await cache.explain(request);
  console.log(`${decision}: ${text}`);
  for (const {because = 'chosen', section = 'RFC 9111 §4', text: why} of stored) {
    console.log(`  ${because}: ${why} (${section})`);
  }
}

await explain(new Request(users));
await get(users, inLanguage('en')).then(response => response.text());
await explain(new Request(users, inLanguage('en')));
await explain(new Request(users, inLanguage('de')));
await explain(new Request(users, {...inLanguage('en'), cache: 'no-cache'}));
await cache.expire(users);
await explain(new Request(users, inLanguage('en')));

/* prints:
forward: sent to the network: nothing usable is stored for its user
reuse: answered from the store
  chosen: would answer the request (RFC 9111 §4)
forward: sent to the network: made for other values of the fields that Vary names
  vary: a nominated field differs (RFC 9111 §4.1)
forward: sent to the network: the request asked for validation
  no-cache: the request asked for validation (RFC 9111 §5.2.1.4)
forward: sent to the network: expired by the application
  expired: expired by the application (limpid expire)
*/
