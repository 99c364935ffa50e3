// What surrounds one race: a clock and timers that stand still until told, turns that wait to be released, and a log.

import {setImmediate as settledLoop} from 'node:timers/promises';
import type {Timers} from '../../src/options/options.ts';

/** A position in the order of everything that happened. */
export type Moment = number;

type Turn = {readonly label: string; readonly run: () => void};
type Alarm = {readonly due: number; readonly ring: () => void};

/** Everything asynchronous waits here, so that a plan decides what happens next. */
export class World {
  /** What went wrong, in words. */
  readonly faults: string[] = [];
  readonly log: string[] = [];
  /** How often everything that could run at once has run. */
  rounds = 0;
  #now: number = Date.UTC(2026, 0, 1);
  #moment: Moment = 0;
  #turns: Turn[] = [];
  readonly #alarms = new Map<number, Alarm>();
  #alarmsMade = 0;

  readonly now = (): number => this.#now;

  readonly timers: Timers = {
    setTimeout: (ring, milliseconds) => {
      this.#alarms.set(++this.#alarmsMade, {due: this.#now + milliseconds, ring});
      return this.#alarmsMade;
    },
    clearTimeout: timer => void this.#alarms.delete(timer as number),
  };

  /** The next moment, and what happened in it. */
  moment(event: string): Moment {
    this.log.push(`${++this.#moment} ${event}`);
    return this.#moment;
  }

  fault(what: string): void {
    this.faults.push(what);
    this.moment(`FAULT ${what}`);
  }

  /** How many turns wait to be released. */
  get waiting(): number {
    return this.#turns.length;
  }

  get alarms(): number {
    return this.#alarms.size;
  }

  /** Runs `run` when this turn is released. */
  schedule(label: string, run: () => void): void {
    this.#turns.push({label, run});
  }

  turn(label: string): Promise<void> {
    return new Promise(resolve => this.schedule(label, resolve));
  }

  /** Releases one of the turns that wait, counted round. */
  release(index: number): void {
    if (this.#turns.length === 0) return;
    const [turn] = this.#turns.splice(index % this.#turns.length, 1);
    this.moment(`· ${turn?.label}`);
    turn?.run();
  }

  /** Releases every turn of this label, in order, until there are none. */
  async releaseAll(label: string): Promise<void> {
    for (;;) {
      await this.pause(0);
      const index = this.#turns.findIndex(turn => turn.label === label);
      if (index < 0) return;
      this.release(index);
    }
  }

  /** Lets time pass; what is due rings in order, each with time to be answered. */
  async wait(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    this.moment(`${milliseconds} ms pass`);
    for (;;) {
      const [next] = [...this.#alarms].toSorted(([, a], [, b]) => a.due - b.due);
      if (next === undefined || next[1].due > until) break;
      this.#alarms.delete(next[0]);
      this.#now = Math.max(this.#now, next[1].due);
      next[1].ring();
      await this.pause(0);
    }
    this.#now = until;
  }

  /** Lets time pass until the next alarm rings. */
  async ring(): Promise<void> {
    const dues = [...this.#alarms.values()].map(({due}) => due);
    if (dues.length > 0) await this.wait(Math.max(0, Math.min(...dues) - this.#now));
  }

  /** Lets so many microtasks run; 0 means all of them. */
  async pause(ticks: number): Promise<void> {
    if (ticks === 0) {
      await settledLoop();
      this.rounds += 1;
    }
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
  }
}

/** An error in a few words. */
export const described = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
