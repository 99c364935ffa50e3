// After a change no stale screen: a successful POST, PUT, PATCH or DELETE clears what it changed before it answers, by
// HTTP's own rule (RFC 9111 §4.4) or, where that cannot know, by `clears`.

import ky from 'ky';
import {HttpCache} from 'limpid';
import {cacheHooks} from 'limpid/ky';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const fresh = {'cache-control': 'max-age=60'};
const origin = await startOrigin({'/users': fresh, '/users/1': fresh, '/count': fresh});

const cache = new HttpCache();
const api = ky.extend({prefix: origin.url, hooks: cacheHooks(cache)});

async function ask(when: string): Promise<void> {
  const told: string[] = [];
  for (const path of ['users', 'users/1', 'count']) {
    const response = await api(path);
    await response.text();
    told.push(`${path} ${how(response)}`);
  }
  console.log(when.padEnd(16), told.join(', '));
}

await ask('at first');
await ask('again');
await api.patch('users/1', {json: {name: 'Ada'}});
await ask('a PATCH');
await api.post('users', {json: {name: 'Bob'}, limpid: {clears: ['/count', {prefix: '/users/'}]}});
await ask('and with clears');

/* prints:
at first         users fwd=uri-miss, users/1 fwd=uri-miss, count fwd=uri-miss
again            users hit, users/1 hit, count hit
a PATCH          users hit, users/1 fwd=uri-miss, count hit
and with clears  users fwd=uri-miss, users/1 fwd=uri-miss, count fwd=uri-miss
*/
