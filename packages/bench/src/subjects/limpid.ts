import {cachedFetch} from '@limpid/fetch';
import {HttpCache, MemoryStore, type Store} from 'limpid';
import {answeringFetch} from '../answers.ts';
import {type Clears, type Client, type Environment, type Subject, unbounded} from '../subject.ts';

/** How limpid is configured in all three clients, in words. */
export const configuration = 'new HttpCache(), with a MemoryStore large enough for what a row stores.';

/** Tags come from a field so that nothing has to be said for each request. */
const cacheOver = (store: Store): HttpCache =>
  new HttpCache({store, maxBodyBytes: 64 * 1024 ** 2, tagFields: ['cache-tag']});

/** The cache of a subject. */
export const openCache = ({maxCount = unbounded}: Environment): HttpCache =>
  cacheOver(new MemoryStore({maxBytes: 16 * 1024 ** 3, maxCount}));

export const clearsOf = (cache: HttpCache): Clears => ({
  one: url => cache.clear(url),
  prefix: prefix => cache.clear({prefix}),
  tag: tag => cache.clear({tag}),
  all: () => cache.clear(),
});

/** Where a store keeps what outlives it. */
export type Place = {
  readonly open: (maxCount?: number) => Store;
  /** How many bytes that takes. */
  readonly taken?: () => number | Promise<number>;
  readonly end: () => unknown;
};

/** A subject that uses fetch over a store that is not the one in memory. */
export const overStore = (inWords: string, placeOf: () => Place | Promise<Place>): Subject => ({
  configuration: `cachedFetch(new HttpCache({store})), the store ${inWords}`,
  async open(environment) {
    const place = await placeOf();
    return clientAt(place, environment);
  },
});

function clientAt(place: Place, {inProcess, maxCount}: Environment): Client {
  const store = place.open(maxCount);
  const cache = cacheOver(store);
  const get = cachedFetch(cache, {fetch: inProcess ? answeringFetch : fetch});
  const shut = async (): Promise<void> => {
    await cache.close();
    await store.close();
  };
  return {
    bytes: async url => (await get(url)).arrayBuffer(),
    json: async url => (await get(url)).json(),
    clears: clearsOf(cache),
    reopen: async () => {
      await shut();
      return () => clientAt(place, {cached: true, inProcess, maxCount});
    },
    ...(place.taken && {taken: place.taken}),
    close: async () => {
      await shut();
      await place.end();
    },
  };
}
