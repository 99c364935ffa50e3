import {HttpCache, MemoryStore} from 'limpid';
import {type Clears, type Environment, unbounded} from '../subject.ts';

/** How limpid is configured in all three clients, in words. */
export const configuration = 'new HttpCache(), with a MemoryStore large enough for what a row stores.';

/** The cache of a subject. Tags come from a field so that nothing has to be said for each request. */
export const openCache = ({maxCount = unbounded}: Environment): HttpCache =>
  new HttpCache({
    store: new MemoryStore({maxBytes: 16 * 1024 ** 3, maxCount}),
    maxBodyBytes: 64 * 1024 ** 2,
    tagFields: ['cache-tag'],
  });

export const clearsOf = (cache: HttpCache): Clears => ({
  one: url => cache.clear(url),
  prefix: prefix => cache.clear({prefix}),
  tag: tag => cache.clear({tag}),
  all: () => cache.clear(),
});
