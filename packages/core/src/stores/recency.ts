import QuickLRU from 'quick-lru';
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
  // As in `Members`: a live iterator does not pass again over what was evicted.
  #cursor: Iterator<[string, Kept]> | undefined;
  #oldest: Kept | undefined;

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
    if (this.#oldest === kept) this.#oldest = undefined;
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
    this.#oldest ??= this.#next() ?? this.#restart();
    return this.#oldest;
  }

  [Symbol.iterator](): Iterator<Kept> {
    return this.#byId.values();
  }

  #next(): Kept | undefined {
    const step = this.#cursor?.next();
    return step === undefined || step.done ? undefined : step.value[1];
  }

  #restart(): Kept | undefined {
    this.#cursor = this.#byId.entriesAscending();
    return this.#next();
  }
}
