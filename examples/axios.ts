// axios through a cache: `cached` puts it into one instance, and `eject` takes it out again.

import {cached} from '@limpid/axios';
import axios from 'axios';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({'/users': {'cache-control': 'max-age=60'}});

const cache = new HttpCache();
const http = cached(axios.create({baseURL: origin.url}), cache);

const first = await http.get('/users');
console.log(how(first), first.status, first.data);

const second = await http.get('/users', {responseType: 'text'});
console.log(how(second), second.status, typeof second.data);

http.eject();
console.log(how(await http.get('/users')));

console.log('the origin saw', origin.seen);

/* prints:
fwd=uri-miss 200 { path: '/users', served: 1 }
hit 200 string
no cache
the origin saw [ 'GET /users 200', 'GET /users 200' ]
*/
