// The first half of every request: reuse what is stored, or know what to send.

import type {RequestDecision, Reuse} from '../decide/decisions.ts';
import {decideOnRequest} from '../decide/on-request.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Answer} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {compileRequestOptions} from '../options/request-options.ts';
import {type ResolvedPolicy, resolvePolicy} from '../options/resolve-policy.ts';
import {compileDefaults} from '../options/rule-options.ts';
import type {ForwardDetail} from '../policy/reasons.ts';
import {isCacheableMethod} from '../policy/registries.ts';
import type {HandleOptions} from './answer.ts';
import type {Exchange, Standing} from './exchange.ts';
import type {Repeat} from './finished.ts';
import type {Lookup} from './guarded-store.ts';
import type {Invalidating} from './invalidating.ts';
import {isKeyable, isSupportedUrl, keyed, unkeyed} from './keying.ts';
import {after} from './maybe.ts';
import type {Parts} from './parts.ts';
import {reusedBody, toldReuse} from './reusing.ts';
import {abortable} from './streams.ts';

/** Either the answer, or what to send and the exchange to finish with what comes back. */
export type Begun =
  | {readonly type: 'answer'; readonly answer: Answer; readonly validateLater: Exchange | undefined}
  | {readonly type: 'forward'; readonly request: RequestHead; readonly exchange: Exchange}
  | {readonly type: 'unsatisfiable'; readonly as: 'gateway-timeout' | 'network-error'};

/** A request with all that was decided for it. */
type Prepared = {
  readonly request: CacheRequest;
  readonly resolved: ResolvedPolicy;
  readonly asGet?: Standing | undefined;
};

/** What a look at a request comes to; `around` is why it would go around the cache. */
export type Look = Prepared & {readonly lookup: Lookup; readonly around: ForwardDetail | undefined};

export class Beginning {
  readonly #parts: Parts;
  readonly #invalidating: Invalidating;

  constructor(parts: Parts, invalidating: Invalidating) {
    this.#parts = parts;
    this.#invalidating = invalidating;
  }

  /** @throws TypeError when the `limpid` option or the adapter's defaults are wrong. */
  begin(given: RequestHead, options: HandleOptions): MaybePromise<Begun> {
    options.signal?.throwIfAborted();
    const {head, resolved} = this.#resolve(given, options);
    const around = this.#whyAround(head, options, resolved);
    if (around !== undefined) return this.#around(head, resolved, around);
    const body = isCacheableMethod(head.method, resolved.policy) ? options.body : undefined;
    const {store} = this.#parts;
    return after(keyed(head, body, resolved, store), request =>
      request === undefined
        ? this.#around(head, resolved, 'store-failed')
        : after(store.lookup(request.resource, request.url), lookup =>
            lookup === undefined
              ? this.#around(head, resolved, 'store-failed')
              : after(this.#asGet(given, options, {request, resolved}), asGet =>
                  this.#decide({request, resolved, asGet}, lookup, options.signal),
                ),
          ),
    );
  }

  /** The request as the cache sees it, and what it finds stored: for `explain`, `match` and selections by request. */
  look(given: RequestHead, options: HandleOptions): MaybePromise<Look | undefined> {
    const {head, resolved} = this.#resolve(given, options);
    const around = this.#whyAround(head, options, resolved);
    const {store} = this.#parts;
    return after(keyed(head, options.body, resolved, store), request =>
      request === undefined
        ? undefined
        : after(
            store.lookup(request.resource, request.url),
            lookup =>
              lookup && {request: covered(request, lookup), resolved, lookup: this.#withoutHidden(lookup), around},
          ),
    );
  }

  /** Whether content of such a request would be part of its key. */
  keysContent(given: RequestHead, options: HandleOptions): boolean {
    const {head, resolved} = this.#resolve(given, options);
    return head.method !== 'GET' && head.method !== 'HEAD' && isCacheableMethod(head.method, resolved.policy);
  }

  /** The exchange for a request that the stored response could not answer after all. */
  again(exchange: Exchange, detail: Repeat['because']): MaybePromise<Exchange> {
    const {request, decision} = exchange;
    const facts = this.#parts.store.lookup(request.resource, request.url);
    return after(facts, lookup => ({
      ...exchange,
      decision: {
        type: 'forward',
        because: decision.because,
        detail,
        request: request.head,
        store: lookup === undefined ? 'no' : 'maybe',
      },
      candidates: [],
      began: lookup?.began ?? exchange.began,
      requestTime: this.#parts.settings.now(),
    }));
  }

  #resolve(
    given: RequestHead,
    options: HandleOptions,
  ): {readonly head: RequestHead; readonly resolved: ResolvedPolicy} {
    const own = compileRequestOptions(options.options);
    const defaults = options.defaults === undefined ? undefined : compileDefaults(options.defaults);
    const resolved = resolvePolicy(this.#parts.settings, given, defaults, own === false ? undefined : own);
    const {mode, key, ignoreSearch} = resolved;
    if (ignoreSearch !== undefined) this.#parts.searches.add(ignoreSearch, given.url);
    if (mode === undefined && key === undefined) return {head: given, resolved};
    const variant = key === undefined ? given.variant : `${given.variant}key=${key}`;
    return {head: {...given, mode: given.mode === 'default' ? (mode ?? 'default') : given.mode, variant}, resolved};
  }

  /** The GET that the answer to this POST may stand for, keyed as that GET would be: rules may tell them apart. */
  #asGet(
    given: RequestHead,
    options: HandleOptions,
    {request, resolved}: Prepared,
  ): MaybePromise<Standing | undefined> {
    if (given.method !== 'POST' || isCacheableMethod('POST', resolved.policy)) return undefined;
    const get = this.#resolve({...given, method: 'GET'}, options);
    const {policy} = get.resolved;
    if (get.resolved === resolved) return {request: {...request, head: get.head}, policy, resolved};
    return after(
      keyed(get.head, undefined, get.resolved, this.#parts.store),
      asked => asked && {request: asked, policy, resolved: get.resolved},
    );
  }

  #whyAround(head: RequestHead, options: HandleOptions, {policy}: ResolvedPolicy): ForwardDetail | undefined {
    const off = this.#parts.off();
    if (off !== undefined) return off;
    if (options.options === false) return 'disabled';
    if (!isSupportedUrl(head.url)) return 'unsupported-url';
    return isCacheableMethod(head.method, policy) && !isKeyable(options.body) ? 'unkeyed-content' : undefined;
  }

  /** Past the cache: nothing read, nothing stored. What the answer empties is emptied all the same. */
  #around(head: RequestHead, resolved: ResolvedPolicy, detail: ForwardDetail): Begun {
    const request = unkeyed(head);
    return this.#forward({request, resolved}, forwarding(request, detail, 'no'), {
      began: 0,
      candidates: [],
      through: false,
    });
  }

  #decide(prepared: Prepared, found: Lookup, signal: AbortSignal | undefined): MaybePromise<Begun> {
    const {settings} = this.#parts;
    const request = covered(prepared.request, found);
    const lookup = this.#withoutHidden(found);
    const {policy} = prepared.resolved;
    const decision = decideOnRequest(request, lookup.candidates, policy, settings.now());
    if (decision.type === 'unsatisfiable') return this.#unsatisfiable(request, decision);
    if (decision.type !== 'reuse') {
      const isHidden = lookup !== found && decision.detail === undefined;
      const told = isHidden ? ({...decision, detail: 'unapplied'} as const) : decision;
      return this.#forward({...prepared, request}, told, lookup);
    }
    return after(reusedBody(this.#parts, request, decision), body => {
      if (body === undefined) {
        const missing = forwarding(request, 'body-gone', 'maybe');
        return this.#forward({...prepared, request}, missing, {...lookup, candidates: []});
      }
      const head = toldReuse(this.#parts, request, decision, {hit: true});
      const readable = signal !== undefined && body instanceof ReadableStream ? abortable(body, signal) : body;
      const {validateLater} = decision;
      return {
        type: 'answer',
        answer: {head, body: readable},
        validateLater: validateLater && this.#later({...prepared, request}, decision, lookup, validateLater),
      };
    });
  }

  #unsatisfiable({head, url}: CacheRequest, decision: Extract<Begun, {type: 'unsatisfiable'}>): Begun {
    const {counters, events} = this.#parts;
    counters.unsatisfiable += 1;
    const detail = 'only-if-cached';
    if (events.has('miss')) events.emit({type: 'miss', method: head.method, url, because: 'request', detail});
    return decision;
  }

  /** The same lookup when nothing in it is hidden by an invalidation that could not be applied yet. */
  #withoutHidden(lookup: Lookup): Lookup {
    if (!this.#invalidating.isPending) return lookup;
    void this.#invalidating.retry();
    const candidates = lookup.candidates.filter(stored => !this.#invalidating.hides(stored));
    return candidates.length === lookup.candidates.length ? lookup : {...lookup, candidates};
  }

  #later(prepared: Prepared, {stored}: Reuse, lookup: Lookup, request: RequestHead): Exchange {
    const decision = {type: 'validate', because: 'stale', detail: 'stale', request, candidates: [stored]} as const;
    return {...this.#exchange(prepared, decision, lookup), background: true, clears: undefined};
  }

  #forward(prepared: Prepared, decision: Exchange['decision'], lookup: Lookup): Begun {
    const {counters, events} = this.#parts;
    const {request} = prepared;
    if (decision.type === 'validate') counters.validations += 1;
    else if (decision.because === 'bypass') counters.bypassed += 1;
    else counters.misses += 1;
    if (decision.type !== 'validate' && events.has('miss')) {
      const {because, detail} = decision;
      events.emit({type: 'miss', method: request.head.method, url: request.url, because, detail});
    }
    return {type: 'forward', request: decision.request, exchange: this.#exchange(prepared, decision, lookup)};
  }

  #exchange(
    {request, resolved, asGet}: Prepared,
    decision: Exchange['decision'],
    {began, candidates}: Lookup,
  ): Exchange {
    const {policy, clears} = resolved;
    const requestTime = this.#parts.settings.now();
    return {request, policy, resolved, decision, candidates, began, requestTime, clears, background: false, asGet};
  }
}

const covered = (request: CacheRequest, {through}: Lookup): CacheRequest => (through ? {...request, through} : request);

function forwarding(
  request: CacheRequest,
  detail: ForwardDetail,
  store: 'maybe' | 'no',
): Extract<RequestDecision, {type: 'forward'}> {
  return {type: 'forward', because: store === 'no' ? 'bypass' : 'stale', detail, request: request.head, store};
}
