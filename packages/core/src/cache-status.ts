import {type CacheStatusMember, parseCacheStatus} from './fields/cache-status.ts';

/** A `Response`, or anything with `headers`: a `Headers`, an `AxiosHeaders`, or a plain record. */
export type CacheStatusSource = {readonly headers: object};

/**
 * What limpid wrote about this response: hit or why not, remaining lifetime, stored or not.
 *
 * `undefined` when limpid had nothing to do with it.
 *
 * @see RFC 9211 §2
 */
export function cacheStatus({headers}: CacheStatusSource): CacheStatusMember | undefined {
  const value =
    'get' in headers && typeof headers.get === 'function' ? headers.get('cache-status') : recordValue(headers);
  if (Array.isArray(value)) return parseCacheStatus(value.join(', '));
  return typeof value === 'string' ? parseCacheStatus(value) : undefined;
}

function recordValue(headers: object): unknown {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'cache-status')?.[1];
}
