import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead} from '../model/messages.ts';
import {type StoredResponse, shareable} from '../model/stored-response.ts';
import type {EpochMs} from '../model/units.ts';
import {everyField, nominatedValue} from './nominating.ts';
import type {NotReusedReason} from './reasons.ts';
import {isRedirect} from './redirecting.ts';
import {isFresh} from './staleness.ts';

/** A request's value of a field that a response nominated. */
type ValueFor = (name: string) => string | undefined;

/** The stored responses a request may be answered with, the chosen one first. */
export type Choice = {
  readonly matching: readonly StoredResponse[];
  /** Where none matches: what the response differs in that is this user's and would have answered. */
  readonly miss: NotReusedReason | undefined;
};

/**
 * Why a response stored under the request's resource is not one the request may have; `undefined` when it is.
 *
 * Freshness is another question.
 *
 * @see RFC 9111 §4, §4.1
 */
export function whyNotMatching(
  request: CacheRequest,
  stored: StoredResponse,
  valueFor: ValueFor = valuesOf(request),
): NotReusedReason | undefined {
  const {head} = request;
  if (!mayAnswerMethod(stored.method, head.method)) return 'method';
  if (stored.partition !== request.partition && (request.named || stored.partition !== shareable)) return 'partition';
  if (stored.content !== request.content) return 'content';
  if (stored.variant !== head.variant && !isOfSameOrigin(head, stored)) return 'variant';
  if (stored.client !== undefined && stored.client !== head.client) return 'client';
  if (!hasNominatedValues(stored, valueFor)) return stored.nominated[0]?.[0] === everyField ? 'hidden-vary' : 'vary';
  return isFollowedBelow(head, stored) ? 'redirected' : undefined;
}

/** It redirects, and whoever sends the request below us would not show that. */
const isFollowedBelow = ({redirect}: RequestHead, {head}: StoredResponse): boolean =>
  redirect !== 'manual' && isRedirect(head.status) && head.fields.has('location');

/** Fetch allows `only-if-cached` in mode `same-origin` alone, but means what ordinary requests stored as well. */
const isOfSameOrigin = ({mode, variant}: RequestHead, stored: StoredResponse): boolean =>
  mode === 'only-if-cached' && stored.variant === `mode=same-origin;${variant}`;

/** A GET answer also answers HEAD, never the reverse. */
const mayAnswerMethod = (stored: string, asked: string): boolean =>
  stored === asked || (stored === 'GET' && asked === 'HEAD');

function hasNominatedValues({nominated}: StoredResponse, valueFor: ValueFor): boolean {
  for (const [name, value] of nominated) {
    if (name === '*' || valueFor(name) !== value) return false;
  }
  return true;
}

/** Where variants nominate one field, its value is looked at once for all of them. */
function valuesOf(request: CacheRequest): ValueFor {
  let last: string | undefined;
  let value: string | undefined;
  return name => {
    if (name !== last) value = nominatedValue(request, name);
    last = name;
    return value;
  };
}

/**
 * The stored responses that match the request, in the order in which they are preferred.
 *
 * The most recent is chosen, with one exception: a fresh response with nominated fields goes before those without
 * any, since an origin that varies often forgets to say so in its default answer.
 *
 * Choice (§4.1, SHOULD): the exception ends with the response's freshness. Otherwise an origin that stops sending
 * Vary would be answered from its past, and validated in vain, until the old variant is evicted.
 * Choice (§4.1, MAY): weights in Accept and its kin are not used to prefer one match to another.
 *
 * @see RFC 9111 §4, §4.1
 */
export function chooseMatching(request: CacheRequest, candidates: readonly StoredResponse[], now: EpochMs): Choice {
  const [only] = candidates;
  const valueFor = valuesOf(request);
  // Nearly always: nothing to sort, nothing to build.
  if (candidates.length < 2 && (only === undefined || whyNotMatching(request, only, valueFor) === undefined))
    return {matching: candidates, miss: undefined};
  const reasons = candidates.map(stored => whyNotMatching(request, stored, valueFor));
  const matching = candidates
    .filter((_, index) => reasons[index] === undefined)
    .toSorted((a, b) => Number(isPreferred(b, now)) - Number(isPreferred(a, now)) || byRecency(a, b));
  // Another user's response is no vary-miss: nobody learns that it exists.
  return {matching, miss: matching.length > 0 ? undefined : reasons.find(reason => varyMisses.has(reason))};
}

const varyMisses: ReadonlySet<NotReusedReason | undefined> = new Set(['vary', 'hidden-vary', 'client']);

const isPreferred = (stored: StoredResponse, now: EpochMs): boolean =>
  stored.nominated.length > 0 && isFresh(stored, now);

/** The most recent first: by Date, then by receipt. Of two that came at once, the one that needs no validation. */
const byRecency = (a: StoredResponse, b: StoredResponse): number =>
  b.facts.date - a.facts.date || b.responseTime - a.responseTime || Number(isDoubted(a)) - Number(isDoubted(b));

const isDoubted = ({expired, facts}: StoredResponse): boolean => expired || facts.alwaysValidate;
