// The fence decides what counts. It is compared on every read; on write it only saves space.

import type {Clause} from '../model/selection.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {Tick} from '../model/units.ts';
import {ClearLog} from './clear-log.ts';
import type {Kept} from './kept.ts';
import {ScopeMarks} from './scope-marks.ts';

const maxIdleMarks = 4096;
const maxLoggedClears = 1024;

/** Whether a response to be stored counts, and the newest expiry by pattern that selects it (0: none). */
export type Admission = {readonly admitted: boolean; readonly expiredAt: Tick};

const accepted: Admission = {admitted: true, expiredAt: 0};
const refused: Admission = {admitted: false, expiredAt: 0};

/** What an action moves in a mark. */
const instant = {remove: 'clearedAt', expire: 'expiredAt'} as const;

/** The counter of clears, a mark per scope, and a log of the clears that are not of scopes. */
export class Fence {
  readonly marks: ScopeMarks = new ScopeMarks(maxIdleMarks);
  readonly #log = new ClearLog(maxLoggedClears);
  // Above 0, so that 0 can mean "never" in every mark.
  #tick: Tick = 1;

  get tick(): Tick {
    return this.#tick;
  }

  /** The next tick: exchanges that began before it are older than the clear that is given it. */
  advance(): Tick {
    return ++this.#tick;
  }

  /** Whether no clear of any of its scopes came after it began. */
  counts(kept: Kept): boolean {
    if (kept.gone) return false;
    const {began} = kept.stored;
    if (began < this.marks.everything.clearedAt) return false;
    for (const mark of kept.scopes) if (began < mark.clearedAt) return false;
    return true;
  }

  isExpired(kept: Kept): boolean {
    return kept.stored.began < this.expiredAt(kept);
  }

  /** The newest expiry that selected it, in whatever way. */
  expiredAt(kept: Kept): Tick {
    let newest = Math.max(kept.expiredAt, this.marks.everything.expiredAt);
    for (const mark of kept.scopes) newest = Math.max(newest, mark.expiredAt);
    return newest;
  }

  /** Judges a response that is not stored yet. */
  admission(stored: StoredResponse): Admission {
    // As nearly always: nothing at all has been cleared since, and no mark is newer than the counter.
    if (stored.began >= this.#tick) return accepted;
    if (stored.began < this.marks.instants(stored).clearedAt) return refused;
    const {cleared, expiredAt} = this.#log.objection(stored);
    return cleared ? refused : {admitted: true, expiredAt};
  }

  /** Whether neither a clear nor an expiry that selects it came after it began, whether or not it is stored. */
  isCurrent(stored: StoredResponse): boolean {
    const {admitted, expiredAt} = this.admission(stored);
    return admitted && stored.began >= Math.max(expiredAt, this.marks.instants(stored).expiredAt);
  }

  /** Holds a clause against what began before `tick`. */
  raise(clause: Clause, action: 'remove' | 'expire', tick: Tick): void {
    if (clause.type === 'match') this.#log.add({tick, action, test: clause.test});
    else if (clause.scope.type !== 'all') {
      const mark = this.marks.mark(clause.scope);
      mark[instant[action]] = tick;
      this.marks.settle(mark);
    } else {
      this.marks.everything[instant[action]] = tick;
      if (action === 'remove') this.#forgetParts();
    }
  }

  /** Everything is cleared: what single scopes and clauses had to say is said. */
  #forgetParts(): void {
    this.marks.empty();
    this.#log.empty();
  }
}
