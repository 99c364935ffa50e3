// ky through a cache: hooks for one instance. JSON, errors, retries and timeouts stay ky's own.

import ky from 'ky';
import {HttpCache} from 'limpid';
import {cacheHooks} from 'limpid/ky';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60'}});

const cache = new HttpCache();
const api = ky.extend({prefix: origin.url, hooks: cacheHooks(cache)});

console.log(await api('users').json());
console.log(await api('users').json());
console.log(how(await api('users')));

const error = await api('nowhere').catch((reason: unknown) => reason);
console.log(String(error).split(':')[0]);

console.log('the origin saw', origin.seen);

/* prints:
{ path: '/users', served: 1 }
{ path: '/users', served: 1 }
hit
HTTPError
the origin saw [ 'GET /users 200', 'GET /nowhere 404' ]
*/
