import QuickLRU from 'quick-lru';
import {Front} from './front.ts';
import type {Kept} from './kept.ts';

/** Uses of others, as a share of all that is kept, after which a response is worth moving to the recent end. */
const tolerance = 1 / 8;

/**
 * Stored responses by id, least recently used first, roughly: one used a moment ago is not moved again.
 *
 * Quick-lru counts items and this store counts bytes, so its own eviction is never reached.
 */
export class Recency implements Iterable<Kept> {
  readonly #byId: QuickLRU<string, Kept>;
  #uses = 0;
  #count = 0;
  readonly #front = new Front<Kept>(
    () => this.#ascending(),
    () => this.#count,
  );

  constructor(maxCount: number) {
    this.#byId = new QuickLRU({maxSize: maxCount + 1});
  }

  get count(): number {
    return this.#count;
  }

  find(id: string): Kept | undefined {
    return this.#byId.peek(id);
  }

  add(kept: Kept): void {
    this.#byId.set(kept.stored.id, kept);
    kept.usedAt = ++this.#uses;
    this.#count++;
  }

  delete(kept: Kept): boolean {
    if (this.find(kept.stored.id) !== kept || !this.#byId.delete(kept.stored.id)) return false;
    this.#front.left(kept);
    this.#count--;
    return true;
  }

  /** Counts a use; `true` when that moved the response to the recent end. */
  touch(kept: Kept): boolean {
    if (++this.#uses - kept.usedAt <= this.#count * tolerance || !this.delete(kept)) return false;
    this.add(kept);
    return true;
  }

  oldest(): Kept | undefined {
    return this.#front.first();
  }

  [Symbol.iterator](): Iterator<Kept> {
    return this.#byId.values();
  }

  *#ascending(): Generator<Kept> {
    for (const [, kept] of this.#byId.entriesAscending()) yield kept;
  }
}
