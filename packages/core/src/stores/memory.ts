import {partOf} from '../model/chunks.ts';
import {type CompiledSelection, everything} from '../model/selection.ts';
import type {ByteRange, ClearHow, ClearOutcome, PutOutcome, Store, UpdateOutcome} from '../model/store.ts';
import {type Partition, type ResourceKey, type StoredResponse, shareable} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';
import {Fence} from './fence.ts';
import {Finding, type Found, shown} from './finding.ts';
import {headCost, isOutdated, isYounger, type Kept, keptOf} from './kept.ts';
import {Listeners} from './listeners.ts';
import {MemoryBody} from './memory-body.ts';
import {type MemoryStoreOptions, memoryStoreOptions} from './memory-options.ts';
import {Pseudonyms} from './pseudonyms.ts';
import {Shelf} from './shelf.ts';
import {Sweep} from './sweep.ts';
import {ThroughMarks} from './through-marks.ts';

export type {MemoryStoreOptions} from './memory-options.ts';

const nothing: readonly StoredResponse[] = [];

/** `list` shows the time of last use no older than this: a list made anew on every hit would cost more than the hit. */
const lastUsedPrecision = 1000;

/** Up to here, freeing what earlier clears left is cheaper than answering without a count. */
const cheapToFree = 1000;

/**
 * Keeps responses in this process's memory, bounded by bytes and by count, least recently used out first.
 *
 * Everything is synchronous. A clear of a scope (everything, an origin, a resource, a partition, a tag, a group)
 * takes the same time however much it empties.
 */
export class MemoryStore implements Store {
  readonly #now: () => EpochMs;
  readonly #maxBytes: number;
  readonly #fence = new Fence();
  readonly #shelf: Shelf;
  readonly #finding: Finding;
  readonly #sweep = new Sweep<Kept>(kept => this.#shelf.remove(kept));
  readonly #throughMarks: ThroughMarks;
  readonly #pseudonyms = new Pseudonyms();
  readonly #evictions = new Listeners<StoredResponse>();
  /** Written by sinks and not yet committed. */
  #unseenBytes = 0;
  #closed = false;

  constructor(options: MemoryStoreOptions = {}) {
    const {maxBytes, maxCount, now} = memoryStoreOptions(options);
    this.#now = now;
    this.#maxBytes = maxBytes;
    this.#shelf = new Shelf({maxBytes, maxCount}, this.#fence.marks);
    this.#finding = new Finding(this.#shelf, this.#fence);
    this.#throughMarks = new ThroughMarks(now);
  }

  onEvict(listener: (stored: StoredResponse) => void): () => void {
    return this.#evictions.add(listener);
  }

  tick(): Tick {
    return this.#fence.tick;
  }

  /** The same array as last time, for the same partition, when nothing has changed since. */
  list(resource: ResourceKey, _began?: Tick, partition?: Partition): readonly StoredResponse[] {
    const mark = this.#fence.marks.findResource(resource);
    if (mark === undefined) return nothing;
    const {tick} = this.#fence;
    if (mark.listed?.tick === tick && mark.listed.partition === partition) return mark.listed.responses;
    const responses: StoredResponse[] = [];
    for (const kept of partition === undefined ? mark.members : mark.members.of(partition, shareable)) {
      if (kept.stored.resource === resource && this.#fence.counts(kept)) responses.push(shown(kept, this.#fence));
    }
    mark.listed = {tick, partition, responses};
    return responses;
  }

  counts(stored: StoredResponse): boolean {
    return !this.#closed && this.#fence.isCurrent(stored);
  }

  body(stored: StoredResponse, range?: ByteRange): Uint8Array | undefined {
    const kept = this.#counting(stored);
    if (kept === undefined) return undefined;
    kept.lastUsed = this.#now();
    if (Math.abs(kept.lastUsed - kept.stored.lastUsed) >= lastUsedPrecision) kept.resource.listed = undefined;
    this.#shelf.touch(kept);
    return partOf(kept.bytes, range);
  }

  put(stored: StoredResponse): MemoryBody {
    return new MemoryBody({
      reserve: (size, more) => this.#reserve(size, more),
      release: bytes => {
        this.#unseenBytes -= bytes;
      },
      commit: body => this.#commit(stored, body),
    });
  }

  /** Takes over everything but `id`, `resource`, `key` and the bytes. */
  update(stored: StoredResponse): UpdateOutcome {
    const kept = this.#counting(stored);
    if (kept === undefined) return 'gone';
    const {admitted, expiredAt} = this.#fence.admission(stored);
    if (!admitted || isOutdated(kept.stored, stored, this.#now())) return 'fenced';
    const {id, resource, key} = kept.stored;
    const {bytes, lastUsed} = kept;
    if (!this.#shelf.fits(bytes.byteLength + headCost(stored))) {
      this.#shelf.remove(kept);
      return 'gone';
    }
    // Having lost a tag does not undo that the tag was expired.
    const newestExpiry = Math.max(this.#fence.expiredAt(kept), expiredAt);
    // A 304 has made it one user's: who relies on the counter looks again at what it has listed as everybody's.
    if (kept.stored.partition !== stored.partition) this.#fence.advance();
    this.#add({...stored, id, resource, key, size: bytes.byteLength, lastUsed}, bytes, newestExpiry, kept);
    return 'stored';
  }

  clear(what: CompiledSelection, how: ClearHow): ClearOutcome {
    if (this.#closed || what.length === 0) return {count: 0, bytes: 0, tick: this.#fence.tick};
    if (how.exact || this.#sweep.pending <= cheapToFree) this.#sweep.finish();
    const found = this.#finding.find(what, this.#sweep.pending);
    const total = this.#finding.total(found, how, this.#sweep.pending);
    if (how.action === 'count') return {...total, tick: this.#fence.tick};
    const tick = this.#fence.advance();
    for (const one of how.through ? found : [])
      this.#throughMarks.mark(one.clause, () => this.#finding.members(one).map(({stored}) => stored), tick);
    for (const one of found) {
      if (how.action === 'remove') this.#remove(one, tick);
      else this.#expire(one, tick);
    }
    return {...total, tick};
  }

  through(resource: ResourceKey, url: string): Tick | undefined {
    return this.#throughMarks.newest(resource, url);
  }

  reached(resource: ResourceKey, url: string, began: Tick): void {
    this.#throughMarks.reached(resource, url, began);
  }

  async *entries(what: CompiledSelection): AsyncIterable<StoredResponse> {
    for (const {stored} of this.#finding.union(this.#finding.find(what, this.#sweep.pending))) {
      // Between two steps it may have been cleared, or freshened.
      const kept = this.#counting(stored);
      if (kept !== undefined) yield shown(kept, this.#fence);
    }
  }

  pseudonym(secret: string): string {
    return this.#pseudonyms.of(secret);
  }

  size(): {readonly count: number; readonly bytes: number} {
    this.#sweep.finish();
    return {count: this.#shelf.count, bytes: this.#shelf.bytes};
  }

  close(): void {
    this.#closed = true;
    this.#empty(this.#fence.advance());
    this.#throughMarks.clear();
    this.#pseudonyms.close();
  }

  #counting({id, resource}: StoredResponse): Kept | undefined {
    // Most resources have one response, and who asks for it has just looked there. Among a million it is the nearer way.
    const only = this.#fence.marks.findResource(resource)?.members.only;
    const kept = only?.stored.id === id ? only : this.#shelf.find(id);
    return kept !== undefined && this.#fence.counts(kept) ? kept : undefined;
  }

  #reserve(size: number, more: number): boolean {
    if (this.#closed || !this.#shelf.fits(size) || this.#unseenBytes + more > this.#maxBytes) return false;
    this.#unseenBytes += more;
    return true;
  }

  #commit(stored: StoredResponse, bytes: Uint8Array): PutOutcome {
    if (this.#closed) return 'full';
    const whole = {...stored, size: bytes.byteLength, lastUsed: this.#now()};
    const {admitted, expiredAt} = this.#fence.admission(whole);
    if (!admitted) return 'fenced';
    const earlier = this.#earlier(whole);
    if (earlier !== undefined && this.#fence.counts(earlier) && isYounger(earlier.stored, whole, whole.lastUsed))
      return 'fenced';
    if (!this.#shelf.fits(bytes.byteLength + headCost(whole))) return 'full';
    this.#add(whole, bytes, expiredAt, earlier);
    return 'stored';
  }

  /** What a response with this key would replace. */
  #earlier({id, resource, key, partition}: StoredResponse): Kept | undefined {
    const mark = this.#fence.marks.findResource(resource);
    if (mark === undefined) return undefined;
    for (const kept of mark.members.of(partition)) {
      if (kept.stored.key === key && kept.stored.resource === resource) return kept;
    }
    return this.#shelf.find(id);
  }

  #add(stored: StoredResponse, bytes: Uint8Array, expiredAt: Tick, replaced: Kept | undefined): void {
    // Its marks are taken before anything is removed: a mark that empties may be dropped, and what it told with it.
    const kept = keptOf(stored, bytes, expiredAt, this.#fence.marks.place(stored));
    if (replaced !== undefined) this.#shelf.remove(replaced);
    while (this.#sweep.pending > 0 && this.#shelf.isFullFor(kept)) this.#sweep.slice();
    const evicted = this.#shelf.makeRoom(kept);
    this.#shelf.add(kept);
    for (const gone of evicted) if (this.#fence.counts(gone)) this.#evictions.tell(shown(gone, this.#fence));
  }

  #remove({clause, listed}: Found, tick: Tick): void {
    if (listed !== undefined) {
      this.#fence.raise(clause, 'remove', tick);
      for (const kept of listed) kept.gone = true;
      this.#sweep.add(listed, listed.length);
    } else if (clause.scope.type === 'all') this.#empty(tick);
    else {
      // In this order: what waits to be freed must lie under the mark that tells it is cleared.
      const members = this.#fence.marks.find(clause.scope)?.emptied();
      this.#fence.raise(clause, 'remove', tick);
      if (members !== undefined) this.#sweep.add(members, members.count);
    }
  }

  #expire({clause, listed}: Found, tick: Tick): void {
    this.#fence.raise(clause, 'expire', tick);
    for (const kept of listed ?? []) kept.expiredAt = tick;
  }

  #empty(tick: Tick): void {
    this.#fence.raise(everything, 'remove', tick);
    this.#sweep.stop();
    this.#shelf.empty();
  }
}
