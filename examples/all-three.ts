// ky, axios and fetch over one cache: what one stored, the others hit.

import {cached} from '@limpid/axios';
import {cachedFetch} from '@limpid/fetch';
import axios from 'axios';
import ky from 'ky';
import {HttpCache} from 'limpid';
import {cacheHooks} from 'limpid/ky';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60'}});

const cache = new HttpCache();
const api = ky.extend({hooks: cacheHooks(cache)});
const http = cached(axios.create(), cache);
const get = cachedFetch(cache);

console.log(await api(`${origin.url}/users`).json());

const byAxios = await http.get(`${origin.url}/users`);
console.log(how(byAxios), byAxios.data);

const byFetch = await get(`${origin.url}/users`);
console.log(how(byFetch), await byFetch.json());

console.log('the origin saw', origin.seen);

/* prints:
{ path: '/users', served: 1 }
hit { path: '/users', served: 1 }
hit { path: '/users', served: 1 }
the origin saw [ 'GET /users 200' ]
*/
