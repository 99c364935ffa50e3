// Ask for a part of something large, then for all of it: only what is missing is fetched.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

const film = 'a film of some length';
const origin = await startOrigin({
  '/film': ({headers: {range}}, response) => {
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    const part = film.slice(Number(first), last === '' ? undefined : Number(last) + 1);
    const end = Number(first) + part.length - 1;
    response.writeHead(range === undefined ? 200 : 206, {
      'cache-control': 'max-age=60',
      etag: '"1"',
      'content-length': part.length,
      ...(range !== undefined && {'content-range': `bytes ${first}-${end}/${film.length}`}),
    });
    response.end(part);
    console.log('  the origin sends', part.length, 'bytes');
  },
});
const get = cachedFetch(new HttpCache());

const show = async (range?: string): Promise<void> => {
  const response = await get(`${origin.url}/film`, range === undefined ? {} : {headers: {range}});
  console.log(response.status, how(response), await response.text());
};

await show('bytes=0-5');
await show('bytes=2-5');
await show();
await show('bytes=-6');

/* prints:
  the origin sends 6 bytes
206 fwd=uri-miss a film
206 hit film
  the origin sends 15 bytes
200 fwd=partial 206 a film of some length
206 hit length
*/
