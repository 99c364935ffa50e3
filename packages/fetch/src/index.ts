// fetch in front of a cache. Everything is in `limpid/adapter`; this gives it its name and its own type.

import type {HttpCache} from 'limpid';
import {
  type CachingFetch,
  type CachingFetchInit,
  cachingFetch,
  type Defaults,
  type FetchFunction,
  type SendOptions,
  splitSends,
} from 'limpid/adapter';

/** What fetch takes as init, and `limpid`: what this one request asks of the cache, or `false` to go past it. */
export type CachedFetchInit = CachingFetchInit;

/** fetch that also takes `limpid` in its init; assignable wherever `fetch` is. */
export type CachedFetch = CachingFetch;

/** `fetch`, and what holds for every request unless its own `limpid` says otherwise. */
export type CachedFetchOptions = Defaults &
  SendOptions & {
    /** What sends requests. Default: the global `fetch`, looked up for each call. */
    readonly fetch?: FetchFunction | undefined;
  };

/**
 * A fetch that answers from `cache` where RFC 9111 lets it, and is fetch otherwise.
 *
 * @example const get = cachedFetch(cache);
 * @throws TypeError when an option is wrong.
 */
export function cachedFetch(cache: HttpCache, options: CachedFetchOptions = {}): CachedFetch {
  const {sends, defaults: rest} = splitSends(options);
  const {fetch, ...defaults} = rest;
  return cachingFetch(cache, {fetch, defaults, sends});
}
