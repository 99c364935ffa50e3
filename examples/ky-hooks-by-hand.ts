// ky's hooks one by one, for those who compose them by hand. They do less than `cacheHooks`: nothing is joined,
// validated in the background, or served stale when the network fails.

import ky from 'ky';
import {HttpCache} from 'limpid';
import {clearHook, readHook, writeHook} from 'limpid/ky';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60'}, '/login': {}});

const cache = new HttpCache();
const api = ky.extend({
  prefix: origin.url,
  hooks: {beforeRequest: [readHook(cache)], afterResponse: [writeHook(cache)]},
});
const login = api.extend({hooks: {afterResponse: [clearHook(cache, {all: true})]}});

async function ask(when: string): Promise<void> {
  const response = await api('users');
  console.log(when.padEnd(11), how(response), await response.json());
}

await ask('at first');
await ask('again');
await login.post('login');
await ask('after login');

/* prints:
at first    fwd=uri-miss { path: '/users', served: 1 }
again       hit { path: '/users', served: 1 }
after login fwd=uri-miss { path: '/users', served: 3 }
*/
