// Is a stored response fresh, may the request have it as it is, and may it be had stale?
import type {CacheRequest} from '../model/cache-request.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Seconds} from '../model/units.ts';
import {currentAge, isClockBehind} from './current-age.ts';
import type {NotReusedReason} from './reasons.ts';

/** What could justify a stale answer. */
export type StaleGrounds = 'max-stale' | 'revalidating' | 'error' | 'mode';

/**
 * How much longer the stored response stays fresh; negative is how long it has been stale.
 *
 * @see RFC 9111 §4.2
 */
export const remainingLifetime = (stored: StoredResponse, now: EpochMs): Seconds => {
  const remaining = stored.facts.lifetime - currentAge(stored, now);
  return stored.expired || isClockBehind(stored, now) ? Math.min(0, remaining) : remaining;
};

/**
 * The stored response has not outlived its freshness lifetime. One that is exactly as old is stale.
 *
 * @see RFC 9111 §4.2
 */
export const isFresh = (stored: StoredResponse, now: EpochMs): boolean => remainingLifetime(stored, now) > 0;

/** Vary names Cookie and the browser hides it: nobody can tell whether the user is still the same. */
const hasHiddenCookies = (request: CacheRequest, stored: StoredResponse): boolean =>
  request.head.client === 'browser' && stored.nominated.some(([name]) => name === 'cookie');

/** The request asks for validation, whatever is stored. */
function forcedValidation(request: CacheRequest): NotReusedReason | undefined {
  if (request.head.mode === 'reload') return 'reload';
  return request.head.mode === 'no-cache' || request.directives.noCache ? 'no-cache' : undefined;
}

/**
 * Which of the request's limits the stored response exceeds.
 *
 * Choice (§5.2.1): a limit that cannot be read is one that nothing meets.
 */
function beyondLimits(request: CacheRequest, stored: StoredResponse, now: EpochMs): NotReusedReason | undefined {
  const {maxAge, minFresh} = request.directives;
  if (maxAge !== undefined && isOlderThan(maxAge, stored, now)) return 'max-age';
  if (minFresh === undefined) return undefined;
  return minFresh === 'invalid' || remainingLifetime(stored, now) < minFresh ? 'min-fresh' : undefined;
}

function isOlderThan(maxAge: Seconds | 'invalid', stored: StoredResponse, now: EpochMs): boolean {
  if (maxAge === 'invalid') return true;
  // Choice (§5.2.1.1): max-age=0 is how a reload asks for validation, so age zero does not meet it either;
  // and a reload is what `immutable` is there to spare (RFC 8246 §2). Other limits are meant as written.
  if (maxAge === 0) return !(stored.facts.immutable && isFresh(stored, now));
  return currentAge(stored, now) > maxAge;
}

/**
 * Why the request may not have the stored response as it is, without validation; `undefined` when it may.
 *
 * What nothing can override comes first, then what the request forces, then the response's own freshness, then
 * the request's limits: so `max-age` and `min-fresh` always speak of a response that is fresh by itself.
 *
 * @see RFC 9111 §4, §5.2.1.1, §5.2.1.3, §5.2.1.4
 */
export function whyNotFresh(request: CacheRequest, stored: StoredResponse, now: EpochMs): NotReusedReason | undefined {
  if (request.through) return 'through';
  if (stored.expired) return 'expired';
  if (hasHiddenCookies(request, stored)) return 'hidden-cookies';
  const forced = forcedValidation(request);
  if (forced !== undefined) return forced;
  if (stored.facts.alwaysValidate) return 'always-validate';
  return isFresh(stored, now) ? beyondLimits(request, stored, now) : 'stale';
}

/** Whether these grounds excuse being stale for so long. A window of 0 is none, but `max-stale=0` takes what just became stale. */
function excuses(
  why: Exclude<StaleGrounds, 'mode'>,
  request: CacheRequest,
  {facts}: StoredResponse,
  staleness: Seconds,
): boolean {
  const {maxStale, staleIfError} = request.directives;
  switch (why) {
    case 'max-stale':
      return maxStale === 'any' || (typeof maxStale === 'number' && staleness <= maxStale);
    case 'revalidating':
      return staleness < facts.staleWhileRevalidate;
    case 'error':
      // Either side may grant it. RFC 5861 §4
      return staleness < facts.staleIfError || (typeof staleIfError === 'number' && staleness < staleIfError);
    default:
      return why satisfies never;
  }
}

/**
 * On these grounds the request may have the stored response though it is not fresh.
 *
 * The limits a request sets hold on any grounds but its mode: whoever bounds the age of an answer would
 * rather have none than an older one.
 *
 * Deviation (§4.2.4): Fetch's modes `force-cache` and `only-if-cached` take any age, even where the response
 * forbids it, because the caller says so in as many words. They do not undo a clear or an `expire`.
 *
 * @see RFC 9111 §4.2.4, §5.2.1.1, §5.2.1.2, RFC 5861 §3, §4
 */
export function mayServeStale(request: CacheRequest, stored: StoredResponse, now: EpochMs, why: StaleGrounds): boolean {
  if (request.through || stored.expired || hasHiddenCookies(request, stored)) return false;
  if (why === 'mode') return request.head.mode === 'force-cache' || request.head.mode === 'only-if-cached';
  const {alwaysValidate, neverStale} = stored.facts;
  if (alwaysValidate || neverStale || isClockBehind(stored, now)) return false;
  if (forcedValidation(request) !== undefined || beyondLimits(request, stored, now) !== undefined) return false;
  const staleness = -remainingLifetime(stored, now);
  const {maxAge, maxStale} = request.directives;
  const isAccepted = maxStale === undefined ? maxAge === undefined : excuses('max-stale', request, stored, staleness);
  return isAccepted && excuses(why, request, stored, staleness);
}
