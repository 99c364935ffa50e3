// May this response be stored, and if not, why? Each function answers for one group of conditions of §3.
import type {ResponseDirectives} from '../fields/cache-control.ts';
import {parseVary} from '../fields/vary.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import {mayStoreAuthenticated} from './authenticated.ts';
import {explicitLifetime} from './freshness.ts';
import {directivesInForce, directivesReceived, ruledLifetimes} from './overriding.ts';
import {receivedRange} from './ranges.ts';
import type {NotStoredReason} from './reasons.ts';
import {redirectsWithCredentials} from './redirecting.ts';
import {isCacheableMethod, isHeuristicallyCacheable, isNeverStored, isUnderstood} from './registries.ts';
import {isOvertagged, tagsOf} from './tagging.ts';
import {hasValidator} from './validators.ts';

type Refusal = NotStoredReason | undefined;

const opaqueTypes: ReadonlySet<string> = new Set(['opaque', 'opaqueredirect', 'error']);

function refusedByRequest(request: CacheRequest, policy: Policy): Refusal {
  if (request.head.mode === 'no-store') return 'bypass';
  if (request.directives.noStore) return 'request-no-store';
  return isCacheableMethod(request.head.method, policy) ? undefined : 'method';
}

/** Choice (RFC 9110 §15.5.17): a 416 answers the Range field, which is no part of the key, and is never stored. */
function refusedByStatus(response: ResponseHead): Refusal {
  const {status} = response;
  const answersRange = status === 206 || status === 416;
  if (opaqueTypes.has(response.type) || status === 0) return 'opaque';
  if (!(status >= 200 && status <= 599)) return 'status-not-final';
  if (answersRange && receivedRange(response) === undefined) return 'status-partial';
  if (status === 304) return 'status-not-modified';
  return isNeverStored(status) ? 'status-never-stored' : undefined;
}

/**
 * Choice (RFC 9110 §14.4): Content-Range means nothing on these statuses, but whoever names a range there has
 * probably sent just that part. A value without a range (nonsense, or a 416's `bytes *`) is no such sign.
 */
const namesRange = ({status, fields}: ResponseHead): boolean =>
  status !== 206 && /\d\s*-\s*\d/.test(fields.get('content-range') ?? '');

/**
 * Choice (RFC 9110 §8.4): bodies are kept decoded, for all clients. Of several codings some take off all and others none,
 * and of `compress` likewise.
 */
const disputedCoding = /,|^(?:x-)?compress$/i;

/**
 * Choice (§3): the answer to redirects that the client followed unseen says nothing of how long these hold, nor by which
 * fields they lead here, and is not stored: neither for the URI that was asked for nor for its own.
 */
function refusedByShape(response: ResponseHead, policy: Policy): Refusal {
  if (namesRange(response)) return 'content-range';
  if (policy.vary === undefined && parseVary(response.fields) === '*') return 'vary-any';
  if (redirectsWithCredentials(response)) return 'redirected-secret';
  if (disputedCoding.test(response.fields.get('content-encoding') ?? '')) return 'content-coding';
  return response.redirected ? 'redirected-unseen' : undefined;
}

function refusedByDirectives(response: ResponseHead, directives: ResponseDirectives, policy: Policy): Refusal {
  // A cache that implements must-understand ignores no-store beside it. §5.2.2.3
  if (directives.mustUnderstand && !isUnderstood(response.status)) return 'status-not-understood';
  if (directives.noStore && !directives.mustUnderstand) return 'no-store';
  // A qualified `private` only strips the fields it names.
  return policy.kind === 'shared' && directives.private === true ? 'private' : undefined;
}

function refusedByCredentials(request: CacheRequest, response: ResponseHead, policy: Policy): Refusal {
  if (policy.kind !== 'shared' || !request.head.fields.has('authorization')) return undefined;
  return mayStoreAuthenticated(directivesReceived(response, policy)) ? undefined : 'authorization';
}

/** A rule gives the response a lifetime, or it states one, readable or not. */
function hasLifetime(response: ResponseHead, directives: ResponseDirectives, policy: Policy): boolean {
  const {ttl, defaultTtl} = ruledLifetimes(response.status, policy);
  return (ttl ?? defaultTtl ?? explicitLifetime(response, directives, policy, 0)) !== undefined;
}

/** The response may be stored though it states no lifetime. */
const isMarkedCacheable = (response: ResponseHead, directives: ResponseDirectives, policy: Policy): boolean =>
  isHeuristicallyCacheable(response.status) ||
  directives.public ||
  (policy.kind === 'private' && directives.private !== false);

function refusedByFreshness(response: ResponseHead, directives: ResponseDirectives, policy: Policy): Refusal {
  if (hasLifetime(response, directives, policy)) return undefined;
  // Choice (§3): without a stated lifetime we store what can at least be validated. A guess needs Last-Modified,
  // which is a validator too, so nothing that could be reused is lost.
  const useful = isMarkedCacheable(response, directives, policy) && hasValidator(response.fields);
  return useful ? undefined : 'no-freshness';
}

/**
 * Why the response to this request must not be stored, or `undefined` when it may be.
 *
 * A response that is stale on arrival may: its validator saves the bytes next time.
 *
 * @see RFC 9111 §3, §3.5, §5.2.1.5, §5.2.2.3, §5.2.2.5, §5.2.2.7
 */
export function whyNotStored(request: CacheRequest, response: ResponseHead, policy: Policy): Refusal {
  const directives = directivesInForce(response, policy);
  return (
    refusedByRequest(request, policy) ??
    refusedByStatus(response) ??
    refusedByDirectives(response, directives, policy) ??
    refusedByCredentials(request, response, policy) ??
    refusedByShape(response, policy) ??
    (isOvertagged(tagsOf(response, policy)) ? 'too-many-tags' : undefined) ??
    refusedByFreshness(response, directives, policy)
  );
}
