// Clear by pattern, prefix, host or any condition: a selection names stored responses, `dryRun` only counts them.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {startOrigin} from './origin/origin.ts';

const fresh = {'cache-control': 'max-age=60'};
const origin = await startOrigin({'/users/1': fresh, '/users/2': fresh, '/posts/1': fresh, '/posts/2': fresh});

const cache = new HttpCache();
const get = cachedFetch(cache);
const load = (): Promise<unknown> =>
  cache.warm(['/users/1', '/users/2', '/posts/1', '/posts/2'].map(path => origin.url + path));

async function left(what: string): Promise<void> {
  const paths: string[] = [];
  for await (const {url} of cache.entries()) paths.push(new URL(url).pathname);
  console.log(what.padEnd(12), paths.toSorted());
  await load();
}

await load();
await cache.clear(/\/1$/);
await left('a RegExp');
await cache.clear(new URLPattern({pathname: '/posts/:id'}));
await left('a URLPattern');
await cache.clear({prefix: `${origin.url}/users/`});
await left('a prefix');
await cache.clear({where: ({size, url}) => size > 0 && url.endsWith('users/2')});
await left('a predicate');
console.log('a dry run', await cache.clear({host: '127.0.0.1'}, {dryRun: true, exact: true}));
console.log('and still', (await get(`${origin.url}/users/1`)).headers.has('age'));

/* prints:
a RegExp     [ '/posts/2', '/users/2' ]
a URLPattern [ '/users/1', '/users/2' ]
a prefix     [ '/posts/1', '/posts/2' ]
a predicate  [ '/posts/1', '/posts/2', '/users/1' ]
a dry run { count: 4, bytes: 121 }
and still true
*/
