// Time that only tests move.

import type {EpochMs, Seconds} from '../../src/model/units.ts';
import {noon} from '../builders.ts';

/** Lets everything that can happen without time passing happen. */
export async function settled(turns = 40): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise(resolve => setImmediate(resolve));
}

/** Lets happen what can, until this holds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !holds(); turn += 1) await new Promise(resolve => setImmediate(resolve));
  if (!holds()) throw new Error(`never came true: ${String(holds)}`);
}

/** A clock, and timers that only move with it. */
export class Clock {
  now: EpochMs = noon;
  readonly #timers = new Map<number, {readonly at: EpochMs; readonly callback: () => void}>();
  #made = 0;
  readonly timers = {
    setTimeout: (callback: () => void, ms: number): number => {
      this.#timers.set(++this.#made, {at: this.now + ms, callback});
      return this.#made;
    },
    clearTimeout: (timer: unknown): void => void this.#timers.delete(timer as number),
  };

  /** How many timers are set. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets this much time pass, timers and what follows from them included. */
  async advance(seconds: Seconds): Promise<void> {
    const end = this.now + seconds * 1000;
    await settled(5);
    for (let due = this.#due(end); due !== undefined; due = this.#due(end)) {
      const [id, {at, callback}] = due;
      this.#timers.delete(id);
      this.now = Math.max(this.now, at);
      callback();
      await settled(5);
    }
    this.now = end;
  }

  #due(end: EpochMs): [number, {readonly at: EpochMs; readonly callback: () => void}] | undefined {
    return [...this.#timers].filter(([, {at}]) => at <= end).toSorted(([, one], [, other]) => one.at - other.at)[0];
  }
}
