// The first half of every request: reuse what is stored, or know what to send.

import type {Reuse} from '../decide/decisions.ts';
import {decideOnRequest, forward, type Unsatisfiable, unapplied} from '../decide/on-request.ts';
import {discard} from '../fetch-api/body-streams.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import {after, isPromise} from '../model/maybe.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Lookup} from '../model/store.ts';
import type {Answer} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import type {ResolvedPolicy} from '../options/resolve-policy.ts';
import type {ForwardDetail} from '../policy/reasons.ts';
import type {HandleOptions} from './answer.ts';
import type {Exchange} from './exchange.ts';
import {begunPast, type Repeat} from './finished.ts';
import type {Invalidating} from './invalidating.ts';
import {unkeyed} from './keying.ts';
import {unsatisfiable} from './local.ts';
import type {Parts} from './parts.ts';
import {type Prepared, Preparing, refusedBy} from './preparing.ts';
import {reusedBody, toldReuse} from './reusing.ts';
import {abortable} from './streams.ts';

/** Either the answer, or what to send and the exchange to finish with what comes back. */
export type Begun =
  | {readonly type: 'answer'; readonly answer: Answer; readonly validateLater: Exchange | undefined}
  | {readonly type: 'forward'; readonly request: RequestHead; readonly exchange: Exchange};

/** What a look at a request comes to; `around` is why it would go around the cache. */
export type Look = Prepared & {
  readonly lookup: Lookup;
  /** An invalidation that could not be applied yet has hidden some of what is stored. */
  readonly hides: boolean;
  readonly around: ForwardDetail | undefined;
};

export class Beginning {
  readonly #parts: Parts;
  readonly #preparing: Preparing;
  readonly #invalidating: Invalidating;
  /** The store answers later: nothing is there at once. */
  #isStoreLate = false;

  constructor(parts: Parts, invalidating: Invalidating) {
    this.#parts = parts;
    this.#preparing = new Preparing(parts);
    this.#invalidating = invalidating;
  }

  /** @throws TypeError when the `limpid` option or the adapter's defaults are wrong; LimpidError `UNSATISFIABLE`. */
  begin(given: RequestHead, options: HandleOptions): MaybePromise<Begun> {
    options.signal?.throwIfAborted();
    const {head, resolved} = this.#preparing.resolve(given, options);
    const around = this.#preparing.whyAround(head, options, resolved);
    if (around !== undefined) return this.#around(head, resolved, around);
    const request = this.#preparing.keyed(head, resolved, options);
    if (isPromise(request)) return request.then(one => this.#lookUp(one, given, head, resolved, options));
    return this.#lookUp(request, given, head, resolved, options);
  }

  /**
   * The answer when it is there at once: a fresh response with its bytes, in a synchronous store. `undefined`
   * otherwise, and then nothing has been counted or told.
   *
   * @throws TypeError as `begin` does.
   */
  reuse(given: RequestHead, options: HandleOptions): Answer | undefined {
    options.signal?.throwIfAborted();
    const {head, resolved} = this.#preparing.resolve(given, options);
    if (this.#isStoreLate || this.#preparing.whyAround(head, options, resolved) !== undefined) return undefined;
    const {settings, store} = this.#parts;
    const named = this.#atOnce(this.#preparing.keyed(head, resolved, options));
    const found = named && this.#atOnce(store.lookup(named));
    if (named === undefined || found === undefined) return undefined;
    const request = covered(named, found);
    const {candidates} = this.#withoutHidden(found);
    const decision = decideOnRequest(request, candidates, resolved.policy, settings.now());
    if (decision.type !== 'reuse' || decision.stale) return undefined;
    const kept = reusedBody(this.#parts, request, decision);
    const body = this.#atOnce(kept);
    if (body !== undefined && !(body instanceof ReadableStream))
      return {head: toldReuse(this.#parts, request, decision, {hit: true}), body};
    void after(kept, discard);
    return undefined;
  }

  /** The value if it is there; a store that promises one is not asked twice from then on. */
  #atOnce<T>(value: MaybePromise<T>): T | undefined {
    if (!isPromise(value)) return value;
    this.#isStoreLate = true;
    return undefined;
  }

  /** The request as the cache sees it, and what it finds stored: for `explain`, `match` and selections by request. */
  async look(given: RequestHead, options: HandleOptions): Promise<Look | undefined> {
    const {head, resolved} = this.#preparing.resolve(given, options);
    const around = this.#preparing.whyAround(head, options, resolved);
    const {store} = this.#parts;
    await store.notice();
    const request = await this.#preparing.keyed(head, resolved, options);
    if (request === undefined) return undefined;
    const found = await store.lookup(request);
    if (found === undefined) return undefined;
    const lookup = this.#withoutHidden(found);
    return {request: covered(request, found), resolved, lookup, hides: lookup !== found, around};
  }

  /** Whether content of such a request would be part of its key. */
  keysContent(given: RequestHead, options: HandleOptions): boolean {
    return this.#preparing.keysContent(given, options);
  }

  /**
   * The exchange for a request that the stored response could not answer after all. It began when it first did, and what it
   * was to clear is cleared.
   */
  again(exchange: Exchange, {because, applied}: Repeat): Exchange {
    const {request, decision, resolved, began} = exchange;
    return {
      ...exchange,
      resolved: applied === undefined ? resolved : {...resolved, clears: undefined},
      decision: forward(request, decision.because, because, 'maybe'),
      candidates: [],
      began: begunPast(began, applied) ?? began,
      requestTime: this.#parts.settings.now(),
    };
  }

  #lookUp(
    request: CacheRequest | undefined,
    given: RequestHead,
    head: RequestHead,
    resolved: ResolvedPolicy,
    options: HandleOptions,
  ): MaybePromise<Begun> {
    if (request === undefined) return this.#around(head, resolved, 'store-failed');
    const prepared = {request, resolved};
    const found = this.#parts.store.lookup(request);
    if (isPromise(found)) return found.then(lookup => this.#found(prepared, lookup, given, options));
    return this.#found(prepared, found, given, options);
  }

  #found(
    prepared: Prepared,
    lookup: Lookup | undefined,
    given: RequestHead,
    options: HandleOptions,
  ): MaybePromise<Begun> {
    const {request, resolved} = prepared;
    if (lookup === undefined) return this.#around(request.head, resolved, 'store-failed');
    const asGet = this.#preparing.asGet(given, options, prepared);
    if (asGet === undefined) return this.#decide(prepared, lookup, options);
    return after(asGet, standing => this.#decide({...prepared, asGet: standing}, lookup, options));
  }

  /** Past the cache: nothing read, nothing stored. What the answer empties is emptied all the same. */
  #around(head: RequestHead, resolved: ResolvedPolicy, detail: ForwardDetail): Begun {
    const request = unkeyed(head);
    return this.#forward({request, resolved}, forward(request, 'bypass', detail, 'no'), {
      began: 0,
      candidates: [],
      through: undefined,
    });
  }

  #decide(prepared: Prepared, found: Lookup, {signal, validatesFirst}: HandleOptions): MaybePromise<Begun> {
    const {settings} = this.#parts;
    const asked = covered(prepared.request, found);
    const request = validatesFirst ? {...asked, validatesFirst} : asked;
    const lookup = this.#withoutHidden(found);
    const {policy} = prepared.resolved;
    const decided = decideOnRequest(request, lookup.candidates, policy, settings.now());
    const decision = lookup === found ? decided : unapplied(decided);
    if (decision.type === 'unsatisfiable') return this.#unsatisfiable(request, decision.as);
    if (decision.type !== 'reuse') return this.#forward({...prepared, request}, decision, lookup);
    return after(reusedBody(this.#parts, request, decision), body => {
      if (body === undefined) {
        const missing = forward(request, 'stale', 'body-gone', 'maybe');
        return this.#forward({...prepared, request}, missing, {...lookup, candidates: []});
      }
      const head = toldReuse(this.#parts, request, decision, {hit: true});
      const readable = body instanceof ReadableStream ? abortable(body.getReader(), signal) : body;
      const {validateLater} = decision;
      return {
        type: 'answer',
        answer: {head, body: readable},
        validateLater: validateLater && this.#later({...prepared, request}, decision, lookup, validateLater),
      };
    });
  }

  /** @throws LimpidError for Fetch's mode, as `unsatisfiable` does. */
  #unsatisfiable({head, url}: CacheRequest, as: Unsatisfiable['as']): Begun {
    const {counters, events} = this.#parts;
    counters.unsatisfiable += 1;
    const detail = 'only-if-cached';
    events.emit({type: 'miss', method: head.method, url, because: 'request', detail});
    return {type: 'answer', answer: unsatisfiable(as, head.url), validateLater: undefined};
  }

  /** The same lookup when nothing in it is hidden by an invalidation that could not be applied yet. */
  #withoutHidden(lookup: Lookup): Lookup {
    if (!this.#invalidating.isPending) return lookup;
    void this.#invalidating.retry();
    const candidates = lookup.candidates.filter(stored => !this.#invalidating.hides(stored));
    return candidates.length === lookup.candidates.length ? lookup : {...lookup, candidates};
  }

  #later(prepared: Prepared, {stored}: Reuse, lookup: Lookup, request: RequestHead): Exchange {
    // Its caller is answered by a hit, which clears nothing.
    const resolved = {...prepared.resolved, clears: undefined};
    const decision = {type: 'validate', because: 'stale', detail: 'stale', request, candidates: [stored]} as const;
    return {...this.#exchange({...prepared, resolved}, decision, lookup), background: true};
  }

  #forward(prepared: Prepared, decision: Exchange['decision'], lookup: Lookup): Begun {
    const {counters, events} = this.#parts;
    const {request} = prepared;
    const refused = refusedBy(request, decision.detail);
    if (refused !== undefined) return this.#unsatisfiable(request, refused.as);
    if (decision.type === 'validate') counters.validations += 1;
    else {
      const {because, detail} = decision;
      counters[because === 'bypass' ? 'bypassed' : 'misses'] += 1;
      events.emit({type: 'miss', method: request.head.method, url: request.url, because, detail});
    }
    return {type: 'forward', request: decision.request, exchange: this.#exchange(prepared, decision, lookup)};
  }

  #exchange(
    {request, resolved, asGet}: Prepared,
    decision: Exchange['decision'],
    {began, candidates}: Lookup,
  ): Exchange {
    const {policy} = resolved;
    const requestTime = this.#parts.settings.now();
    return {request, policy, resolved, decision, candidates, began, requestTime, background: false, asGet};
  }
}

const covered = (request: CacheRequest, {through}: Lookup): CacheRequest =>
  through === undefined ? request : {...request, through: true};
