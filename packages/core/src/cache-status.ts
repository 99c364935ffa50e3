import {complaint} from './complaint.ts';
import {type CacheStatusMember, parseCacheStatus} from './fields/cache-status.ts';
import {isObject} from './options/reading.ts';

/** A `Response`, or anything with `headers`: a `Headers`, an `AxiosHeaders`, a `Map`, or a plain record. */
export type CacheStatusSource = {readonly headers: object};

/**
 * What limpid wrote about this response: hit or why not, remaining lifetime, stored or not.
 *
 * `undefined` when limpid had nothing to do with it.
 *
 * @throws TypeError for what is not a response, or has no headers that can be read.
 *
 * @see RFC 9211 §2
 */
export function cacheStatus(response: CacheStatusSource): CacheStatusMember | undefined {
  if (!isObject(response)) throw complaint('cacheStatus response', response, 'a Response, or anything with headers');
  const value = valueIn(response.headers);
  if (Array.isArray(value)) return parseCacheStatus(value.join(', '));
  return typeof value === 'string' ? parseCacheStatus(value) : undefined;
}

function valueIn(headers: unknown): unknown {
  if (headers instanceof Map) return lineIn(headers);
  if (isObject(headers)) {
    if ('get' in headers && typeof headers.get === 'function') return headers.get('cache-status');
    if (!(Symbol.iterator in headers)) return lineIn(Object.entries(headers));
  }
  throw complaint('cacheStatus response.headers', headers, 'a Headers, an AxiosHeaders, a Map, or a record');
}

function lineIn(lines: Iterable<readonly [unknown, unknown]>): unknown {
  for (const [name, value] of lines) if (String(name).toLowerCase() === 'cache-status') return value;
  return undefined;
}
