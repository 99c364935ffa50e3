// Who lies in a scope, least recently used first, with running totals so that counting never means walking.

/** What a member weighs. Must not change while it is a member. */
export type Weighed = {readonly bytes: Uint8Array; readonly cost: number};

/** A set in order of use. */
export class Members<T extends Weighed> implements Iterable<T> {
  #ordered = new Set<T>();
  // A live iterator goes on where it stood: starting anew would pass over the holes that earlier evictions left.
  #cursor: Iterator<T> | undefined;
  #oldest: T | undefined;
  #bytes = 0;
  #cost = 0;

  get count(): number {
    return this.#ordered.size;
  }

  /** The bodies' bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bodies and heads. */
  get cost(): number {
    return this.#cost;
  }

  add(member: T): void {
    if (this.#ordered.has(member)) return;
    this.#ordered.add(member);
    this.#bytes += member.bytes.byteLength;
    this.#cost += member.cost;
  }

  delete(member: T): void {
    if (!this.#ordered.delete(member)) return;
    this.#bytes -= member.bytes.byteLength;
    this.#cost -= member.cost;
    if (this.#oldest === member) this.#oldest = undefined;
  }

  /** Makes `member` the most recently used. */
  touch(member: T): void {
    if (!this.#ordered.delete(member)) return;
    this.#ordered.add(member);
    if (this.#oldest === member) this.#oldest = undefined;
  }

  /** The least recently used, or `undefined` when there is no member. */
  oldest(): T | undefined {
    this.#oldest ??= this.#next() ?? this.#restart();
    return this.#oldest;
  }

  /** Empties this set at once; the former members are the caller's to clear away. */
  takeAll(): Iterable<T> & {readonly size: number} {
    const taken = this.#ordered;
    this.#ordered = new Set();
    this.#cursor = undefined;
    this.#oldest = undefined;
    this.#bytes = 0;
    this.#cost = 0;
    return taken;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#ordered.values();
  }

  #next(): T | undefined {
    const step = this.#cursor?.next();
    return step === undefined || step.done ? undefined : step.value;
  }

  #restart(): T | undefined {
    this.#cursor = this.#ordered.values();
    return this.#next();
  }
}
