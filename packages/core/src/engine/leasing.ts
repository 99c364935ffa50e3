// Turns at the origin, where several processes share a store: one asks, the others wait briefly for what it stores.

import {decideOnRequest} from '../decide/on-request.ts';
import {after} from '../model/maybe.ts';
import type {Lease} from '../model/store.ts';
import type {Exchange} from './exchange.ts';
import {type Finished, finishedWith} from './finished.ts';
import type {Invalidating} from './invalidating.ts';
import type {Parts} from './parts.ts';
import {reusedAnswer} from './reusing.ts';
import {wait} from './waiting.ts';

/** How long a turn lasts when its holder dies, in milliseconds. */
const longest = 10_000;
/** How long to wait for another's, in milliseconds, a slow store's time included; and between two looks at what it has stored. */
const patience = 1_000;
const shortestPause = 10;
const longestPause = 100;

const free: Lease = {release: () => undefined};

/** It is our turn, or somebody else's answer will do. */
export type Turn = {readonly type: 'go'; readonly end: () => void} | Finished;

export class Leasing {
  readonly #parts: Parts;
  readonly #invalidating: Invalidating;

  constructor(parts: Parts, invalidating: Invalidating) {
    this.#parts = parts;
    this.#invalidating = invalidating;
  }

  /** Whether there are turns at all. */
  get isUsed(): boolean {
    return this.#parts.store.leases;
  }

  /** Waits for a turn or for another's answer, whichever comes first; in the end goes without. */
  async turn(exchange: Exchange, name: string): Promise<Turn> {
    const {now, timers} = this.#parts.settings;
    const began = now();
    for (let pause = shortestPause; ; pause = Math.min(2 * pause, longestPause)) {
      const end = await this.atOnce(name);
      // Whoever had it may have stored its answer since the last look.
      const stored = pause === shortestPause && end !== undefined ? undefined : await this.#stored(exchange);
      if (stored !== undefined) {
        end?.();
        return stored;
      }
      // A clock that jumps ends it.
      if (end !== undefined || !(Math.abs(now() - began) < patience))
        return {type: 'go', end: end ?? (() => undefined)};
      await wait(timers, pause, () => undefined).over;
    }
  }

  /** What ends our turn; `undefined` when it is somebody else's. A store that fails keeps nobody from going. */
  async atOnce(name: string): Promise<(() => void) | undefined> {
    const {store} = this.#parts;
    const lease = await store.attempt<Lease | undefined>('lease', free, from =>
      after(from.lease?.(name, longest), given => given || undefined),
    );
    return lease && (() => void this.#release(lease));
  }

  async #release(lease: Lease): Promise<void> {
    await this.#parts.store.attempt('lease', undefined, () => lease.release());
  }

  /** What answers the request by now: the same rules as for any hit. */
  async #stored({request, resolved, decision}: Exchange): Promise<Finished | undefined> {
    const {settings, store} = this.#parts;
    const lookup = await store.lookup(request);
    if (lookup === undefined || lookup.through !== undefined) return undefined;
    const candidates = lookup.candidates.filter(stored => !this.#invalidating.hides(stored));
    const found = decideOnRequest(request, candidates, resolved.policy, settings.now());
    if (found.type !== 'reuse' || found.stale) return undefined;
    const answer = await reusedAnswer(this.#parts, request, found, {fwd: decision.because, collapsed: true});
    return answer && finishedWith(answer, {type: 'reusable', stored: found.stored, kept: undefined});
  }
}
