// A scraper: pages are kept on disk, fresh for a week whatever the site says, bad pages are not kept, and the next run
// replays them without a network.

import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {cachedFetch} from '@limpid/fetch';
import {SqliteStore} from '@limpid/sqlite';
import {SingleBar} from 'cli-progress';
import {HttpCache, type Rule} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const shy = {'cache-control': 'no-store'};
const origin = await startOrigin({'/page/1': shy, '/page/2': shy, '/page/3': shy});
const urls = [1, 2, 3].map(page => `${origin.url}/page/${page}`);
const folder = await mkdtemp(join(tmpdir(), 'scraper-'));

/** What every run begins with: the same file, the same rules. */
function open(): {readonly store: SqliteStore; readonly cache: HttpCache} {
  const store = new SqliteStore({file: join(folder, 'pages.db'), maxBytes: 1_000_000_000, compress: 'brotli'});
  const rules: readonly Rule[] = [
    {for: {prefix: `${origin.url}/page/`}, ttl: '7d', ignores: ['no-store'], tags: ['page']},
    {storeIf: response => !response.text().includes('limit reached')},
  ];
  return {store, cache: new HttpCache({store, rules})};
}

// The first run asks the network, with a progress bar where somebody looks at a terminal.
const first = open();
const bar = new SingleBar({});
bar.start(urls.length, 0);
console.log(await first.cache.warm(urls, {concurrency: 2, onProgress: ({done}) => bar.update(done)}));
bar.stop();
await first.cache.close();
await first.store.close();

// The next run takes everything from the disk, and says so when something is missing.
const second = open();
const replay = cachedFetch(second.cache);
const offline = {headers: {'cache-control': 'only-if-cached'}};
for (const url of [...urls, `${origin.url}/page/4`]) {
  const response = await replay(url, offline);
  console.log(url, response.status, how(response));
}

// One page was bad: it alone is cleared, and asked for again.
await second.cache.clear(`${origin.url}/page/2`);
console.log('again', how(await replay(`${origin.url}/page/2`)));
await second.cache.close();
await second.store.close();
await rm(folder, {recursive: true});

/* prints:
{ answered: 3, failed: 0 }
http://127.0.0.1:PORT/page/1 200 hit
http://127.0.0.1:PORT/page/2 200 hit
http://127.0.0.1:PORT/page/3 200 hit
http://127.0.0.1:PORT/page/4 504 no cache
again fwd=uri-miss
*/
