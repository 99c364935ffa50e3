// What an answer from the network, or none, comes to: for the caller, for those who joined, and for the store.

import type {ResponseDecision, Reuse} from '../decide/decisions.ts';
import {decideOnFailure} from '../decide/on-failure.ts';
import {decideOnResponse} from '../decide/on-response.ts';
import {discard} from '../fetch-api/body-streams.ts';
import {parseContentLength} from '../fields/content-length.ts';
import {Fields} from '../fields/fields.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import {rescued} from '../model/maybe.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {ClearOutcome, Store, UpdateOutcome} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {TransportResponse} from '../model/transport.ts';
import type {EpochMs, MaybePromise} from '../model/units.ts';
import {withDate} from '../policy/dating.ts';
import {isAsSent} from '../policy/ranges.ts';
import type {NotStoredReason} from '../policy/reasons.ts';
import {isCacheableMethod} from '../policy/registries.ts';
import {cacheStatusAdded} from './answer.ts';
import type {Exchange} from './exchange.ts';
import {begunPast, completed, type Finished, finishedWith, type Repeat, repeat} from './finished.ts';
import type {FlightOutcome} from './flights.ts';
import type {Invalidating} from './invalidating.ts';
import type {Parts} from './parts.ts';
import {reusedBody, reusedHead, storedPieces, toldReuse, ttlOf} from './reusing.ts';
import {keep, refuse} from './storing.ts';

/** An answer from the network. */
type Received = {
  readonly response: TransportResponse;
  readonly responseTime: EpochMs;
  /** The clear of what it emptied. */
  readonly applied: ClearOutcome | undefined;
};

export class Finishing {
  readonly #parts: Parts;
  readonly #invalidating: Invalidating;

  constructor(parts: Parts, invalidating: Invalidating) {
    this.#parts = parts;
    this.#invalidating = invalidating;
  }

  /** Turns the network's answer into the caller's, once everything that must come first has been done. */
  async finish(exchange: Exchange, response: TransportResponse): Promise<Finished | Repeat> {
    const {settings, newId} = this.#parts;
    const responseTime = settings.now();
    const {request, decision, began} = exchange;
    const verdict = decideOnResponse(exchange, response.head, responseTime, newId());
    // Misuse of `clears` is thrown, and nobody reads the body then.
    const applied = await rescued(
      () => this.#invalidating.apply(exchange, response.head),
      error => {
        discard(response.body);
        throw error;
      },
    );
    if (request.through && replacesBelow(exchange, response.head))
      await this.#attempt('reached', store => store.reached(request.resource, request.url, began));
    const updates = verdict.effects.flatMap(effect => (effect.type === 'update' ? [effect.stored] : []));
    const updated = updates.length === 0 ? [] : await this.#update(updates);
    this.#emitRevalidated(exchange, response.head);
    const received = {response, responseTime, applied};
    if (verdict.answer.type === 'reuse') {
      const reused = await this.#reused(exchange, verdict.answer, response, updated);
      if (reused !== undefined) return reused;
      if (response.head.status === 304) return repeat(response, applied);
      // Nothing is left to stand in for the error.
      return this.#answered(
        exchange,
        decideOnResponse({...exchange, candidates: []}, response.head, responseTime, newId()),
        received,
      );
    }
    if (verdict.answer.type === 'repeat')
      return repeat(response, applied, decision.type === 'complete' ? 'not-combined' : 'unmatched');
    if (verdict.answer.type !== 'completed') return this.#answered(exchange, verdict, received);
    const {reuse, id} = verdict.answer;
    const stored = (reuse.pieces ?? []).filter(piece => piece.stored.id !== id);
    const slices = await storedPieces(this.#parts.store, stored);
    if (slices === undefined) return repeat(response, applied);
    const network = this.#answered(exchange, verdict, received);
    return completed(exchange, verdict.answer, slices, network, settings.base.policy.kind);
  }

  /** The network's own answer, on its way to the store if it may be. */
  #answered(exchange: Exchange, {effects, notStored}: ResponseDecision, received: Received): Finished {
    const {response, applied} = received;
    const {request, decision, began} = exchange;
    const put = effects.find(effect => effect.type === 'put')?.stored;
    const past = begunPast(began, applied);
    const stored = put && past !== undefined && response.isPersonal !== true ? {...put, began: past} : undefined;
    if (stored !== undefined && !this.#isTooLarge(request, response) && this.#parts.off() === undefined)
      return this.#kept(exchange, response, stored);
    const because = notStored ?? this.#whyNotKept(request, response);
    // That the answer to a POST is not stored is nothing to tell, unless it said that it might be.
    if (decision.type !== 'forward' || decision.store === 'maybe' || put !== undefined) {
      refuse(this.#parts, {method: request.head.method, url: request.url}, response.head, because);
    }
    return this.#passed(exchange, received, because);
  }

  /** The stored response that may stand in for no answer at all; `undefined` when there is none. RFC 5861 §4 */
  async fail(exchange: Exchange): Promise<Finished | undefined> {
    const {settings, counters} = this.#parts;
    // Its caller has had an answer: what failed is to be told, and nothing else.
    if (exchange.background) return undefined;
    const instead = decideOnFailure(exchange, settings.now());
    const finished = instead && (await this.#reused(exchange, instead, undefined, []));
    if (finished === undefined) counters.failed += 1;
    return finished;
  }

  #whyNotKept(request: CacheRequest, response: TransportResponse): NotStoredReason {
    if (this.#parts.off() !== undefined || response.isPersonal === true) return 'bypass';
    return this.#isTooLarge(request, response) ? 'too-large' : 'fenced';
  }

  /** It says itself that it is longer than what is kept. To a HEAD it says what a GET would get. RFC 9110 §8.6 */
  #isTooLarge({head: {method}}: CacheRequest, {head}: TransportResponse): boolean {
    if (method === 'HEAD') return false;
    const length = isAsSent(head) ? parseContentLength(head.fields) : undefined;
    return typeof length === 'number' && length > this.#parts.settings.maxBodyBytes;
  }

  /** An answer from a stored response, after a 304 or in place of an error; `undefined` when its bytes are gone. */
  async #reused(
    exchange: Exchange,
    reuse: Reuse,
    response: TransportResponse | undefined,
    updated: readonly UpdateOutcome[],
  ): Promise<Finished | undefined> {
    const {request, decision} = exchange;
    const isGone = await this.#isGone(reuse.stored, updated[0]);
    const body = isGone ? undefined : await reusedBody(this.#parts, request, reuse);
    if (body === undefined) return undefined;
    discard(response?.body);
    const fwdStatus = response?.head.status;
    const member = {fwd: decision.because, fwdStatus};
    // What goes on behind an answer is told and counted to nobody a second time.
    const head =
      fwdStatus === 304 || exchange.background
        ? this.#validatedHead(exchange, reuse, response?.head)
        : toldReuse(this.#parts, request, reuse, member, 'error');
    const outcome: FlightOutcome = reuse.stale
      ? {type: 'failed'}
      : {type: 'reusable', stored: reuse.stored, kept: undefined};
    return finishedWith({head, body}, outcome);
  }

  /** A cookie that the origin sets with its 304 is its caller's, whoever else the response is for. */
  #validatedHead({request, decision}: Exchange, reuse: Reuse, validation: ResponseHead | undefined): ResponseHead {
    const {settings} = this.#parts;
    const ttl = ttlOf(reuse.stored, settings.now());
    const member = {fwd: decision.because, fwdStatus: 304, ttl, detail: decision.detail};
    const head = reusedHead(request, reuse, settings.base.policy.kind, member);
    const cookies = validation?.fields.lines('set-cookie') ?? [];
    if (cookies.length === 0 || head.fields.has('set-cookie')) return head;
    return {...head, fields: head.fields.and(Fields.from({'set-cookie': cookies}))};
  }

  /** A younger 304 may have been faster, which leaves the bytes where they are; a clear does not. */
  async #isGone(stored: StoredResponse, updated: UpdateOutcome | undefined): Promise<boolean> {
    if (updated === 'fenced') return (await this.#attempt('counts', store => store.counts(stored))) !== true;
    return updated === 'gone';
  }

  #kept({decision, resolved, asGet}: Exchange, response: TransportResponse, stored: StoredResponse): Finished {
    const kept = keep(this.#parts, stored, response, asGet?.resolved ?? resolved);
    const {because: fwd, detail} = decision;
    const head = withDate(response.head, stored.responseTime);
    return {
      type: 'answer',
      head: {...head, fields: head.fields.changed([cacheStatusAdded({fwd, stored: true, detail})])},
      body: kept,
      kept,
      outcome: {type: 'reusable', stored, kept},
    };
  }

  #passed({decision}: Exchange, {response, responseTime}: Received, notStored: NotStoredReason): Finished {
    const {head, body} = response;
    const detail = notStored === 'bypass' ? decision.detail : notStored;
    const dated = withDate(head, responseTime);
    const fields = dated.fields.changed([cacheStatusAdded({fwd: decision.because, detail})]);
    return finishedWith({head: {...dated, fields}, body}, {type: 'private'});
  }

  /** In the order of `stored`; a store that fails leaves the old one, which is validated again next time. */
  async #update(stored: readonly StoredResponse[]): Promise<readonly UpdateOutcome[]> {
    if (this.#parts.off() !== undefined) return [];
    const outcomes: UpdateOutcome[] = [];
    for (const one of stored) outcomes.push((await this.#attempt('update', store => store.update(one))) ?? 'stored');
    return outcomes;
  }

  async #attempt<T>(during: string, run: (store: Store) => MaybePromise<T>): Promise<T | undefined> {
    return this.#parts.store.attempt<T | undefined>(during, undefined, run);
  }

  #emitRevalidated({request, decision, background}: Exchange, {status}: ResponseHead): void {
    const {counters, events} = this.#parts;
    if (decision.type !== 'validate') return;
    if (status === 304) counters.notModified += 1;
    const {because, detail} = decision;
    const {method} = request.head;
    events.emit({type: 'revalidate', method, url: request.url, because, detail, status, background});
  }
}

/**
 * The caches below that were asked to pass this request on now answer GET with this, or with nothing.
 *
 * They keep what they have while they answer for a failing origin, and where it was another method, or a part.
 */
const replacesBelow = ({decision: {request}, policy}: Exchange, {status}: ResponseHead): boolean =>
  request.method !== 'HEAD' &&
  isCacheableMethod(request.method, policy) &&
  !request.fields.has('range') &&
  status < 500;
