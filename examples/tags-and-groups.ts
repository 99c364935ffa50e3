// Clear what belongs together: by tags the application gives, or by groups the server names (RFC 9875).

import ky from 'ky';
import {HttpCache} from 'limpid';
import {cacheHooks} from 'limpid/ky';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({
  '/users': {'cache-control': 'max-age=60'},
  '/team': {'cache-control': 'max-age=60'},
  '/posts': {'cache-control': 'max-age=60', 'cache-groups': '"posts"'},
  '/feed': {'cache-control': 'max-age=60', 'cache-groups': '"posts"'},
  '/publish': {'cache-group-invalidation': '"posts"'},
});

const cache = new HttpCache({rules: [{for: /\/(users|team)$/, tags: ['people']}]});
const api = ky.extend({prefix: origin.url, hooks: cacheHooks(cache)});

async function ask(when: string): Promise<void> {
  const told: string[] = [];
  for (const path of ['users', 'team', 'posts', 'feed']) {
    const response = await api(path);
    await response.text();
    told.push(`${path} ${how(response)}`);
  }
  console.log(when.padEnd(18), told.join(', '));
}

await ask('at first');
await ask('again');
await api.post('publish', {json: {title: 'News'}});
await ask('the server says so');
await api.post('publish', {json: {name: 'Ada'}, limpid: {clears: {tag: 'people'}}});
await ask('both say so');
await cache.clear({tag: 'people'});
await ask('by hand');

/* prints:
at first           users fwd=uri-miss, team fwd=uri-miss, posts fwd=uri-miss, feed fwd=uri-miss
again              users hit, team hit, posts hit, feed hit
the server says so users hit, team hit, posts fwd=uri-miss, feed fwd=uri-miss
both say so        users fwd=uri-miss, team fwd=uri-miss, posts fwd=uri-miss, feed fwd=uri-miss
by hand            users fwd=uri-miss, team fwd=uri-miss, posts hit, feed hit
*/
