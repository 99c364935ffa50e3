import type {CacheRequest} from '../model/cache-request.ts';
import {after, isPromise} from '../model/maybe.ts';
import type {ByteRange, Lookup, Store} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {MaybePromise, Tick} from '../model/units.ts';
import type {Timers} from '../options/options.ts';
import {joined} from './pieces.ts';
import {wait} from './waiting.ts';

/** Where a request's responses lie. */
type Place = Pick<CacheRequest, 'resource' | 'url' | 'partition'>;

/** How long a request waits for the store, in milliseconds, before it goes on without. */
const patience = 1_000;

/** What requests wait for before they go on. A write that waits for a lock says nothing of how long reading takes. */
const reading: ReadonlySet<string> = new Set(['list', 'body', 'pseudonym']);

/**
 * The store as requests see it: one that fails, hangs or is slow is an event, and then as if it were not there.
 *
 * Clearing does not come this way: a clear that did not happen must be known.
 */
export class GuardedStore {
  readonly #store: Store;
  readonly #timers: Timers;
  readonly #now: () => number;
  readonly #onError: (error: unknown, during: string) => void;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(store: Store, timers: Timers, now: () => number, onError: (error: unknown, during: string) => void) {
    this.#store = store;
    this.#timers = timers;
    this.#now = now;
    this.#onError = onError;
  }

  /** Whether those who share the store take turns at the origin. */
  get leases(): boolean {
    return this.#store.lease !== undefined;
  }

  /**
   * Lets the store see whether all was lost since its last look: the names it gave secrets are then others, and who clears
   * by an earlier one clears nothing. A request finds that out by its lookup.
   */
  notice(): MaybePromise<unknown> {
    return this.attempt('tick', undefined, store => store.tick());
  }

  /** `undefined` when the store could not answer. */
  lookup(place: Place): MaybePromise<Lookup | undefined> {
    return this.attempt('list', undefined, store => lookedUp(store, place));
  }

  /** The stored bytes; `undefined` when they are no longer there, or not readable. A stream fails where it is not whole. */
  body(stored: StoredResponse, range?: ByteRange): MaybePromise<Uint8Array | ReadableStream<Uint8Array> | undefined> {
    const size = range?.length ?? stored.size;
    return this.attempt('body', undefined, store =>
      after(range === undefined ? store.body(stored) : store.body(stored, range), body => {
        if (body === undefined || (body instanceof Uint8Array && body.length === size)) return body;
        if (body instanceof ReadableStream && !body.locked) return this.#whole(body, size);
        throw new TypeError(`limpid: the store gave no body of ${size} bytes`);
      }),
    );
  }

  #whole(body: ReadableStream<Uint8Array>, size: number): ReadableStream<Uint8Array> {
    return joined([{body, size, offset: 0, length: size}], error => this.#onError(error, 'body'));
  }

  /** Runs one operation; `fallback` stands in when it throws, rejects or takes longer than `ms`. */
  attempt<T>(
    during: string,
    fallback: T,
    run: (store: Store) => MaybePromise<T>,
    ms: number = patience,
  ): MaybePromise<T> {
    if (this.#restUntil > Number.NEGATIVE_INFINITY && this.#rests()) return fallback;
    try {
      const value = run(this.#store);
      if (!isPromise(value)) return value;
      const asked = this.#now();
      return this.#within(ms, value).catch(error => {
        // As long again as it took.
        if (isLate(error) && reading.has(during)) this.#restUntil = 2 * this.#now() - asked;
        return this.#failed(error, during, fallback);
      });
    } catch (error) {
      return this.#failed(error, during, fallback);
    }
  }

  #failed<T>(error: unknown, during: string, fallback: T): T {
    this.#onError(error, during);
    return fallback;
  }

  /** Runs one operation that must be known to have happened: throws, or rejects, when it did not within `ms`. */
  insist<T>(ms: number, run: (store: Store) => MaybePromise<T>): MaybePromise<T> {
    const value = run(this.#store);
    return isPromise(value) ? this.#within(ms, value) : value;
  }

  /** After a time-out the store is left alone for as long as it was waited for: requests must not queue behind it. */
  #rests(): boolean {
    const remaining = this.#restUntil - this.#now();
    // Unless the clock was set back meanwhile.
    if (remaining > 0 && remaining < 2 * patience) return true;
    this.#restUntil = Number.NEGATIVE_INFINITY;
    return false;
  }

  async #within<T>(ms: number, value: Promise<T>): Promise<T> {
    const {over, stop} = wait(this.#timers, ms, (): never => {
      throw new DOMException(`limpid: the store did not answer within ${ms} ms`, 'TimeoutError');
    });
    try {
      return await Promise.race([value, over]);
    } finally {
      stop();
    }
  }
}

// In steps of their own, each going on at once where it can: a hit must not pay for promises or closures.

function lookedUp(store: Store, place: Place): MaybePromise<Lookup> {
  if (store.lookup !== undefined) return after(store.lookup(place.resource, place.url, place.partition), checked);
  const tick = store.tick();
  return isPromise(tick) ? tick.then(began => listed(store, place, began)) : listed(store, place, tick);
}

function listed(store: Store, place: Place, began: Tick): MaybePromise<Lookup> {
  const list = store.list(place.resource, began, place.partition);
  if (isPromise(list)) return list.then(candidates => marked(store, place, began, candidates));
  return marked(store, place, began, list);
}

function marked(
  store: Store,
  {resource, url}: Place,
  began: Tick,
  candidates: readonly StoredResponse[],
): MaybePromise<Lookup> {
  const mark = store.through(resource, url, began);
  if (isPromise(mark)) return mark.then(through => checked({began, candidates, through}));
  return checked({began, candidates, through: mark});
}

/** Stores are made by others, too: what is no list must not look like one. */
function checked(lookup: Lookup): Lookup {
  if (Array.isArray(lookup.candidates) && lookup.candidates.every(isResponse)) return lookup;
  throw new TypeError('limpid: the store listed what are no responses');
}

const isResponse = (one: Partial<StoredResponse> | null): boolean => Boolean(one?.facts && one.head);

/** Stores may give up by themselves, sooner: what such an error, or its cause, is called then. */
const isLate = (error: unknown): boolean =>
  [error, (error as Error | undefined)?.cause].some(one => (one as Error | undefined)?.name === 'TimeoutError');
