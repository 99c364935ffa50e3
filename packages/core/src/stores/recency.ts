import {Front} from './front.ts';
import type {Kept} from './kept.ts';

/** Uses of others, as a share of all that is kept, after which a response is worth moving to the recent end. */
const tolerance = 1 / 8;

/** Stored responses by id, least recently used first, roughly: one used a moment ago is not moved again. */
export class Recency implements Iterable<Kept> {
  readonly #byId: Map<string, Kept> = new Map();
  #uses = 0;
  readonly #front = new Front<Kept>(
    () => this.#byId.values(),
    () => this.count,
  );

  get count(): number {
    return this.#byId.size;
  }

  find(id: string): Kept | undefined {
    return this.#byId.get(id);
  }

  add(kept: Kept): void {
    this.#byId.set(kept.stored.id, kept);
    kept.usedAt = ++this.#uses;
  }

  delete(kept: Kept): boolean {
    if (this.find(kept.stored.id) !== kept) return false;
    this.#front.left(kept);
    return this.#byId.delete(kept.stored.id);
  }

  /** Counts a use; `true` when that moved the response to the recent end. */
  touch(kept: Kept): boolean {
    if (++this.#uses - kept.usedAt <= this.count * tolerance || !this.delete(kept)) return false;
    this.add(kept);
    return true;
  }

  oldest(): Kept | undefined {
    return this.#front.first();
  }

  [Symbol.iterator](): Iterator<Kept> {
    return this.#byId.values();
  }
}
