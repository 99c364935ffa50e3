import type {CacheRequest} from '../model/cache-request.ts';
import type {ResponseHead} from '../model/messages.ts';
import {type StoredResponse, shareable} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';
import {chooseMatching} from '../policy/choosing.ts';
import {
  answerFrom,
  completedBy,
  type Incomplete,
  isOfAnother,
  partHead,
  type StoredAnswer,
} from '../policy/combining.ts';
import {disagreed, freshened, freshenedBy, headAgrees} from '../policy/freshening.ts';
import {directivesReceived} from '../policy/overriding.ts';
import {storedPartition} from '../policy/partitioning.ts';
import {receivedRange} from '../policy/ranges.ts';
import type {NotStoredReason} from '../policy/reasons.ts';
import {standsForGet} from '../policy/standing-for-get.ts';
import {whyNotStored} from '../policy/storing.ts';
import {keepingTags} from '../policy/tagging.ts';
import {hasValidator} from '../policy/validators.ts';
import {type Effect, type ResponseDecision, type Reuse, reuseOf} from './decisions.ts';
import type {ExchangeFacts} from './exchange.ts';
import {decideOnFailure} from './on-failure.ts';
import {storedFrom} from './stored-from.ts';

const serverErrors: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/**
 * Decides what an answer from the network means for the caller and for what is stored.
 *
 * `responseTime` is when its head arrived; `id` names the bytes should it be stored.
 *
 * @see RFC 9111 §3, §4.3, §4.3.3, §4.3.4, §4.3.5
 */
export function decideOnResponse(
  exchange: ExchangeFacts,
  response: ResponseHead,
  responseTime: EpochMs,
  id: string,
): ResponseDecision {
  if (exchange.decision.type === 'forward' && exchange.decision.store !== 'maybe') {
    const passedOn = {answer: {type: 'origin'}, effects: [], notStored: 'bypass'} as const;
    return onPost(exchange, response, responseTime, id) ?? passedOn;
  }
  if (exchange.decision.type === 'complete' && [206, 304, 416].includes(response.status))
    return onRest(exchange, exchange.decision, response, responseTime, id);
  if (response.status === 304) return onNotModified(exchange, response, responseTime);
  const instead = serverErrors.has(response.status) ? decideOnFailure(exchange, responseTime) : undefined;
  if (instead !== undefined) return {answer: instead, effects: [], notStored: undefined};
  return onFullAnswer(exchange, response, responseTime, id);
}

/** RFC 9110 §9.3.3: the answer to a POST is stored as that of a GET; `undefined` when it is its caller's alone. */
function onPost(
  {asGet, decision, ...exchange}: ExchangeFacts,
  response: ResponseHead,
  responseTime: EpochMs,
  id: string,
): ResponseDecision | undefined {
  if (asGet === undefined || decision.type !== 'forward' || decision.store !== 'for-get') return undefined;
  if (!standsForGet(exchange.request, response, asGet.policy, responseTime)) return undefined;
  const full = onFullAnswer({...exchange, ...asGet, decision, candidates: []}, response, responseTime, id);
  return full.notStored === undefined ? full : undefined;
}

/** §4.3.4: the stored responses a 304 speaks of are freshened, and the chosen one answers. */
function onNotModified(exchange: ExchangeFacts, response: ResponseHead, responseTime: EpochMs): ResponseDecision {
  const {decision, request} = exchange;
  const candidates =
    decision.type === 'validate'
      ? decision.candidates
      : chooseMatching(request, exchange.candidates, responseTime).matching;
  const updates = freshenedBy(response, candidates, decision.request).map(stored =>
    updateOf(exchange, stored, response, responseTime),
  );
  const effects = updates.map(({kept}): Effect => ({type: 'update', stored: kept}));
  if (decision.type === 'forward') return {answer: {type: 'origin'}, effects, notStored: 'status-not-modified'};
  const answer = answerFrom(
    request,
    updates.map(({shown}) => shown),
  );
  if (answer?.type !== 'answer') return {answer: {type: 'repeat'}, effects, notStored: undefined};
  return {answer: vouchedFor(answer, responseTime), effects, notStored: updates[0]?.notStored};
}

/** The origin has just said that this still holds. */
const vouchedFor = (answer: StoredAnswer, now: EpochMs): Reuse => ({...reuseOf(answer, now), stale: false});

/** §3.4: what stored parts lacked has come, and all of it answers; else the request is sent again as it was. */
function onRest(
  exchange: ExchangeFacts,
  {incomplete}: Extract<ExchangeFacts['decision'], {type: 'complete'}>,
  response: ResponseHead,
  responseTime: EpochMs,
  id: string,
): ResponseDecision {
  const range = receivedRange(response);
  const {matching} = chooseMatching(exchange.request, exchange.candidates, responseTime);
  const part = storedFrom(exchange, mergedHead(exchange, response, matching), responseTime, id);
  const completed = completedBy(incomplete, part);
  if (range === undefined || completed === undefined)
    return {answer: {type: 'repeat'}, effects: [], notStored: undefined};
  const {effects, notStored} = onFullAnswer(exchange, response, responseTime, id);
  const reuse = vouchedFor(completed, responseTime);
  return {
    answer: {type: 'completed', reuse, range, id},
    effects: [...validatedBy(exchange, incomplete), ...effects],
    notStored,
  };
}

/** The answer to If-Range has vouched for the parts it completes, so that an `expire` before it is over. */
function validatedBy({began}: ExchangeFacts, {before, after}: Incomplete): readonly Effect[] {
  const expired = [...before, ...after].filter(({stored}) => stored.expired);
  return expired.map(({stored}) => ({type: 'update', stored: {...stored, began, expired: false}}));
}

/** What an update makes of a stored response: what its caller gets to see, and what is kept. */
type Update = {
  readonly shown: StoredResponse;
  readonly kept: StoredResponse;
  readonly notStored: NotStoredReason | undefined;
};

/** An update that may not be stored is shown, but what it spoke of stays as it was, for reuse after validation. §3 */
function updateOf(
  {request, policy, requestTime, began}: ExchangeFacts,
  stored: StoredResponse,
  update: ResponseHead,
  responseTime: EpochMs,
): Update {
  const own = keepingTags(policy, stored);
  const updated = freshened(request, stored, update, own, {requestTime, responseTime, began});
  const notStored = whyNotStored(request, updated.head, own);
  if (notStored === undefined) return {shown: updated, kept: updated, notStored};
  return {shown: disagreed(updated), kept: outdated(stored, began), notStored};
}

/** §4.3.3: a full answer is the answer; stored when it may be, and what it contradicts is not reused unvalidated. */
function onFullAnswer(
  exchange: ExchangeFacts,
  response: ResponseHead,
  responseTime: EpochMs,
  id: string,
): ResponseDecision {
  const {request, policy, began} = exchange;
  const {matching} = chooseMatching(request, exchange.candidates, responseTime);
  const head = mergedHead(exchange, response, matching);
  const notStored = whyNotStored(request, head, policy);
  const put = notStored === undefined ? storedFrom(exchange, head, responseTime, id) : undefined;
  const updates = [
    ...(request.head.method === 'HEAD' ? afterHead(exchange, matching, response, responseTime) : []),
    ...contradicted(matching, request, response, put).map(
      (stored): Effect => ({type: 'update', stored: outdated(stored, began)}),
    ),
  ];
  const puts = put === undefined ? [] : [{type: 'put', stored: put} as const];
  return {answer: {type: 'origin'}, effects: [...updates, ...puts], notStored};
}

/** §3.4: a part with what its siblings told; one that anybody may have takes nothing from one that is somebody's. */
function mergedHead(
  {request, policy}: ExchangeFacts,
  response: ResponseHead,
  matching: readonly StoredResponse[],
): ResponseHead {
  if (response.status !== 206) return response;
  const partition = storedPartition(request, directivesReceived(response, policy), policy);
  const siblings = matching.filter(stored => stored.partition === partition || stored.partition === shareable);
  return partHead(response, siblings, policy.targetedFields);
}

/**
 * What an answer shows to be outdated.
 *
 * Choice (§4.3.3): a full answer that may not be stored still does. One that is stored goes before what it answers
 * for as the more recent; a fresh variant, which would go before it (§4.1), and parts of another representation, do so
 * no more. A part, and an answer to HEAD, speak by their validators only. An answer that only turns the request away
 * says nothing of what is stored.
 */
function contradicted(
  matching: readonly StoredResponse[],
  {head}: CacheRequest,
  response: ResponseHead,
  put: StoredResponse | undefined,
): readonly StoredResponse[] {
  if (head.method === 'HEAD' || response.status >= 500 || turnsAway.has(response.status)) return [];
  const isPart = response.status === 206;
  return matching.filter(
    (stored, index) =>
      (!isPart && (put === undefined ? index === 0 : put.nominated.length === 0 && stored.nominated.length > 0)) ||
      ((isPart || stored.facts.range !== undefined) && isOfAnother(stored, response)),
  );
}

/**
 * Took too long, asks for no such range, comes too early, comes too often.
 *
 * @see RFC 9110 §15.5.9, §15.5.17, RFC 8470 §5.2, RFC 6585 §4
 */
const turnsAway: ReadonlySet<number> = new Set([408, 416, 425, 429]);

/**
 * §4.3.5: a HEAD answer freshens the stored GET responses it agrees with and makes the others stale.
 *
 * Choice (§4.3.5): one without a validator freshens nothing. It agrees with everything, and may speak of another
 * representation than the bytes that are kept.
 */
function afterHead(
  exchange: ExchangeFacts,
  matching: readonly StoredResponse[],
  response: ResponseHead,
  responseTime: EpochMs,
): readonly Effect[] {
  if (response.status !== 200) return [];
  const {began} = exchange;
  const validates = hasValidator(response.fields);
  return matching.flatMap((stored): readonly Effect[] => {
    const agrees = headAgrees(stored, response);
    if (stored.method !== 'GET' || (agrees && !validates)) return [];
    const kept = agrees ? updateOf(exchange, stored, response, responseTime).kept : outdated(stored, began);
    return [{type: 'update', stored: kept}];
  });
}

/** Reused after validation only: the answer to an exchange begun at `began` contradicts it. */
const outdated = (stored: StoredResponse, began: Tick): StoredResponse => ({
  ...disagreed(stored),
  began: beganBeside(stored, began),
});

/** When the exchange began that a response counts from after an update that validates nothing: it undoes no `expire`. */
const beganBeside = (stored: StoredResponse, began: Tick): Tick => (stored.expired ? stored.began : began);
