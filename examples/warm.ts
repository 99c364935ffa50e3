// Fill the cache ahead of need, a few requests at a time, with progress.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const fresh = {'cache-control': 'max-age=60'};
const origin = await startOrigin({'/users': fresh, '/posts': fresh, '/feed': fresh});
const urls = ['/users', '/posts', '/feed'].map(path => origin.url + path);

const cache = new HttpCache();
const result = await cache.warm([...urls, 'http://127.0.0.1:1/unreachable'], {
  concurrency: 1,
  onProgress: ({url, done, total, status = 'no answer'}) => console.log(`${done}/${total}`, url, status),
});
console.log(result);

const get = cachedFetch(cache);
console.log('now', how(await get(`${origin.url}/feed`)));

/* prints:
1/4 http://127.0.0.1:PORT/users 200
2/4 http://127.0.0.1:PORT/posts 200
3/4 http://127.0.0.1:PORT/feed 200
4/4 http://127.0.0.1:PORT/unreachable no answer
{ answered: 3, failed: 1 }
now hit
*/
