import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs} from '../model/units.ts';
import {chooseMatching} from '../policy/choosing.ts';
import {currentAge} from '../policy/current-age.ts';
import {evaluate, hasOwnValidation, isConditional} from '../policy/preconditions.ts';
import type {ForwardDetail, ForwardReason, NotReusedReason} from '../policy/reasons.ts';
import {isCacheableMethod} from '../policy/registries.ts';
import {isFresh, mayServeStale, whyNotFresh} from '../policy/staleness.ts';
import {validationRequest} from '../policy/validation.ts';
import type {RequestDecision} from './decisions.ts';

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
  const bypass = whyBypassed(request);
  if (bypass !== undefined) return around(request, 'bypass', bypass);
  if (!isCacheableMethod(request.head.method, policy)) return around(request, 'method', undefined);
  const {matching, miss} = chooseMatching(request, candidates, now);
  const [chosen] = matching;
  if (chosen === undefined) return withoutMatch(request, miss ?? 'uri-miss');
  const because = whyNotFresh(request, chosen, now);
  return reuseOf(request, chosen, because, now) ?? withoutReuse(request, matching, because ?? 'stale');
}

/** Why a request must not touch what is stored; `undefined` when it may. */
function whyBypassed({head, directives}: CacheRequest): ForwardDetail | undefined {
  if (head.mode === 'no-store') return 'mode-no-store';
  if (directives.noStore) return 'request-no-store';
  if (head.fields.has('range')) return 'range';
  if (isConditional(head) && !hasOwnValidation(head)) return 'condition';
  return undefined;
}

function reuseOf(
  request: CacheRequest,
  stored: StoredResponse,
  because: NotReusedReason | undefined,
  now: EpochMs,
): RequestDecision | undefined {
  const age = currentAge(stored, now);
  const as = hasOwnValidation(request.head) ? evaluate(request, stored) : 'whole';
  const reuse = {type: 'reuse', stored, age, stale: !isFresh(stored, now), as} as const;
  if (because === undefined || mayServeStale(request, stored, now, 'mode')) return {...reuse, validateLater: undefined};
  if (because !== 'stale') return undefined;
  if (mayServeStale(request, stored, now, 'max-stale')) return {...reuse, validateLater: undefined};
  if (!mayServeStale(request, stored, now, 'revalidating')) return undefined;
  const unconditional = withoutConditions(request);
  return {...reuse, validateLater: validationRequest(unconditional, [stored]) ?? unconditional.head};
}

/** What is asked for the store's sake carries the store's conditions, not the caller's. */
function withoutConditions(request: CacheRequest): CacheRequest {
  const {head} = request;
  return {...request, head: {...head, fields: head.fields.without(['if-none-match', 'if-modified-since'])}};
}

function withoutReuse(
  request: CacheRequest,
  matching: readonly StoredResponse[],
  because: NotReusedReason,
): RequestDecision {
  if (isOnlyIfCached(request)) return unsatisfiable(request);
  const detail = because as ForwardDetail;
  const reason = forwardReason(because);
  if (hasOwnValidation(request.head)) return forward(request, reason, 'caller-condition', 'maybe');
  const validation = because === 'reload' ? undefined : validationRequest(request, matching);
  if (validation === undefined) return forward(request, reason, detail, 'maybe');
  return {type: 'validate', because: reason, detail, request: endToEnd(request, validation), candidates: matching};
}

/** Past everything stored, which still is no leave to ask the network for a request that refuses it. */
function around(request: CacheRequest, because: ForwardReason, detail: ForwardDetail | undefined): RequestDecision {
  return isOnlyIfCached(request) ? unsatisfiable(request) : forward(request, because, detail, 'no');
}

function withoutMatch(request: CacheRequest, miss: 'uri-miss' | 'vary-miss'): RequestDecision {
  if (isOnlyIfCached(request)) return unsatisfiable(request);
  return forward(request, miss, request.through ? 'through' : undefined, 'maybe');
}

function forward(
  request: CacheRequest,
  because: ForwardReason,
  detail: ForwardDetail | undefined,
  store: 'maybe' | 'no',
): RequestDecision {
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

function isOnlyIfCached({head, directives}: CacheRequest): boolean {
  return head.mode === 'only-if-cached' || directives.onlyIfCached;
}

function unsatisfiable({head}: CacheRequest): RequestDecision {
  return {type: 'unsatisfiable', as: head.mode === 'only-if-cached' ? 'network-error' : 'gateway-timeout'};
}

const askedByRequest: ReadonlySet<NotReusedReason> = new Set(['reload', 'no-cache', 'max-age', 'min-fresh', 'through']);

/** RFC 9211 §2.2: `request` when the request's own wishes ruled the stored response out, else `stale`. */
function forwardReason(because: NotReusedReason): ForwardReason {
  return askedByRequest.has(because) ? 'request' : 'stale';
}
