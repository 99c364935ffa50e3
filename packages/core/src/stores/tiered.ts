import type {CompiledSelection} from '../model/selection.ts';
import type {BodySink, ByteRange, ClearHow, ClearOutcome, PutOutcome, Store, UpdateOutcome} from '../model/store.ts';
import {type Partition, type ResourceKey, type StoredResponse, shareable} from '../model/stored-response.ts';
import type {MaybePromise, Tick} from '../model/units.ts';
import type {ReadCounter} from './counter.ts';
import {maxNearBytes, NearBodies, type NearCopy} from './near-bodies.ts';
import {RememberedLists} from './remembered-lists.ts';
import {checkTiers, counterOf, type TieredOptions} from './tiered-options.ts';

type Body = Uint8Array | ReadableStream<Uint8Array>;

/**
 * A near store, such as memory, in front of a far one that processes share.
 *
 * The far store alone says what is stored and what is cleared; every answer is the far store's, or is proved current
 * by its counter, read after the request began or on a lease that clears wait out. So a clear in one process holds in
 * all at once, with no messages between them. Bodies come from the near store, up to 1 MiB each.
 *
 * What it costs: one small read of the far store per request, its counter; with a lease, one per lease. A list is asked
 * for anew when the counter has moved, which every clear, expiry and unsafe request in the fleet does, and once per
 * second, because what other processes store or freshen does not move it, unless that narrows a response to one user. The
 * far store learns of a use once per second, and nobody waits for that.
 *
 * When the far store fails, so does this one: nothing near is served unchecked. When the near store fails, the far
 * one answers. Closing closes both. The far store must show a clear's marks no later than the tick it gives that
 * clear. Tiers nest: `tiered(memory, tiered(disk, shared))`.
 *
 * @example
 * const cache = new HttpCache({store: tiered(new MemoryStore({maxBytes: 16_000_000}), shared)});
 *
 * @throws TypeError when one of them is not a store, both are the same, or an option is wrong.
 */
export function tiered(near: Store, far: Store, options: TieredOptions = {}): Store {
  checkTiers(near, far);
  return new TieredStore(near, far, counterOf(far, options));
}

class TieredStore implements Store {
  readonly #near: NearBodies;
  readonly #far: Store;
  readonly #counter: ReadCounter;
  readonly #lists = new RememberedLists();

  /** Who takes turns, does so in the far store. */
  readonly lease?: NonNullable<Store['lease']>;

  /** Who trusts this store's counter, trusts the far one's. */
  readonly trust?: NonNullable<Store['trust']>;

  constructor(near: Store, far: Store, counter: ReadCounter) {
    if (far.lease !== undefined) this.lease = far.lease.bind(far);
    if (far.trust !== undefined) this.trust = far.trust.bind(far);
    this.#counter = counter;
    this.#near = new NearBodies(near);
    this.#far = far;
  }

  tick(): MaybePromise<Tick> {
    return this.#counter();
  }

  list(resource: ResourceKey, began?: Tick, partition?: Partition): MaybePromise<readonly StoredResponse[]> {
    const known = began === undefined ? undefined : this.#lists.find(resource, partition, began);
    return known ?? this.#listed(resource, partition, began);
  }

  counts(stored: StoredResponse): MaybePromise<boolean> {
    return this.#far.counts(stored);
  }

  /**
   * The near copy is not held against the marks again: the list it was found in was.
   *
   * A `stored` kept from before a clear elsewhere may so still have its bytes, for the request that listed it.
   */
  body(stored: StoredResponse, range?: ByteRange): MaybePromise<Body | undefined> {
    const found = this.#near.body(stored, range);
    if (!(found instanceof Uint8Array)) return this.#found(stored, range, found);
    this.#use(stored);
    return found;
  }

  put(stored: StoredResponse): BodySink {
    const sink = this.#far.put(stored);
    const copy = this.#near.copy(stored);
    return {
      write: chunk => {
        copy.add(chunk);
        return sink.write(chunk);
      },
      commit: () => this.#commit(stored, sink, copy),
      abort: () => {
        copy.drop();
        sink.abort();
      },
    };
  }

  async update(stored: StoredResponse): Promise<UpdateOutcome> {
    try {
      const outcome = await this.#far.update(stored);
      if (outcome === 'stored') await this.#near.update(stored);
      return outcome;
    } finally {
      // It may have been everybody's until now.
      this.#lists.forget({...stored, partition: shareable});
    }
  }

  async clear(what: CompiledSelection, how: ClearHow): Promise<ClearOutcome> {
    if (how.action === 'count') return this.#far.clear(what, how);
    try {
      const outcome = await this.#far.clear(what, how);
      if (how.action === 'remove') await this.#near.clear(what);
      return outcome;
    } finally {
      this.#lists.forgetAll();
    }
  }

  through(resource: ResourceKey, url: string, began?: Tick): MaybePromise<Tick | undefined> {
    if (began === undefined) return this.#far.through(resource, url);
    return this.#lists.isUnmarked(resource, url, began) ? undefined : this.#mark(resource, url, began);
  }

  reached(resource: ResourceKey, url: string, began: Tick): MaybePromise<void> {
    return this.#far.reached(resource, url, began);
  }

  entries(what: CompiledSelection): AsyncIterable<StoredResponse> {
    return this.#far.entries(what);
  }

  pseudonym(secret: string): MaybePromise<string> {
    return this.#far.pseudonym(secret);
  }

  size(): MaybePromise<{readonly count: number; readonly bytes: number}> {
    return this.#far.size();
  }

  /** What leaves the near store has not left the store. */
  onEvict(listener: (stored: StoredResponse) => void): () => void {
    return this.#far.onEvict?.(listener) ?? (() => undefined);
  }

  async close(): Promise<void> {
    this.#lists.forgetAll();
    try {
      await this.#far.close();
    } finally {
      await this.#near.close();
    }
  }

  async #listed(
    resource: ResourceKey,
    partition: Partition | undefined,
    began: Tick | undefined,
  ): Promise<readonly StoredResponse[]> {
    const tick = began ?? (await this.#counter());
    const known = this.#lists.find(resource, partition, tick);
    if (known !== undefined) return known;
    // A far `counts` for each near head would be smaller, but cannot see that another process gave a response new
    // tags: only the far store's own list tells what a clear of those has removed.
    const remember = this.#lists.remembering(resource, partition, tick);
    const responses = await this.#far.list(resource, tick, partition);
    remember(responses);
    return responses;
  }

  /** Only `undefined` is remembered: new marks move the counter. */
  async #mark(resource: ResourceKey, url: string, began: Tick): Promise<Tick | undefined> {
    const mark = await this.#far.through(resource, url, began);
    if (mark === undefined) this.#lists.noteUnmarked(resource, url, began);
    return mark;
  }

  async #found(
    stored: StoredResponse,
    range: ByteRange | undefined,
    found: MaybePromise<Body | undefined>,
  ): Promise<Body | undefined> {
    const near = await found;
    if (near !== undefined) {
      this.#use(stored);
      return near;
    }
    const copy = this.#near.copy(stored);
    const body = await this.#far.body(stored, range);
    if (body === undefined) this.#lists.forget(stored);
    const isKept = body !== undefined && range === undefined && stored.size <= maxNearBytes;
    return isKept ? copied(body, stored.size, copy) : body;
  }

  async #commit(stored: StoredResponse, sink: BodySink, copy: NearCopy): Promise<PutOutcome> {
    try {
      const outcome = await sink.commit();
      if (outcome === 'stored') await copy.keep();
      else copy.drop();
      return outcome;
    } finally {
      this.#lists.forget(stored);
    }
  }

  /** Lets the far store, too, count uses, by which it evicts and selects. */
  #use(stored: StoredResponse): void {
    if (this.#lists.isFirstUse(stored)) void this.#useFar(stored);
  }

  async #useFar(stored: StoredResponse): Promise<void> {
    try {
      const start = await this.#far.body(stored, {offset: 0, length: 1});
      if (start === undefined) this.#lists.forget(stored);
      if (start instanceof ReadableStream) await start.cancel();
    } catch {
      // One use that is not counted.
    }
  }
}

/** The far body, as it is, and a copy of it once it has been read to the end. */
async function copied(body: Body, size: number, copy: NearCopy): Promise<Body> {
  const keepWhole = (): Promise<void> | undefined => (copy.size === size ? copy.keep() : undefined);
  if (body instanceof Uint8Array) {
    copy.add(body);
    await keepWhole();
    return body;
  }
  const copying = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      // Its reader may change or transfer the chunk.
      copy.add(chunk.slice());
      controller.enqueue(chunk);
    },
    flush: keepWhole,
  });
  return body.pipeThrough(copying);
}
