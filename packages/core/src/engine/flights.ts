// Requests on their way that equal ones may join. A flight ends for its last waiter, not with its first.

import {keepNewest} from '../model/newest.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';
import type {StoreIf} from '../options/rule-options.ts';
import type {Arrival} from './storing.ts';

/** What a flight has for those who joined. */
export type FlightOutcome =
  /** A response they may reuse if it fits them; its body is arriving, or lies in the store (`kept` absent). */
  | {readonly type: 'reusable'; readonly stored: StoredResponse; readonly kept: Arrival | undefined}
  /** No answer came, or one that a permitted stale response stands in for. */
  | {readonly type: 'failed'}
  /** An answer for the leader alone. */
  | {readonly type: 'private'};

/** Flights that may be joined at the same time. */
const maxFlights = 1_024;
/** How long a flight may be joined, in milliseconds. */
const openFor = 60_000;
/** Resources remembered as not worth waiting for, and for how long, in milliseconds. */
const maxApart = 1_024;
const apartFor = 10_000;

/** What requests must have in common besides their key. */
export type Shared = {
  /** Where the store's counter stood when the exchange began. */
  readonly began: Tick;
  readonly storeIf: StoreIf | undefined;
};

/** One exchange that several requests wait for. */
export class Flight {
  /**
   * Aborts the exchange when nobody waits any more; absent where its leader cannot leave, because a signal is the
   * costliest part of a short request.
   */
  readonly controller: AbortController | undefined;
  readonly began: Tick;
  readonly storeIf: StoreIf | undefined;
  /** Never rejects. */
  readonly outcome: Promise<FlightOutcome>;
  #settle: (outcome: FlightOutcome) => void = () => undefined;
  #discard: (() => void) | undefined;
  #waiters = 0;

  constructor({began, storeIf}: Shared, controller: AbortController | undefined) {
    this.controller = controller;
    this.began = began;
    this.storeIf = storeIf;
    this.outcome = new Promise(resolve => {
      this.#settle = resolve;
    });
  }

  /** Adds a waiter; call the result when it has what it waited for, or gives up. */
  join(): () => void {
    this.#waiters += 1;
    let waiting = true;
    return () => {
      if (!waiting) return;
      waiting = false;
      this.#waiters -= 1;
      if (this.#waiters === 0) this.#empty();
    };
  }

  /** The answer is there. `discard` lets go of its body, should the last waiter leave without it. */
  settle(outcome: FlightOutcome, discard: () => void): void {
    this.#discard = discard;
    this.#settle(outcome);
    if (this.#waiters === 0) this.#empty();
  }

  #empty(): void {
    if (this.#discard === undefined) this.controller?.abort();
    else this.#discard();
  }
}

/** The flights that can be joined now, by what makes requests equal. */
export class Flights {
  readonly #open: Map<string, {readonly flight: Flight; readonly at: EpochMs}> = new Map();
  readonly #apart: Map<string, EpochMs> = new Map();
  readonly #now: () => EpochMs;

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  /** The flight a request may join: no clear, of whatever, has come since it began, and it judges bodies alike. */
  find(key: string, {began, storeIf}: Shared): Flight | undefined {
    const {flight, at = 0} = this.#open.get(key) ?? {};
    if (
      flight === undefined ||
      Math.abs(this.#now() - at) > openFor ||
      flight.controller?.signal.aborted === true ||
      flight.began < began
    )
      return undefined;
    return flight.storeIf === storeIf ? flight : undefined;
  }

  /** Opens `flight` to others until `ended`; the oldest is closed to further joiners when there are too many. */
  open(key: string, flight: Flight): {readonly ended: () => void} {
    const now = this.#now();
    this.#closeForgotten(now);
    keepNewest(this.#open, key, {flight, at: now}, maxFlights);
    return {
      ended: () => {
        if (this.#open.get(key)?.flight === flight) this.#open.delete(key);
      },
    };
  }

  /** A body that nobody reads would keep its flight, and what has arrived of it, for ever. */
  #closeForgotten(now: EpochMs): void {
    for (const [key, {at}] of this.#open) {
      if (Math.abs(now - at) <= openFor) return;
      this.#open.delete(key);
    }
  }

  /** Equal requests go apart for a while: the last answer could not be shared, so waiting for it only cost time. */
  keepApart(key: string): void {
    keepNewest(this.#apart, key, this.#now() + apartFor, maxApart);
  }

  goesApart(key: string): boolean {
    const until = this.#apart.get(key);
    if (until === undefined) return false;
    const now = this.#now();
    if (now < until && until - now <= apartFor) return true;
    this.#apart.delete(key);
    return false;
  }
}
