// The whole cache as one `init` hook: it wraps the call's fetch, below every other hook, retry and timeout.

import type {Options, RetryOptions, ShouldRetryState} from 'ky';
import {type CachingFetch, cachingFetch, checkCache, type Handler} from '../adapter/caching-fetch.ts';
import {isLimpidError} from '../errors.ts';
import {type FetchFunction, senderOf} from '../fetch-api/sender.ts';
import {type SendOptions, splitSends} from '../fetch-api/sends.ts';
import {parseRequestDirectives} from '../fields/cache-control.ts';
import {Fields} from '../fields/fields.ts';
import type {Defaults} from '../options/rule-options.ts';

/** The hooks `cacheHooks` gives, for ky's option `hooks`. */
export type CacheHooks = {init: ((options: Options) => void)[]};

/**
 * Hooks that put `cache` under every call of a ky instance.
 *
 * They work in any order with other hooks, retries, timeouts and a `fetch` given per call, because the cache sits where
 * ky sends: what it sees is final. Given again further down a chain of `extend`, the later cache and defaults replace
 * the earlier. Only an `init` hook that comes later and sets `fetch` leaves the cache out.
 *
 * @example const api = ky.extend({hooks: cacheHooks(cache)});
 * @throws TypeError when `cache` or an option is wrong.
 */
export function cacheHooks(cache: Handler, options: Defaults & SendOptions = {}): CacheHooks {
  checkCache(cache);
  const {sends, defaults} = splitSends(options);
  // Calls that send alike share one, and most bring no fetch of their own.
  const usual = cachingFetch(cache, {defaults, sends});
  const others = new WeakMap<FetchFunction, CachingFetch>();
  const over = (fetch: FetchFunction): CachingFetch => {
    const known = others.get(fetch);
    if (known !== undefined) return known;
    const made = cachingFetch(cache, {fetch, defaults, sends});
    others.set(fetch, made);
    return made;
  };
  const install = (call: Options): void => {
    const fetch = senderOf(call.fetch);
    call.fetch = fetch === undefined ? usual : over(fetch);
    const retry = resigned(call.retry);
    if (retry !== undefined) call.retry = retry;
  };
  return {init: [install]};
}

/**
 * Retry options that do not try again what was asked of the cache alone: the next answer would be the same.
 *
 * What ky will refuse is left for ky to refuse.
 */
function resigned(retry: Options['retry']): RetryOptions | undefined {
  const given = typeof retry === 'number' ? {limit: retry} : retry === undefined ? {} : retry;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  return {...given, shouldRetry: state => (isForStoredOnly(state) ? false : given.shouldRetry?.(state))};
}

function isForStoredOnly({error}: ShouldRetryState): boolean {
  const {request, cause} = error as Error & {readonly request?: Request};
  if (cause instanceof Error && isLimpidError(cause.cause) && cause.cause.code === 'UNSATISFIABLE') return true;
  return request !== undefined && parseRequestDirectives(Fields.from(request.headers)).onlyIfCached;
}
