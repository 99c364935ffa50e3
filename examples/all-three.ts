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

console.log('ky   ', how(await api(`${origin.url}/users`)));
console.log('axios', how(await http.get(`${origin.url}/users`)));
console.log('fetch', how(await get(`${origin.url}/users`)));
console.log('the origin saw', origin.seen);
/* prints:
*/
