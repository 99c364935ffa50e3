// The near half of a tiered store: bytes by id, and nothing that decides whether they may be served.

import {type CompiledSelection, everything} from '../model/selection.ts';
import type {BodySink, ByteRange, Store} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {MaybePromise, Tick} from '../model/units.ts';

/** A longer body stays in the far store alone: near, it would displace too many others. */
export const maxNearBytes: number = 1024 * 1024;

type Body = Uint8Array | ReadableStream<Uint8Array>;

const nothing = (): undefined => undefined;

/** The value now or later, `undefined` where it throws or rejects. */
function orNothing<T>(run: () => MaybePromise<T>): MaybePromise<T | undefined> {
  try {
    const value = run();
    return value instanceof Promise ? value.catch(nothing) : value;
  } catch {
    return undefined;
  }
}

/**
 * Copies of bodies in a near store.
 *
 * Whatever fails here is as if the copy were not there. After a failed clear the near store is left alone until
 * clearing all of it has succeeded.
 */
export class NearBodies {
  readonly #store: Store;
  /** How many clears have failed, and how many of these a later clear of everything has made good. */
  #failed = 0;
  #madeGood = 0;
  #clearing = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  body(stored: StoredResponse, range: ByteRange | undefined): MaybePromise<Body | undefined> {
    return this.#isUsable() ? orNothing(() => this.#store.body(stored, range)) : undefined;
  }

  /** Begins a copy. A clear from now on fences it. */
  copy(stored: StoredResponse): NearCopy {
    const began = this.#isUsable() ? orNothing(() => this.#store.tick()) : undefined;
    return new NearCopy(chunks => this.#keep(stored, chunks, began));
  }

  /** Follows a change of head, so that clears find the copy under its new tags and partition. */
  async update(stored: StoredResponse): Promise<void> {
    if (!this.#isUsable()) return;
    await orNothing(async () => this.#store.update(this.#own(stored, await this.#store.tick())));
  }

  async clear(what: CompiledSelection): Promise<void> {
    const [failed, isOwed] = [this.#failed, this.#isOwed];
    this.#clearing += 1;
    try {
      await this.#store.clear(isOwed ? [everything] : what, {action: 'remove', through: false, exact: false});
      // Only those that had failed when it began: one that failed meanwhile is not made good.
      if (isOwed) this.#madeGood = Math.max(this.#madeGood, failed);
    } catch {
      this.#failed += 1;
    } finally {
      this.#clearing -= 1;
    }
  }

  close(): MaybePromise<void> {
    return this.#store.close();
  }

  async #keep(
    stored: StoredResponse,
    chunks: readonly Uint8Array[],
    began: MaybePromise<Tick | undefined>,
  ): Promise<void> {
    let sink: BodySink | undefined;
    try {
      const tick = await began;
      if (tick === undefined || !this.#isUsable()) return;
      sink = this.#store.put(this.#own(stored, tick));
      for (const chunk of chunks) await sink.write(chunk);
      await sink.commit();
    } catch {
      sink?.abort();
    }
  }

  /** In the near store's own order: its ticks are its own, and what is copied last replaces, whatever clocks said. */
  #own(stored: StoredResponse, began: Tick): StoredResponse {
    return {...stored, began, requestTime: Date.now()};
  }

  get #isOwed(): boolean {
    return this.#madeGood < this.#failed;
  }

  #isUsable(): boolean {
    if (this.#isOwed && this.#clearing === 0) void this.clear([everything]);
    return !this.#isOwed;
  }
}

/** Gathers one body for the near store. One that grows too long is let go. */
export class NearCopy {
  readonly #keep: (chunks: readonly Uint8Array[]) => Promise<void>;
  #chunks: Uint8Array[] | undefined = [];
  #size = 0;

  constructor(keep: (chunks: readonly Uint8Array[]) => Promise<void>) {
    this.#keep = keep;
  }

  get size(): number {
    return this.#size;
  }

  add(chunk: Uint8Array): void {
    this.#size += chunk.byteLength;
    if (this.#size > maxNearBytes) this.drop();
    else this.#chunks?.push(chunk);
  }

  drop(): void {
    this.#chunks = undefined;
  }

  /** Hands over what was gathered, once. Never rejects. */
  async keep(): Promise<void> {
    const chunks = this.#chunks;
    this.drop();
    if (chunks !== undefined) await this.#keep(chunks);
  }
}
