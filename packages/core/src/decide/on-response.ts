import {parseResponseDirectives} from '../fields/cache-control.ts';
import {parseCacheGroups} from '../fields/cache-groups.ts';
import {formatHttpDate} from '../fields/http-date.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';
import {chooseMatching} from '../policy/choosing.ts';
import {currentAge} from '../policy/current-age.ts';
import {factsOf} from '../policy/facts.ts';
import {disagreed, freshened, freshenedBy, headAgrees} from '../policy/freshening.ts';
import {nominatedFields, unseenClient} from '../policy/nominating.ts';
import {directivesInForce} from '../policy/overriding.ts';
import {storedPartition} from '../policy/partitioning.ts';
import type {NotStoredReason} from '../policy/reasons.ts';
import {storedFields} from '../policy/stored-fields.ts';
import {whyNotStored} from '../policy/storing.ts';
import {tagsOf} from '../policy/tagging.ts';
import {hasValidator} from '../policy/validators.ts';
import type {Effect, ResponseDecision} from './decisions.ts';
import type {ExchangeFacts} from './exchange.ts';
import {decideOnFailure} from './on-failure.ts';

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
  if (exchange.decision.type === 'forward' && exchange.decision.store === 'no') {
    return {answer: {type: 'origin'}, effects: [], notStored: 'bypass'};
  }
  if (response.status === 304) return onNotModified(exchange, response, responseTime);
  const instead = serverErrors.has(response.status) ? decideOnFailure(exchange, responseTime) : undefined;
  if (instead !== undefined) return {answer: instead, effects: [], notStored: undefined};
  return onFullAnswer(exchange, response, responseTime, id);
}

/** §4.3.4: the stored responses a 304 speaks of are freshened, and the chosen one answers. */
function onNotModified(exchange: ExchangeFacts, response: ResponseHead, responseTime: EpochMs): ResponseDecision {
  const {decision, request} = exchange;
  const candidates =
    decision.type === 'validate'
      ? decision.candidates
      : chooseMatching(request, exchange.candidates, responseTime).matching;
  const updates = freshenedBy(response, candidates, decision.request).map(stored =>
    updateOf(exchange, stored, response, responseTime, exchange.began),
  );
  const effects = updates.map(({kept}): Effect => ({type: 'update', stored: kept}));
  if (decision.type === 'forward') return {answer: {type: 'origin'}, effects, notStored: 'status-not-modified'};
  const [first] = updates;
  if (first === undefined) return {answer: {type: 'repeat'}, effects, notStored: undefined};
  const {shown: stored, notStored} = first;
  const age = currentAge(stored, responseTime);
  return {answer: {type: 'reuse', stored, age, stale: false, as: 'whole'}, effects, notStored};
}

/** What an update makes of a stored response: what its caller gets to see, and what is kept. */
type Update = {
  readonly shown: StoredResponse;
  readonly kept: StoredResponse;
  readonly notStored: NotStoredReason | undefined;
};

/** An update that may not be stored is shown, but what it spoke of stays as it was, for reuse after validation. §3 */
function updateOf(
  {request, policy, requestTime}: ExchangeFacts,
  stored: StoredResponse,
  update: ResponseHead,
  responseTime: EpochMs,
  began: Tick,
): Update {
  const updated = freshened(request, stored, update, policy, {requestTime, responseTime, began});
  const notStored = whyNotStored(request, updated.head, policy);
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
  const effects = request.head.method === 'HEAD' ? afterHead(exchange, matching, response, responseTime) : [];
  const notStored = whyNotStored(request, response, policy);
  if (notStored === undefined) {
    return {
      answer: {type: 'origin'},
      effects: [...effects, {type: 'put', stored: storedFrom(exchange, response, responseTime, id)}],
      notStored,
    };
  }
  // Choice (§4.3.3): a full answer that may not be stored still shows that the stored one is outdated.
  const contradicted = request.head.method === 'HEAD' || response.status >= 500 ? [] : matching.slice(0, 1);
  const updates = contradicted.map((stored): Effect => ({type: 'update', stored: outdated(stored, began)}));
  return {answer: {type: 'origin'}, effects: [...effects, ...updates], notStored};
}

/** §4.3.5: a HEAD answer freshens the stored GET responses it agrees with and makes the others stale. */
function afterHead(
  exchange: ExchangeFacts,
  matching: readonly StoredResponse[],
  response: ResponseHead,
  responseTime: EpochMs,
): readonly Effect[] {
  if (response.status !== 200) return [];
  const {began} = exchange;
  const validates = hasValidator(response.fields);
  return matching
    .filter(stored => stored.method === 'GET')
    .map(stored => {
      if (!headAgrees(stored, response)) return {type: 'update', stored: outdated(stored, began)};
      const counted = validates ? began : beganBeside(stored, began);
      return {type: 'update', stored: updateOf(exchange, stored, response, responseTime, counted).kept};
    });
}

/** Reused after validation only: the answer to an exchange begun at `began` contradicts it. */
const outdated = (stored: StoredResponse, began: Tick): StoredResponse => ({
  ...disagreed(stored),
  began: beganBeside(stored, began),
});

/** When the exchange began that a response counts from after an update that validates nothing: it undoes no `expire`. */
const beganBeside = (stored: StoredResponse, began: Tick): Tick => (stored.expired ? stored.began : began);

function storedFrom(
  exchange: ExchangeFacts,
  response: ResponseHead,
  responseTime: EpochMs,
  id: string,
): StoredResponse {
  const {request, policy, requestTime, began} = exchange;
  const directives = parseResponseDirectives(response.fields);
  const nominated = nominatedFields(request, response, policy);
  const {method, variant} = request.head;
  const partition = storedPartition(request, directives, policy);
  const client = unseenClient(request, nominated);
  const dated = withDate(response, responseTime);
  return {
    id,
    resource: request.resource,
    url: request.url,
    key: JSON.stringify([method, partition, request.content, variant, client, nominated]),
    method,
    partition,
    content: request.content,
    variant,
    client,
    nominated,
    head: {
      ...dated,
      url: response.redirected ? response.url : request.url,
      fields: storedFields(dated.fields, directivesInForce(response, policy), policy),
    },
    requestTime,
    responseTime,
    began,
    tags: tagsOf(response, policy),
    groups: parseCacheGroups(response.fields, 'cache-groups'),
    facts: factsOf(dated, policy, requestTime, responseTime),
    size: 0,
    expired: false,
    lastUsed: responseTime,
  };
}

/**
 * The response with a Date field: its own, or the time of its receipt.
 *
 * @see RFC 9110 §6.6.1
 */
export function withDate(response: ResponseHead, responseTime: EpochMs): ResponseHead {
  if (response.fields.has('date')) return response;
  return {...response, fields: response.fields.with('date', formatHttpDate(responseTime))};
}
