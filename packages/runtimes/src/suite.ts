// What has to hold in every runtime. The origin counts, and says so in its answers.

import {cached} from '@limpid/axios';
import {cachedFetch} from '@limpid/fetch';
import axios from 'axios';
import ky from 'ky';
import {cacheStatus, HttpCache, MemoryStore} from 'limpid';
import {cacheHooks} from 'limpid/ky';
import {storeContract} from 'limpid/store-contract';
import {same, Tests} from './testing.ts';

export type Runtime = {
  /** Where the origin is. */
  readonly origin: string;
  /** Answers a request with this Response, as the runtime's own server does; the result is what arrives there. */
  readonly served: Way;
  /** Whether it has the Cache API. */
  readonly hasCaches: boolean;
};

/** How a hit may be handed on. It is made where it is used: some runtimes let nothing cross from request to request. */
type Way = (hit: () => Promise<Response>) => Promise<Response>;

/** The clients, each as a function that reads text. */
const clients: Readonly<Record<string, (cache: HttpCache) => (url: string) => Promise<string>>> = {
  fetch: cache => {
    const get = cachedFetch(cache);
    return async url => (await get(url)).text();
  },
  ky: cache => {
    const api = ky.extend({hooks: cacheHooks(cache)});
    return async url => api(url).text();
  },
  axios: cache => {
    const http = cached(axios.create(), cache);
    return async url => (await http.get(url, {responseType: 'text'})).data;
  },
};

const waysOn: Readonly<Record<string, Way>> = {
  'as it is': hit => hit(),
  cloned: async hit => (await hit()).clone(),
  'as the body of another': async hit => {
    const response = await hit();
    return new Response(response.body, response);
  },
  'through a stream': async hit => new Response((await hit()).body?.pipeThrough(new TransformStream())),
};

export function suite({origin, served, hasCaches}: Runtime): Tests {
  const tests = new Tests();
  const {describe, test} = tests;

  describe('memory', () =>
    storeContract(tests, () => new MemoryStore(), {bounded: maxBytes => new MemoryStore({maxBytes})}));

  for (const [name, clientOf] of Object.entries(clients)) {
    test(`${name} misses, hits, validates and is cleared`, async () => {
      const cache = new HttpCache();
      const text = clientOf(cache);
      const url = `${origin}/${name}`;
      same(await text(url), 'answer 1', 'a miss');
      same(await text(url), 'answer 1', 'a hit');
      await cache.expire(url);
      same(await text(url), 'answer 1', 'what is validated');
      // A browser has a cache of its own below.
      await cache.clear({origin}, {through: true});
      same(await text(url), 'answer 2', 'after a clear');
      await cache.close();
    });
  }

  test('requests at the same time share one answer', async () => {
    // To say so is for workers: a cache may be used by several incoming requests there, and answers are not.
    const cache = new HttpCache({coalesce: true});
    const get = cachedFetch(cache);
    const texts = await Promise.all([1, 2, 3].map(async () => (await get(`${origin}/together?slow`)).text()));
    same(texts, ['answer 1', 'answer 1', 'answer 1'], 'the answers');
    await cache.close();
  });

  const ways = {...waysOn, 'served by this runtime': served, ...(hasCaches && {'put into Cache': putIntoCache})};
  for (const [way, on] of Object.entries(ways)) {
    test(`a hit is whole: ${way}`, async () => {
      const cache = new HttpCache();
      const get = cachedFetch(cache);
      const url = `${origin}/whole/${encodeURIComponent(way)}?bytes=100000`;
      const first = await (await get(url)).text();
      await cache.idle();
      const arrived = await on(async () => {
        const hit = await get(url);
        same(cacheStatus(hit)?.hit, true, 'whether it is a hit');
        return hit;
      });
      same(arrived.status, 200, 'status');
      same((await arrived.text()) === first, true, 'whether it is what was stored');
      await cache.close();
    });
  }
  return tests;
}

async function putIntoCache(hit: () => Promise<Response>): Promise<Response> {
  const cache = await caches.open('limpid');
  const url = 'https://a.example/put';
  await cache.put(url, await hit());
  const found = await cache.match(url);
  if (found === undefined) throw new Error('it is not there');
  return found;
}
