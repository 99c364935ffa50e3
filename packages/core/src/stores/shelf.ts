import {Directories, type Directory} from './directories.ts';
import type {Kept} from './kept.ts';
import {Members} from './members.ts';
import {Recency} from './recency.ts';
import type {ScopeMarks} from './scope-marks.ts';

/** How much a store may hold. */
export type Limits = {readonly maxBytes: number; readonly maxCount: number};

/** Most variants that one partition has of a resource, and the most of everything that a resource may take. Binds always. */
const maxVariants = 64;
const resourceShare = 1 / 4;

/**
 * The most of all bytes, and of the count, that one partition may take, and all partitions derived from credentials
 * together. Binds only when room is short: until then whoever is there may use it.
 */
const partitionShare = 1 / 2;

/**
 * Holds what is stored, within its limits.
 *
 * When room is short, a partition beyond its share gives way first to its own new responses, then derived partitions
 * as a whole to theirs, then whatever was used least recently. So random credentials displace other credentials,
 * random `Vary` values displace what the same user has of the same resource, and neither empties the store.
 */
export class Shelf {
  readonly #limits: Limits;
  readonly #marks: ScopeMarks;
  #recency = new Recency();
  #directories = new Directories();
  #derived = new Members<Kept>();
  #bytes = 0;
  #cost = 0;

  constructor(limits: Limits, marks: ScopeMarks) {
    this.#limits = limits;
    this.#marks = marks;
  }

  get count(): number {
    return this.#recency.count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  find(id: string): Kept | undefined {
    return this.#recency.find(id);
  }

  /** Everything, in no particular order. */
  all(): Iterable<Kept> {
    return this.#recency;
  }

  /** All whose URL begins with this, and a few others. */
  beginningWith(prefix: string): readonly Directory[] {
    return this.#directories.within(prefix);
  }

  /** Whether something of this cost can be kept at all. */
  fits(cost: number): boolean {
    return cost <= this.#limits.maxBytes * resourceShare;
  }

  /** Whether adding this needs something else to go. */
  isFullFor(kept: Kept): boolean {
    return this.count >= this.#limits.maxCount || this.#cost + kept.cost > this.#limits.maxBytes;
  }

  add(kept: Kept): void {
    this.#recency.add(kept);
    this.#marks.join(kept);
    this.#directories.add(kept);
    if (kept.derived) this.#derived.add(kept);
    this.#bytes += kept.size;
    this.#cost += kept.cost;
  }

  remove(kept: Kept): void {
    if (!this.#recency.delete(kept)) return;
    this.#marks.leave(kept);
    this.#directories.delete(kept);
    if (kept.derived) this.#derived.delete(kept);
    this.#bytes -= kept.size;
    this.#cost -= kept.cost;
  }

  touch(kept: Kept): void {
    if (!this.#recency.touch(kept)) return;
    kept.partition.members.touch(kept);
    kept.resource.members.touch(kept);
    if (kept.derived) this.#derived.touch(kept);
  }

  /** Forgets everything at once. */
  empty(): void {
    this.#recency = new Recency();
    this.#directories = new Directories();
    this.#derived = new Members();
    this.#bytes = 0;
    this.#cost = 0;
  }

  /** Removes what must give way to this, which is not here yet; returns what went. */
  makeRoom(incoming: Kept): readonly Kept[] {
    const gone: Kept[] = [];
    const giveWay = (kept: Kept): void => {
      gone.push(kept);
      this.remove(kept);
    };
    for (const kept of surplusVariants(incoming)) giveWay(kept);
    for (let next = this.#nextToGo(incoming); next !== undefined; next = this.#nextToGo(incoming)) giveWay(next);
    return gone;
  }

  #nextToGo(incoming: Kept): Kept | undefined {
    const ofResource = incoming.resource.members;
    const most = Math.max(maxVariants, this.#limits.maxCount * resourceShare);
    if (ofResource.count >= most || !this.fits(ofResource.cost + incoming.cost)) return ofResource.oldest();
    if (!this.isFullFor(incoming)) return undefined;
    const own = incoming.partition.members;
    if (this.#isBeyondShare(own, incoming)) return own.oldest();
    if (incoming.derived && this.#isBeyondShare(this.#derived, incoming)) return this.#derived.oldest();
    return this.#recency.oldest();
  }

  #isBeyondShare(members: Members<Kept>, incoming: Kept): boolean {
    if (members.count === 0 || members.count === this.count) return false;
    const {maxBytes, maxCount} = this.#limits;
    return members.count + 1 > maxCount * partitionShare || members.cost + incoming.cost > maxBytes * partitionShare;
  }
}

/** The least recently used variants of a resource of which this partition has as many as it may. */
function surplusVariants({resource, stored}: Kept): readonly Kept[] {
  if (resource.members.count < maxVariants) return [];
  // Responses of this URL under fewer parameters lie in the scope too, but are variants elsewhere.
  const variants = resource.members.of(stored.partition).filter(kept => kept.stored.resource === stored.resource);
  return variants.toSorted((one, other) => other.usedAt - one.usedAt).slice(maxVariants - 1);
}
