import {complaint} from '../complaint.ts';
import type {CompiledSelection} from '../model/selection.ts';
import type {BodySink, ClearHow, ClearOutcome, PutOutcome, Store} from '../model/store.ts';
import type {ResourceKey, StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';
import {Fence} from './fence.ts';
import {isOutdated, isYounger} from './kept.ts';
import {MemoryBody} from './memory-body.ts';
import {scopeText} from './names.ts';
import {Pseudonyms} from './pseudonyms.ts';
import {scopesOf} from './scopes.ts';
import {ThroughMarks} from './through-marks.ts';

/** A stored response as it is to be kept, with what only the fence reads of it. */
export type Fenced = StoredResponse & {
  /** When a body was last read for reuse: for the store to set. */
  lastUsed: EpochMs;
  /** The tick of the newest expiry that selected it when that happened; 0 when none did. */
  expiredAt: Tick;
};

/** What of a store has nothing to do with where responses lie. */
type Half = Pick<Store, 'tick' | 'counts' | 'through' | 'reached' | 'pseudonym' | 'close'>;

/**
 * One half of a store: it knows what has been cleared and expired, and what must be asked for end to end. The other half,
 * where responses and bodies lie, is for a class that extends it.
 *
 * What it knows is in memory and bounded, so it is for a store of one process; a store that several share keeps this where
 * they all see it.
 */
export abstract class FencedStore implements Half {
  readonly #fence = new Fence();
  readonly #through: ThroughMarks;
  readonly #pseudonyms = new Pseudonyms();
  readonly #now: () => EpochMs;
  #isClosed = false;

  /** @throws TypeError when `now` is not a function. */
  constructor(now: () => EpochMs = () => Date.now()) {
    if (typeof now !== 'function')
      throw complaint('store now', now, 'a function that gives milliseconds, like Date.now');
    this.#now = now;
    this.#through = new ThroughMarks(now);
  }

  tick(): Tick {
    return this.#fence.tick;
  }

  counts(stored: StoredResponse): boolean {
    return !this.#isClosed && this.#fence.isCurrent(stored);
  }

  through(resource: ResourceKey, url: string): Tick | undefined {
    return this.#through.newest(resource, url);
  }

  reached(resource: ResourceKey, url: string, began: Tick): void {
    this.#through.reached(resource, url, began);
  }

  pseudonym(secret: string): string {
    return this.#pseudonyms.of(secret);
  }

  /** From now on nothing is admitted, and nothing counts. */
  close(): void {
    this.#isClosed = true;
    this.#pseudonyms.close();
  }

  /**
   * As it is to be kept, in place of `earlier`: what a put would replace, or, with the same `id`, what an update changes.
   * `undefined` when it may not be kept (`fenced`): it was cleared since it began, or comes too late.
   */
  protected admitted(stored: StoredResponse, earlier?: Fenced): Fenced | undefined {
    const {admitted, expiredAt} = this.#fence.admission(stored);
    if (!admitted || this.#isClosed) return undefined;
    const now = this.#now();
    if (earlier?.id !== stored.id) {
      return earlier && isYounger(earlier, stored, now) ? undefined : {...stored, expiredAt, lastUsed: now};
    }
    if (isOutdated(earlier, stored, now)) return undefined;
    // A 304 has made it one user's: who relies on the counter looks again at what it has listed as everybody's.
    if (earlier.partition !== stored.partition) this.#fence.advance();
    // Having lost a tag does not undo that the tag was expired.
    return {...stored, expiredAt: Math.max(expiredAt, this.#newestExpiry(earlier)), lastUsed: earlier.lastUsed};
  }

  /** Takes a body in memory, for a store that keeps it in one piece. */
  protected gathering(commit: (body: Uint8Array) => PutOutcome): BodySink {
    return new MemoryBody({
      reserve: () => !this.#isClosed,
      release: () => undefined,
      commit: body => (this.#isClosed ? 'full' : commit(body)),
    });
  }

  /** As readers are to see what is kept: whether an expiry that selects it came since it began. */
  protected shown(fenced: Fenced): StoredResponse {
    const {expiredAt: _, ...stored} = fenced;
    return {...stored, expired: stored.began < this.#newestExpiry(fenced)};
  }

  /**
   * Notes a clear, an expiry or a count that selects `found` of what is kept. What is to be removed the store removes.
   *
   * @throws TypeError for another action.
   */
  protected cleared(what: CompiledSelection, {action, through}: ClearHow, found: readonly Fenced[]): ClearOutcome {
    if (!['remove', 'expire', 'count'].includes(action))
      throw complaint('action', action, '"remove", "expire" or "count"');
    const total = this.total(found);
    if (action === 'count' || what.length === 0) return {...total, tick: this.#fence.tick};
    const tick = this.#fence.advance();
    for (const clause of what) {
      this.#fence.raise(clause, action, tick);
      // A predicate need not say the same twice: where it is the only clause, it has found what was found.
      const selected = (): readonly StoredResponse[] =>
        what.length === 1 ? found : found.filter(stored => isSelected(stored, [clause]));
      if (through) this.#through.mark(clause, selected, tick);
    }
    if (action === 'expire') for (const fenced of found) fenced.expiredAt = tick;
    return {...total, tick};
  }

  /** How many these are, and their bodies' bytes. */
  protected total(found: readonly StoredResponse[]): {readonly count: number; readonly bytes: number} {
    return {count: found.length, bytes: found.reduce((sum, {size}) => sum + size, 0)};
  }

  #newestExpiry(fenced: Fenced): Tick {
    const {expiredAt} = this.#fence.admission(fenced);
    return Math.max(fenced.expiredAt, expiredAt, this.#fence.marks.instants(fenced).expiredAt);
  }
}

/** Whether a selection selects a stored response. Throws what a predicate in it throws. */
export const isSelected = (stored: StoredResponse, what: CompiledSelection): boolean =>
  what.some(clause => {
    if (clause.type === 'match') return clause.test(stored);
    return clause.scope.type === 'all' || scopesOf(stored).some(scope => scopeText(scope) === scopeText(clause.scope));
  });
