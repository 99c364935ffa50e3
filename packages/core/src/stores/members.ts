// Who lies in a scope, least recently used first, with running totals so that counting never means walking.

import {Front} from './front.ts';

/** What a member weighs. Must not change while it is a member. */
export type Weighed = {readonly size: number; readonly cost: number};

/** A set in order of use. Most resources have one response: for a single member no Set is made. */
export class Members<T extends Weighed> implements Iterable<T> {
  #only: T | undefined;
  #ordered: Set<T> | undefined;
  #front: Front<T> | undefined;
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
    this.#bytes += member.size;
    this.#cost += member.cost;
  }

  delete(member: T): void {
    if (!this.#has(member)) return;
    this.#ordered?.delete(member);
    this.#only = undefined;
    this.#bytes -= member.size;
    this.#cost -= member.cost;
    this.#front?.left(member);
  }

  /** Makes `member` the most recently used. */
  touch(member: T): void {
    if (this.#ordered === undefined || !this.#ordered.delete(member)) return;
    this.#ordered.add(member);
    this.#front?.left(member);
  }

  /** The least recently used, or `undefined` when there is no member. */
  oldest(): T | undefined {
    const ordered = this.#ordered;
    if (ordered === undefined) return this.#only;
    this.#front ??= new Front(() => ordered.values());
    return this.#front.first();
  }

  [Symbol.iterator](): Iterator<T> {
    return (this.#ordered ?? (this.#only === undefined ? [] : [this.#only])).values();
  }

  #has(member: T): boolean {
    return this.#ordered?.has(member) ?? this.#only === member;
  }
}
