// Freshness by hand, for servers that say nothing or say it wrong: for each option the first rule that sets it wins.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const origin = await startOrigin({
  '/quiet': {},
  '/stubborn': {'cache-control': 'no-store'},
  '/search': {'cache-control': 'max-age=60'},
});

const cache = new HttpCache({
  rules: [
    {for: `${origin.url}/stubborn`, ttl: '1h', ignores: ['no-store']},
    {for: {prefix: `${origin.url}/search`}, ignoreSearch: ['utm_source']},
    {for: {origin: origin.url}, ttl: '5m'},
  ],
});
const get = cachedFetch(cache);

for (const path of ['/quiet', '/stubborn', '/search?q=1&utm_source=mail', '/search?q=1', '/search?q=2']) {
  const first = await get(origin.url + path);
  await first.text();
  console.log(path.padEnd(28), how(first).padEnd(12), 'then', how(await get(origin.url + path)));
}

/* prints:
/quiet                       fwd=uri-miss then hit
/stubborn                    fwd=uri-miss then hit
/search?q=1&utm_source=mail  fwd=uri-miss then hit
/search?q=1                  hit          then hit
/search?q=2                  fwd=uri-miss then hit
*/
