// How a tiered store learns the far store's counter: it asks for each request, or relies on an answer for a while.

import type {Store} from '../model/store.ts';
import type {EpochMs, MaybePromise, Tick} from '../model/units.ts';

/** Reads the counter for a request that begins now. */
export type ReadCounter = () => MaybePromise<Tick>;

/** An answer of the far store, perhaps still under way, and when it was asked for, by both clocks. */
type Answer = {readonly tick: MaybePromise<Tick>; readonly since: number; readonly time: EpochMs};

/** Asks the far store each time. */
export const asked =
  (far: Store): ReadCounter =>
  () =>
    far.tick();

/**
 * Relies on each answer for `ms` milliseconds from when it was asked for: the far store lets no clear that comes later
 * end before.
 */
export function leased(trust: NonNullable<Store['trust']>, ms: number): ReadCounter {
  let known: Answer | undefined;

  /** By both clocks: the monotonic one may stand still while the machine sleeps, the other may be set back. */
  const isValid = ({since, time}: Answer): boolean => {
    const passed = Date.now() - time;
    return performance.now() - since < ms && passed >= 0 && passed < ms;
  };

  const settle = async (answer: Answer): Promise<void> => {
    try {
      const tick = await answer.tick;
      if (known === answer) known = {...answer, tick};
    } catch {
      if (known === answer) known = undefined;
    }
  };

  return () => {
    if (known !== undefined && isValid(known)) return known.tick;
    const [since, time] = [performance.now(), Date.now()];
    known = {tick: trust(ms), since, time};
    void settle(known);
    return known.tick;
  };
}
