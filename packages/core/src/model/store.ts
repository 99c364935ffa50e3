import type {CompiledSelection} from './selection.ts';
import type {Partition, ResourceKey, StoredResponse} from './stored-response.ts';
import type {MaybePromise, Tick} from './units.ts';

/** A part of a body: `length` bytes from `offset`. */
export type ByteRange = {readonly offset: number; readonly length: number};

/** `fenced`: a clear came after the exchange began, or a younger response is there. `full`: it does not fit. */
export type PutOutcome = 'stored' | 'fenced' | 'full';

/** `gone`: the stored response is no longer there. */
export type UpdateOutcome = 'stored' | 'fenced' | 'gone';

/** Takes one body. Nothing of it is visible before `commit`. */
export interface BodySink {
  /** Chunks arrive in order and are never changed afterwards. Rejects or throws when the store fails. */
  write(chunk: Uint8Array): MaybePromise<void>;
  commit(): MaybePromise<PutOutcome>;
  /** Forgets what was written. Safe to call more than once; never throws. */
  abort(): void;
}

/** What a clear, an expiry or a count came to. */
export type ClearOutcome = {
  /** How many stored responses were selected; absent when counting would mean searching. */
  readonly count?: number;
  /** Their bodies' bytes; absent like `count`. */
  readonly bytes?: number;
  /** The tick this clear was given; exchanges that began earlier are fenced. */
  readonly tick: Tick;
  /** What the counter said just before. Default: one less, for counters that count one by one. */
  readonly before?: Tick;
};

export type ClearHow = {
  /** `count` changes nothing. */
  readonly action: 'remove' | 'expire' | 'count';
  /** Leave marks so that the next request for each is sent end to end. */
  readonly through: boolean;
  /** Count even when that means searching. */
  readonly exact: boolean;
};

/** The right to ask the origin for something, among all who share a store. */
export type Lease = {
  /** Gives it back. What is not given back ends by itself. */
  release(): MaybePromise<void>;
};

/** What a store knows of a resource. `began` was read no later than the rest: a clear that comes later fences the exchange. */
export type Lookup = {
  readonly began: Tick;
  readonly candidates: readonly StoredResponse[];
  readonly through: Tick | undefined;
};

/**
 * Keeps stored responses and decides nothing about them. Promises are native ones: another thenable is taken for a value.
 *
 * The fence: `tick` is a counter that every clear and expiry advances. A stored response counts only while its
 * `began` is at or after the last clear of each of its scopes (everything, its origin, resource, partition, tags
 * and groups), compared when it is read. `list` and `entries` yield only those that count.
 */
export interface Store {
  /** The counter now. Taken before anything else of an exchange. */
  tick(): MaybePromise<Tick>;
  /**
   * What is stored under this resource and still counts, any method, partition and variant.
   *
   * `began` is what `tick` answered to this exchange: a store in front of another need not ask again. `partition` is
   * whose request it is: of a resource that many users have, the store may leave out what is neither that partition's
   * nor shareable.
   */
  list(resource: ResourceKey, began?: Tick, partition?: Partition): MaybePromise<readonly StoredResponse[]>;
  /**
   * `tick`, `list` and `through` at once, for stores where each costs a look of its own. Every candidate counted when `began`
   * was the counter. `partition` as for `list`.
   */
  lookup?(resource: ResourceKey, url: string, partition?: Partition): MaybePromise<Lookup>;
  /**
   * Whether no clear and no expiry of its scopes came since `stored.began`; for responses not (yet) stored, too: how flights
   * honour clears. Stricter than what `list` goes by, which shows what was expired.
   */
  counts(stored: StoredResponse): MaybePromise<boolean>;
  /** The bytes, or `undefined` when they are no longer there. Marks the response as used. */
  body(stored: StoredResponse, range?: ByteRange): MaybePromise<Uint8Array | ReadableStream<Uint8Array> | undefined>;
  /**
   * Begins to store. A committed response replaces the one of its partition with an equal `key` under the resource. Whether it
   * also replaces one that was everybody's until a 304 narrowed it to another partition is the store's choice.
   */
  put(stored: StoredResponse): BodySink;
  /**
   * Replaces all but `key` and the bytes of the stored response with this `id`. A 304 may narrow its partition, too: from
   * shareable to one, never from one to another. That advances the counter: while the counter stays, a store in front of this
   * one serves what it has listed without asking again.
   */
  update(stored: StoredResponse): MaybePromise<UpdateOutcome>;
  clear(what: CompiledSelection, how: ClearHow): MaybePromise<ClearOutcome>;
  /**
   * The tick of the newest `through` mark that covers this resource and that no end-to-end answer has met.
   *
   * `began` as for `list`.
   */
  through(resource: ResourceKey, url: string, began?: Tick): MaybePromise<Tick | undefined>;
  /** An end-to-end answer to a request begun at `began` has arrived for this resource. */
  reached(resource: ResourceKey, url: string, began: Tick): MaybePromise<void>;
  /** What the selection holds, without touching recency. */
  entries(what: CompiledSelection): AsyncIterable<StoredResponse>;
  /**
   * The right to ask the origin for what `name` says, for `ms` milliseconds; `undefined` while somebody else has it.
   * For stores that a fleet shares: the others wait briefly for what the holder stores.
   */
  lease?(name: string, ms: number): MaybePromise<Lease | undefined>;
  /**
   * `tick`, for who means to rely on it without asking again: every clear and expiry that comes later, by anybody,
   * resolves no sooner than `ms` milliseconds after what it did is in force. For stores that are far away.
   */
  trust?(ms: number): MaybePromise<Tick>;
  /** A stand-in for a secret: equal for equal secrets, telling nothing of them, valid as long as the store. */
  pseudonym(secret: string): MaybePromise<string>;
  /** How many stored responses count, and their bodies' bytes. */
  size(): MaybePromise<{readonly count: number; readonly bytes: number}>;
  /** Tells `listener`, which must not throw, of each stored response that had to make room, until the result is called. */
  onEvict?(listener: (stored: StoredResponse) => void): () => void;
  close(): MaybePromise<void>;
}

const storeMethods = [
  'tick',
  'list',
  'counts',
  'body',
  'put',
  'update',
  'clear',
  'through',
  'reached',
  'entries',
  'pseudonym',
  'size',
  'close',
] as const satisfies readonly (keyof Store)[];

/** The methods that a value lacks to be a store. */
export function lacksToBeStore(value: unknown): readonly string[] {
  const methods = Object(value) as Readonly<Record<string, unknown>>;
  return storeMethods.filter(name => typeof methods[name] !== 'function');
}
