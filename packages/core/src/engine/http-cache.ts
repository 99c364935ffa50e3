/// <reference lib="esnext.disposable" preserve="true" />

import type {FetchInput} from '../fetch-api/fetch-request.ts';
import {isPromise} from '../model/maybe.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Store} from '../model/store.ts';
import type {Partition} from '../model/stored-response.ts';
import type {Answer, Transport, TransportResponse} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {type HttpCacheOptions, resolveOptions} from '../options/options.ts';
import {compileDefaults, type Defaults} from '../options/rule-options.ts';
import type {Selection} from '../options/selection.ts';
import type {StoredView} from '../options/views.ts';
import {followsRedirects} from '../policy/redirecting.ts';
import {MemoryStore} from '../stores/memory.ts';
import type {FinishedAnswer, HandleOptions} from './answer.ts';
import {Beginning, type Begun} from './beginning.ts';
import {Clearing, type ClearOptions, type ClearResult} from './clearing.ts';
import {type CacheEventType, type Listener, type Undo, undo} from './events.ts';
import type {Exchange} from './exchange.ts';
import {type Explanation, explained} from './explaining.ts';
import {answerOf} from './finished.ts';
import {Finishing} from './finishing.ts';
import {Handling} from './handling.ts';
import {Invalidating} from './invalidating.ts';
import {mustLookAt, type NamedOptions} from './naming.ts';
import {makeParts, type Off, type Parts, tellEvictions} from './parts.ts';
import {followed} from './redirects.ts';
import {match, put} from './seeding.ts';
import {Selecting} from './selecting.ts';
import type {Stats} from './stats.ts';
import {answerUnlessAborted, forgotten} from './streams.ts';
import {type WarmOptions, type WarmResult, warm} from './warming.ts';

/**
 * An HTTP cache that ky, axios and fetch can share.
 *
 * Private, in memory, bounded and safe by default: users with different credentials never share a response, and a
 * clear holds for everything that began before it. Closing it ends its use of the store; requests then go to the
 * network.
 *
 * @see RFC 9111
 */
export class HttpCache {
  readonly #parts: Parts;
  readonly #store: Store;
  readonly #ownsStore: boolean;
  readonly #selecting: Selecting;
  readonly #clearing: Clearing;
  readonly #beginning: Beginning;
  readonly #finishing: Finishing;
  readonly #handling: Handling;
  readonly #stopEvictions: () => void;
  #pauses = 0;
  #closing: Promise<void> | undefined;

  /** Without options: private, in memory, 64 MiB.
   * @example new HttpCache({rules: [{for: 'https://a.example/b', ttl: '5m'}]})
   * @throws TypeError naming the first option that is wrong, its value, and what is allowed. */
  constructor(options: HttpCacheOptions = {}) {
    const settings = resolveOptions(options);
    this.#store = settings.store ?? new MemoryStore({now: settings.now});
    this.#ownsStore = settings.store === undefined;
    this.#parts = makeParts(settings, this.#store, () => this.#off());
    this.#selecting = new Selecting(
      this.#parts,
      async one => (await mustLookAt(this.#beginning, one, 'selection')).request,
    );
    const invalidating = new Invalidating(this.#parts, this.#selecting);
    this.#beginning = new Beginning(this.#parts, invalidating);
    this.#finishing = new Finishing(this.#parts, invalidating);
    this.#handling = new Handling(this.#parts, this.#beginning, this.#finishing, invalidating);
    this.#clearing = new Clearing(this.#parts, this.#selecting);
    this.#stopEvictions = tellEvictions(this.#parts, this.#store);
    forgotten.register(this, this.#stopEvictions);
  }

  /**
   * Answers a request, from the store or by `transport`. Adapters call this; applications use an adapter.
   *
   * A hit over a synchronous store is returned, not promised. Wrong options and an aborted signal are thrown at once;
   * over such a store a redirect's error may be, too. Other errors reject.
   * @throws TypeError for wrong options; LimpidError `UNSATISFIABLE` as `begin` does; the error of `redirects`, or what
   * `clears` throws; the transport's error when nothing stored may stand in; the signal's reason when the caller leaves.
   */
  handle(request: RequestHead, transport: Transport, options: HandleOptions = {}): MaybePromise<Answer> {
    const {redirects, body, signal} = options;
    const isFollowed = redirects !== undefined && followsRedirects(request, body);
    const call = isFollowed ? {...options, said: options.said ?? {}} : options;
    const hop = (one: RequestHead): MaybePromise<Answer> => this.#handling.handle(one, transport, call);
    const answer = isFollowed ? followed(request, redirects, {hop, background: this.#parts.background}) : hop(request);
    return signal !== undefined && isPromise(answer) ? answerUnlessAborted(answer, signal) : answer;
  }

  /**
   * The answer when it is there at once: a fresh response with its bytes, in a synchronous store. `undefined`
   * otherwise, and then nothing has been counted, told or sent. For adapters that render such answers. Throws as `handle`.
   */
  reuse(request: RequestHead, options: HandleOptions = {}): Answer | undefined {
    return this.#beginning.reuse(request, options);
  }

  /**
   * The first half of `handle`, for clients whose hooks come apart: what is stored, or what to send. Nothing is joined
   * or validated in the background this way.
   * @throws TypeError for wrong options; LimpidError `UNSATISFIABLE` for the mode `only-if-cached` and nothing stored.
   */
  begin(request: RequestHead, options: HandleOptions = {}): MaybePromise<Begun> {
    return this.#beginning.begin(request, options);
  }

  /** The second half of `handle`: hand it every answer to what `begin` said to send. Rejects with what `clears` throws. */
  async finish(exchange: Exchange, response: TransportResponse): Promise<FinishedAnswer> {
    const finished = await this.#finishing.finish(exchange, response);
    return finished.type === 'answer'
      ? Object.assign(answerOf(finished), {repeat: false})
      : {head: response.head, body: null, repeat: true};
  }

  /** In place of `finish` when no answer came: the stored response that may stand in, if there is one. RFC 5861 §4 */
  async fail(exchange: Exchange): Promise<Answer | undefined> {
    const finished = await this.#finishing.fail(exchange);
    return finished && answerOf(finished);
  }

  /** Tells of an adapter's defaults before their first use, so that clears by URL look where they store. Throws as `handle`. */
  prepare(defaults: Defaults): void {
    this.#parts.searches.add(compileDefaults(defaults));
  }

  /** Whether content of such a request would be part of its key, so that it must be given as bytes. Throws as `handle`. */
  keysContent(request: RequestHead, options: HandleOptions = {}): boolean {
    return this.#beginning.keysContent(request, options);
  }

  /**
   * Removes what is selected, everything without an argument. When it has resolved, no response whose request began
   * before is served to a request begun after, by any client that shares the store.
   * @throws TypeError for what is not a selection, an explicit `undefined` included; LimpidError `CLEAR_FAILED` when
   * the store failed, or did not answer within 10 seconds, 60 where it has to search (a prefix, a pattern, `where`): it may
   * have happened all the same; `CLOSED` when the cache is closed.
   */
  clear(...given: [] | [selection: Selection, options?: ClearOptions]): Promise<ClearResult> {
    return this.#clearing.clear('remove', given);
  }

  /**
   * Keeps what is selected but lets it answer only after a validation begun later, so that a 304 is enough.
   * @throws TypeError and LimpidError as `clear` does, as late, with `EXPIRE_FAILED`.
   */
  expire(...given: [] | [selection: Selection, options?: ClearOptions]): Promise<ClearResult> {
    return this.#clearing.clear('expire', given);
  }

  /** What is stored, everything without an argument. Looking does not make anything more recently used. @throws When iterated:
   * TypeError and LimpidError `CLOSED` as `clear` does; `STORE_FAILED` when the store fails, or takes longer than 10 seconds. */
  entries(...given: [] | [selection: Selection]): AsyncIterableIterator<StoredView> {
    return this.#clearing.entries(given);
  }

  /** What would happen to `request` now, with the reason of every stored response. Sends nothing. `options`: what it would be
   * sent with, and by an adapter with which defaults; none by default.
   * @throws TypeError for what is not a request, or one that has been read, and for wrong options; LimpidError
   * `STORE_FAILED` when the store failed. */
  async explain(request: FetchInput, options?: NamedOptions): Promise<Explanation> {
    return explained(await mustLookAt(this.#beginning, request, 'explain', options), this.#parts.settings.now());
  }

  /** What `request` would be answered with now, without the network; `undefined` when it would be sent, or the store failed.
   * `options` as for `explain`. @throws TypeError as `explain` does. */
  async match(request: FetchInput, options?: NamedOptions): Promise<Response | undefined> {
    return match(this.#parts, this.#beginning, request, options);
  }

  /**
   * Stores `response` as if it had just answered `request`, with `options` as for `explain`. Reads its body, or cancels it
   * when it throws.
   * @throws TypeError for what is not a request, a response already read, and wrong options; LimpidError `NOT_STORABLE` with the reason
   * when HTTP or an option forbids it, or the request goes around the cache; `PUT_FAILED` when the store has no room or
   * fails; `CLOSED` when the cache is closed.
   */
  async put(request: FetchInput, response: Response, options?: NamedOptions): Promise<void> {
    return put(this.#parts, this.#beginning, request, response, options);
  }

  /**
   * Requests every URL through the cache, a few at a time, and reads the answers to their end.
   * @throws Before anything is sent: TypeError for a wrong URL or option. LimpidError `CLOSED`, and the signal's reason, also later.
   */
  async warm(urls: Iterable<string | URL>, options: WarmOptions = {}): Promise<WarmResult> {
    return warm(this, this.#parts.off, urls, options);
  }

  /** The partition of a request's stored responses: what to give `clear({partition})` at logout; `''` is nobody's.
   * `options` as for `explain`. @throws TypeError and LimpidError `STORE_FAILED` as `explain` does. */
  async partitionOf(request: FetchInput, options?: NamedOptions): Promise<Partition> {
    return (await mustLookAt(this.#beginning, request, 'partitionOf', options)).request.partition;
  }

  /** Switches the cache off until the result is called or disposed of. Unsafe methods still invalidate. */
  pause(): Undo {
    this.#pauses += 1;
    let paused = true;
    return undo(() => {
      if (paused) this.#pauses -= 1;
      paused = false;
    });
  }

  /** Resolves when no background validation or write is under way; at once in workerd, where none outlives its request. */
  idle(): Promise<void> {
    return this.#parts.background.idle();
  }

  /** Counts since construction, and what is stored now. */
  async stats(): Promise<Stats> {
    const size = await this.#parts.store.attempt<Stats['size']>('size', undefined, store => store.size());
    return {...this.#parts.counters, size};
  }

  /** Listens to what the cache does. Call or dispose of the result to stop. @throws TypeError for another event or listener;
   * LimpidError `TOO_MANY_LISTENERS` beyond 100 for one event. */
  on<Type extends CacheEventType>(type: Type, listener: Listener<Type>): Undo {
    return this.#parts.events.on(type, listener);
  }

  /** Finishes writing complete bodies, in 5 seconds at most, abandons the rest, and closes the store if the cache made it. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const {background} = this.#parts;
    background.abort();
    await background.idleBeforeClosing();
    this.#stopEvictions();
    if (this.#ownsStore) await this.#store.close();
  }

  #off(): Off {
    if (this.#closing !== undefined) return 'closed';
    return this.#pauses > 0 ? 'paused' : undefined;
  }
}
