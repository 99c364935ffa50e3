// Who lies in a scope, least recently used first, with running totals so that counting never means walking.

import {Front} from './front.ts';

/** What a member weighs, and whose it is. Must not change while it is a member. */
export type Member = {readonly size: number; readonly cost: number; readonly partition: {readonly name: string}};

/** Up to so many are looked through: an index would take more room than they do. */
const few = 16;

/** A set in order of use. Most resources have one response: for a single member no Set is made. */
export class Members<T extends Member> implements Iterable<T> {
  #only: T | undefined;
  #ordered: Set<T> | undefined;
  #front: Front<T> | undefined;
  #byPartition: Map<string, Set<T>> | undefined;
  #bytes = 0;
  #cost = 0;

  get count(): number {
    return this.#ordered?.size ?? (this.#only === undefined ? 0 : 1);
  }

  /** The one member, where there never were several. */
  get only(): T | undefined {
    return this.#only;
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
    this.#index(member);
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
    const {name} = member.partition;
    const own = this.#byPartition?.get(name);
    if (own?.delete(member) && own.size === 0) this.#byPartition?.delete(name);
  }

  /** Those of some partitions, each named once, in no particular order: the others cost nothing, however many they are. */
  of(...partitions: readonly string[]): readonly T[] {
    if (this.count <= few) return [...this].filter(({partition}) => partitions.includes(partition.name));
    if (this.#byPartition === undefined) {
      this.#byPartition = new Map();
      for (const member of this) this.#index(member);
    }
    return partitions.flatMap(name => [...(this.#byPartition?.get(name) ?? [])]);
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
    this.#front ??= new Front(
      () => ordered.values(),
      () => ordered.size,
    );
    return this.#front.first();
  }

  [Symbol.iterator](): Iterator<T> {
    return (this.#ordered ?? (this.#only === undefined ? [] : [this.#only])).values();
  }

  #index(member: T): void {
    const index = this.#byPartition;
    const {name} = member.partition;
    index?.set(name, (index.get(name) ?? new Set()).add(member));
  }

  #has(member: T): boolean {
    return this.#ordered?.has(member) ?? this.#only === member;
  }
}
