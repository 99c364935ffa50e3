// How long a response stays fresh. Whether it still is, staleness.ts tells.
import type {ResponseDirectives} from '../fields/cache-control.ts';
import {parseExpires} from '../fields/expires.ts';
import {parseHttpDate} from '../fields/http-date.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {EpochMs, Seconds} from '../model/units.ts';
import {dateValue, secondsBetween} from './current-age.ts';
import {ruledLifetimes} from './overriding.ts';
import {isHeuristicallyCacheable} from './registries.ts';

/** An invalid lifetime means "already stale". */
const orStale = (seconds: Seconds | 'invalid'): Seconds => (seconds === 'invalid' ? 0 : seconds);

/**
 * The lifetime the response states by itself, or `undefined` when it states none.
 *
 * The first source that is present decides, even when its value is invalid: an invalid lifetime means
 * "already stale", not "ask the next source". Expires is no source beside a field targeted at this cache.
 *
 * @see RFC 9111 §4.2.1, §5.2.2.1, §5.2.2.10, §5.3
 * @see RFC 9213 §2.2
 */
export function explicitLifetime(
  response: ResponseHead,
  directives: ResponseDirectives,
  policy: Policy,
  responseTime: EpochMs,
): Seconds | undefined {
  if (policy.kind === 'shared' && directives.sMaxage !== undefined) return orStale(directives.sMaxage);
  if (directives.maxAge !== undefined) return orStale(directives.maxAge);
  if (directives.targeted) return undefined;
  const expires = parseExpires(response.fields, responseTime);
  if (expires === undefined) return undefined;
  if (expires === 'invalid') return 0;
  return secondsBetween(dateValue(response.fields, responseTime), expires);
}

/**
 * The guess for a response that states no lifetime: a share of the time since it was last modified.
 *
 * @see RFC 9111 §4.2.2
 */
export function heuristicLifetime(
  response: ResponseHead,
  directives: ResponseDirectives,
  policy: Policy,
  responseTime: EpochMs,
): Seconds {
  const text = response.fields.get('last-modified');
  if (policy.heuristic === undefined || text === undefined) return 0;
  if (!isHeuristicallyCacheable(response.status) && !directives.public) return 0;
  const lastModified = parseHttpDate(text, responseTime);
  if (lastModified === 'invalid') return 0;
  const unchanged = secondsBetween(lastModified, dateValue(response.fields, responseTime));
  return Math.min(policy.heuristic.max, Math.floor(unchanged * policy.heuristic.fraction));
}

/**
 * How many seconds after its generation a response stays fresh.
 *
 * A rule's `ttl` comes first, then what the response states. Only a response that names no expiry at all
 * reaches a rule's `defaultTtl`, and without one the heuristic. What a rule says counts from receipt: how long others have
 * kept the response, or that the origin's clock is behind, takes nothing from it.
 *
 * @see RFC 9111 §4.2.1, §4.2.2
 */
export function freshnessLifetime(
  response: ResponseHead,
  directives: ResponseDirectives,
  policy: Policy,
  responseTime: EpochMs,
  initialAge: Seconds,
): Seconds {
  const {ttl, defaultTtl} = ruledLifetimes(response.status, policy);
  const stated = ttl === undefined ? explicitLifetime(response, directives, policy, responseTime) : undefined;
  if (stated !== undefined) return stated;
  const ruled = ttl ?? defaultTtl;
  return ruled === undefined ? heuristicLifetime(response, directives, policy, responseTime) : initialAge + ruled;
}
