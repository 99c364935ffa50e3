// fetch in front of a cache. Everything is in `limpid/adapter`; this gives it its name and its own type.

import type {HttpCache} from 'limpid';
import {
  type CachingFetch,
  type CachingFetchInit,
  cachingFetch,
  complaint,
  type Defaults,
  type FetchFunction,
} from 'limpid/adapter';

/** What fetch takes as init, and `limpid`: what this one request asks of the cache, or `false` to go past it. */
export type CachedFetchInit = CachingFetchInit;

/** fetch that also takes `limpid` in its init; assignable wherever `fetch` is. */
export type CachedFetch = CachingFetch;

/** `fetch`, and what holds for every request unless its own `limpid` says otherwise. */
export type CachedFetchOptions = Defaults & {
  /** What sends requests. Default: the global `fetch`, looked up for each call. */
  readonly fetch?: FetchFunction | undefined;
  /**
   * `'no-store'` sends every request in that cache mode: the platform's own HTTP cache neither answers nor keeps
   * anything, and caches on the way are asked to validate. Default `'default'`: they work below this one.
   */
  readonly transport?: 'default' | 'no-store' | undefined;
  /**
   * Whether validating a response of another origin may cost a CORS preflight, in a browser. Default `false`: there the
   * browser validates with its own cache, in mode `no-cache`.
   */
  readonly preflight?: boolean | undefined;
};

/**
 * A fetch that answers from `cache` where RFC 9111 lets it, and is fetch otherwise.
 *
 * @throws TypeError when an option is wrong.
 */
export function cachedFetch(cache: HttpCache, options: CachedFetchOptions = {}): CachedFetch {
  if (typeof options !== 'object' || options === null) throw complaint('options', options, 'an object of options');
  const {fetch, transport = 'default', preflight = false, ...defaults} = options;
  if (transport !== 'default' && transport !== 'no-store') {
    throw complaint('transport', transport, '"default" or "no-store"');
  }
  if (typeof preflight !== 'boolean') throw complaint('preflight', preflight, 'true or false');
  const sends = {pastPlatformCache: transport === 'no-store', preflights: preflight};
  return cachingFetch(cache, {fetch, defaults, sends});
}
