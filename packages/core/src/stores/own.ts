import {keepNewest} from '../model/newest.ts';
import type {Tick} from '../model/units.ts';

/**
 * What this process itself said at its latest ticks, as it was said: the text that others read carries less. Beyond
 * `max`, the earliest is forgotten.
 */
export class Own<T> {
  readonly #max: number;
  readonly #said: Map<Tick, T> = new Map();

  constructor(max: number) {
    this.#max = max;
  }

  get(tick: Tick): T | undefined {
    return this.#said.get(tick);
  }

  set(tick: Tick, said: T): void {
    keepNewest(this.#said, tick, said, this.#max);
  }
}
