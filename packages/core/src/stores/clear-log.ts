import type {StoredResponse} from '../model/stored-response.ts';
import type {Tick} from '../model/units.ts';
import {selects} from './selects.ts';

/** A clear or an expiry of something that is not a scope. */
export type LoggedClear = {
  readonly tick: Tick;
  readonly action: 'remove' | 'expire';
  readonly test: (stored: StoredResponse) => boolean;
};

/** What the log holds against a response: it was cleared, or expired at a tick (0: neither). */
export type Objection = {readonly cleared: boolean; readonly expiredAt: Tick};

/**
 * The latest clears by pattern or predicate, held against writes that began before them.
 *
 * What falls out of the log is remembered by its tick alone, and then holds against every older write.
 */
export class ClearLog {
  readonly #maxLength: number;
  readonly #clears: LoggedClear[] = [];
  #lostRemove: Tick = 0;
  #lostExpire: Tick = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  add(clear: LoggedClear): void {
    this.#clears.push(clear);
    if (this.#clears.length <= this.#maxLength) return;
    // A batch at a time: shifting one by one would move the whole log on every clear.
    for (const lost of this.#clears.splice(0, Math.ceil(this.#maxLength / 8))) this.#lose(lost);
  }

  /** Everything was cleared: older clears have nothing left to say. */
  empty(): void {
    this.#clears.length = 0;
  }

  objection(stored: StoredResponse): Objection {
    const {began} = stored;
    if (began < this.#lostRemove) return {cleared: true, expiredAt: 0};
    let expiredAt = began < this.#lostExpire ? this.#lostExpire : 0;
    for (const clear of this.#clears) {
      if (clear.tick <= began || !selects(clear.test, stored)) continue;
      if (clear.action === 'remove') return {cleared: true, expiredAt: 0};
      expiredAt = Math.max(expiredAt, clear.tick);
    }
    return {cleared: false, expiredAt};
  }

  #lose(clear: LoggedClear): void {
    if (clear.action === 'remove') this.#lostRemove = clear.tick;
    else this.#lostExpire = clear.tick;
  }
}
