import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs} from '../model/units.ts';
import {chooseMatching} from '../policy/choosing.ts';
import {answerFrom, completingRequest, type Incomplete, type StoredAnswer} from '../policy/combining.ts';
import {hasOriginCondition, hasOwnValidation} from '../policy/preconditions.ts';
import {isRangePassedOn, renderingOf} from '../policy/ranges.ts';
import type {ForwardDetail, ForwardReason, NotReusedReason} from '../policy/reasons.ts';
import {isCacheableMethod} from '../policy/registries.ts';
import {mayServeStale, whyNotFresh} from '../policy/staleness.ts';
import {validationRequest} from '../policy/validation.ts';
import {type RequestDecision, reuseOf} from './decisions.ts';

export type Unsatisfiable = Extract<RequestDecision, {type: 'unsatisfiable'}>;

/**
 * Decides what happens to a request: reuse, validate, forward, or nothing at all.
 *
 * `candidates` is everything stored under the request's resource; choosing among it happens here.
 *
 * @see RFC 9111 §4
 */
export function decideOnRequest(
  request: CacheRequest,
  candidates: readonly StoredResponse[],
  policy: Policy,
  now: EpochMs,
): RequestDecision {
  const decision = decideUnrefused(request, candidates, policy, now);
  return decision.type === 'reuse' ? decision : (onlyIfCached(request) ?? decision);
}

/** What would happen to the request if it never refused the network. */
function decideUnrefused(
  request: CacheRequest,
  candidates: readonly StoredResponse[],
  policy: Policy,
  now: EpochMs,
): RequestDecision {
  const bypass = whyBypassed(request);
  if (bypass !== undefined) return forward(request, 'bypass', bypass, 'no');
  const {method} = request.head;
  if (!isCacheableMethod(method, policy))
    return forward(request, 'method', undefined, method === 'POST' ? 'for-get' : 'no');
  const {matching, miss} = chooseMatching(request, candidates, now);
  if (matching.length === 0) return withoutMatch(request, miss);
  const answer = answerFrom(request, matching);
  if (answer?.type !== 'answer') return withoutAnswer(request, matching, answer);
  const because = whyNotFresh(request, answer.stored, now);
  return permittedReuse(request, answer, because, now) ?? withoutReuse(request, matching, answer, because ?? 'stale');
}

/** Why a request must not touch what is stored; `undefined` when it may. */
function whyBypassed({head, directives}: CacheRequest): ForwardDetail | undefined {
  if (head.mode === 'no-store') return 'mode-no-store';
  if (directives.noStore) return 'request-no-store';
  if (isRangePassedOn(head)) return 'range';
  return hasOriginCondition(head) ? 'condition' : undefined;
}

function permittedReuse(
  request: CacheRequest,
  answer: StoredAnswer,
  because: NotReusedReason | undefined,
  now: EpochMs,
): RequestDecision | undefined {
  const reuse = reuseOf(answer, now);
  const {stored} = answer;
  if (because === undefined || mayServeStale(request, stored, now, 'mode')) return {...reuse, validateLater: undefined};
  if (because !== 'stale') return undefined;
  if (mayServeStale(request, stored, now, 'max-stale')) return {...reuse, validateLater: undefined};
  // Who refuses the network has nothing to wait for.
  if (request.validatesFirst && !request.directives.onlyIfCached) return undefined;
  if (!mayServeStale(request, stored, now, 'revalidating')) return undefined;
  const unconditional = forTheStore(request, stored);
  return {...reuse, validateLater: validationRequest(unconditional, [stored]) ?? unconditional.head};
}

/**
 * What is asked for the store's sake carries the store's conditions, not the caller's. Where the caller refuses the
 * network, it says nothing of Cache-Control: that was for the caller's own answer. What is stored whole is asked for
 * whole; what is stored in parts, by the caller's range.
 */
function forTheStore(request: CacheRequest, {facts}: StoredResponse): CacheRequest {
  const {head, directives} = request;
  const ofCaller = ['if-none-match', 'if-modified-since', 'if-range'];
  if (facts.range === undefined) ofCaller.push('range');
  if (directives.onlyIfCached) ofCaller.push('cache-control');
  return {...request, head: {...head, fields: head.fields.without(ofCaller)}};
}

function withoutReuse(
  request: CacheRequest,
  matching: readonly StoredResponse[],
  answer: StoredAnswer,
  because: NotReusedReason,
): RequestDecision {
  const detail = because as ForwardDetail;
  const reason = forwardReason(because);
  if (hasOwnValidation(request.head)) return forward(request, reason, 'caller-condition', 'maybe');
  const candidates = matching.filter(stored => isCandidate(request, stored, answer));
  const validation = because === 'reload' ? undefined : validationRequest(request, candidates);
  if (validation === undefined) return forward(validatedBelow(request, because), reason, detail, 'maybe');
  return {type: 'validate', because: reason, detail, request: endToEnd(request, validation), candidates};
}

/** Nothing to validate it by: that caches below do not answer with the same again, only the mode can say. */
function validatedBelow(request: CacheRequest, because: NotReusedReason): CacheRequest {
  const {head} = request;
  return because === 'expired' && head.mode === 'default' ? {...request, head: {...head, mode: 'no-cache'}} : request;
}

/** A 304 about it would be enough: it answers by itself, or as a part of the answer. §4.3.1 */
function isCandidate(request: CacheRequest, stored: StoredResponse, {pieces}: StoredAnswer): boolean {
  if (stored.facts.range === undefined && renderingOf(request, stored) !== undefined) return true;
  return pieces?.some(piece => piece.stored === stored) ?? false;
}

/** Nothing that matches holds all of what is asked: the rest is asked for, where that is one range. §3.4 */
function withoutAnswer(
  request: CacheRequest,
  matching: readonly StoredResponse[],
  incomplete: Incomplete | undefined,
): RequestDecision {
  const detail = request.through ? 'through' : undefined;
  if (matching.every(({facts}) => facts.range === undefined))
    return forward(request, 'uri-miss', detail ?? 'encoded', 'maybe');
  const asked = incomplete && request.head.mode !== 'reload' ? completingRequest(request, incomplete) : undefined;
  if (incomplete === undefined || asked === undefined) return forward(request, 'partial', detail, 'maybe');
  return {type: 'complete', because: 'partial', detail, request: endToEnd(request, asked), incomplete};
}

/** RFC 9211 §2.2: a response was there, but made for other values of what it varies by. */
function withoutMatch(request: CacheRequest, miss: NotReusedReason | undefined): RequestDecision {
  const because = miss === undefined ? 'uri-miss' : 'vary-miss';
  const detail = miss === 'hidden-vary' ? miss : undefined;
  return forward(request, because, request.through ? 'through' : detail, 'maybe');
}

/** Sends the request as its caller gave it; end to end, where a `through` mark covers it. */
export function forward(
  request: CacheRequest,
  because: ForwardReason,
  detail: ForwardDetail | undefined,
  store: 'maybe' | 'for-get' | 'no',
): Extract<RequestDecision, {type: 'forward'}> {
  return {type: 'forward', because, detail, request: endToEnd(request, request.head), store};
}

/**
 * A request that a `through` mark covers also tells the caches below us to ask the origin, besides whatever its
 * caller tells them. The mode `no-store` already goes end to end. §5.2, §5.2.1.4
 */
function endToEnd(request: CacheRequest, head: RequestHead): RequestHead {
  if (!request.through) return head;
  const asked = head.fields.get('cache-control');
  const fields = head.fields.with('cache-control', asked === undefined ? 'no-cache' : `${asked}, no-cache`);
  return {...head, mode: head.mode === 'no-store' ? 'no-store' : 'reload', fields};
}

/** The same decision where an invalidation that could not be applied yet hides what might have answered. */
export function unapplied(decision: RequestDecision): RequestDecision {
  if (!('because' in decision) || decision.detail !== undefined) return decision;
  return {...decision, detail: 'unapplied'};
}

/**
 * What comes of a request that refuses the network when nothing stored answers it; `undefined` for any other.
 *
 * @see RFC 9111 §5.2.1.7
 */
export function onlyIfCached({head, directives}: CacheRequest): Unsatisfiable | undefined {
  if (head.mode === 'only-if-cached') return {type: 'unsatisfiable', as: 'network-error'};
  return directives.onlyIfCached ? {type: 'unsatisfiable', as: 'gateway-timeout'} : undefined;
}

const askedByRequest: ReadonlySet<NotReusedReason> = new Set(['reload', 'no-cache', 'max-age', 'min-fresh', 'through']);

/** RFC 9211 §2.2: `request` when the request's own wishes ruled the stored response out, else `stale`. */
function forwardReason(because: NotReusedReason): ForwardReason {
  return askedByRequest.has(because) ? 'request' : 'stale';
}
