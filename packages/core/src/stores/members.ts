// Who lies in a scope, least recently used first, with running totals so that counting never means walking.

/** What a member weighs. Must not change while it is a member. */
export type Weighed = {readonly bytes: Uint8Array; readonly cost: number};

/** A set in order of use. Most resources have one response: for a single member no Set is made. */
export class Members<T extends Weighed> implements Iterable<T> {
  #only: T | undefined;
  #ordered: Set<T> | undefined;
  // A live iterator goes on where it stood: starting anew would pass over the holes that earlier evictions left.
  #cursor: Iterator<T> | undefined;
  #oldest: T | undefined;
  #bytes = 0;
  #cost = 0;

  get count(): number {
    return this.#ordered?.size ?? (this.#only === undefined ? 0 : 1);
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
    if (this.#has(member)) return;
    if (this.#ordered !== undefined) this.#ordered.add(member);
    else if (this.#only === undefined) this.#only = member;
    else {
      this.#ordered = new Set([this.#only, member]);
      this.#only = undefined;
    }
    this.#bytes += member.bytes.byteLength;
    this.#cost += member.cost;
  }

  delete(member: T): void {
    if (!this.#has(member)) return;
    this.#ordered?.delete(member);
    this.#only = undefined;
    this.#bytes -= member.bytes.byteLength;
    this.#cost -= member.cost;
    if (this.#oldest === member) this.#oldest = undefined;
  }

  /** Makes `member` the most recently used. */
  touch(member: T): void {
    if (this.#ordered === undefined || !this.#ordered.delete(member)) return;
    this.#ordered.add(member);
    if (this.#oldest === member) this.#oldest = undefined;
  }

  /** The least recently used, or `undefined` when there is no member. */
  oldest(): T | undefined {
    if (this.#ordered === undefined) return this.#only;
    this.#oldest ??= this.#next() ?? this.#restart(this.#ordered);
    return this.#oldest;
  }

  /** Empties this set at once; the former members are the caller's to clear away. */
  takeAll(): Iterable<T> & {readonly size: number} {
    const taken = this.#ordered ?? new Set(this);
    this.#only = undefined;
    this.#ordered = undefined;
    this.#cursor = undefined;
    this.#oldest = undefined;
    this.#bytes = 0;
    this.#cost = 0;
    return taken;
  }

  [Symbol.iterator](): Iterator<T> {
    return (this.#ordered ?? (this.#only === undefined ? [] : [this.#only])).values();
  }

  #has(member: T): boolean {
    return this.#ordered?.has(member) ?? this.#only === member;
  }

  #next(): T | undefined {
    const step = this.#cursor?.next();
    return step === undefined || step.done ? undefined : step.value;
  }

  #restart(ordered: ReadonlySet<T>): T | undefined {
    this.#cursor = ordered.values();
    return this.#next();
  }
}
