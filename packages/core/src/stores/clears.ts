import {complaint} from '../complaint.ts';
import type {CompiledSelection} from '../model/selection.ts';
import type {ResourceKey, StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';
import {Fence} from './fence.ts';
import {scopeText} from './names.ts';
import {scopesOf} from './scopes.ts';
import {selects} from './selects.ts';
import {ThroughMarks} from './through-marks.ts';

type Cleared = {
  readonly action: 'remove' | 'expire';
  /** The next request for each is to be sent end to end. */
  readonly through: boolean;
};

/**
 * What has been cleared and expired, and what must be asked for end to end: all that a store has to know beside what it
 * stores. Kept in memory and bounded, so it is for a store of one process; a store that several share keeps this where they
 * all see it.
 */
export class Clears {
  readonly #fence = new Fence();
  readonly #through: ThroughMarks;

  /** @throws TypeError when `now` is not a function. */
  constructor(now: () => EpochMs = () => Date.now()) {
    if (typeof now !== 'function')
      throw complaint('Clears now', now, 'a function that gives milliseconds, like Date.now');
    this.#through = new ThroughMarks(now);
  }

  /** The counter: an exchange that began at an earlier one may have been cleared since. */
  get tick(): Tick {
    return this.#fence.tick;
  }

  /**
   * Notes a clear or an expiry, which selected `found` of what is stored. Returns the tick it is given.
   *
   * @throws TypeError for another action: what is only counted is not to be noted.
   */
  add(what: CompiledSelection, {action, through}: Cleared, found: readonly StoredResponse[]): Tick {
    if (action !== 'remove' && action !== 'expire') throw complaint('action', action, '"remove" or "expire"');
    const tick = this.#fence.advance();
    for (const clause of what) {
      this.#fence.raise(clause, action, tick);
      // A predicate need not say the same twice: where it is the only clause, it has found what was found.
      const selected = (): readonly StoredResponse[] =>
        what.length === 1 ? found : found.filter(stored => isSelected(stored, [clause]));
      if (through) this.#through.mark(clause, selected, tick);
    }
    return tick;
  }

  /** Whether no clear that selects it came since it began: only then may it be stored. */
  admits(stored: StoredResponse): boolean {
    return this.#fence.admission(stored).admitted;
  }

  /** Whether neither a clear nor an expiry that selects it came since it began. */
  isCurrent(stored: StoredResponse): boolean {
    return this.#fence.isCurrent(stored);
  }

  /** As `Store.through`. */
  through(resource: ResourceKey, url: string): Tick | undefined {
    return this.#through.newest(resource, url);
  }

  /** As `Store.reached`. */
  reached(resource: ResourceKey, url: string, began: Tick): void {
    this.#through.reached(resource, url, began);
  }
}

/** Whether a selection selects a stored response. */
export const isSelected = (stored: StoredResponse, what: CompiledSelection): boolean =>
  what.some(clause => {
    if (clause.type === 'match') return selects(clause.test, stored);
    return clause.scope.type === 'all' || scopesOf(stored).some(scope => scopeText(scope) === scopeText(clause.scope));
  });
