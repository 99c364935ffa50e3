import {LimpidError} from '../errors.ts';
import {onceForEach} from '../fields/remembered.ts';
import type {Clause} from '../model/selection.ts';
import type {Store} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs} from '../model/units.ts';
import type {Settings} from '../options/options.ts';
import {randomName} from '../random-name.ts';
import {Background} from './background.ts';
import {Events} from './events.ts';
import {GuardedStore} from './guarded-store.ts';
import {Searches} from './searches.ts';
import {type Counters, zero} from './stats.ts';

/** Why nothing may be read or stored now. */
export type Off = 'paused' | 'closed' | undefined;

/** What the rooms of one cache's engine share. */
export type Parts = {
  readonly settings: Settings;
  readonly store: GuardedStore;
  readonly events: Events;
  readonly background: Background;
  readonly counters: Counters;
  /** Something failed that the request survives. */
  readonly report: (error: unknown, during: string) => void;
  readonly off: () => Off;
  readonly searches: Searches;
  readonly pending: Pending;
  /** A name for bytes about to be stored. */
  readonly newId: () => string;
};

/** Invalidations that could not be applied yet, and when to try again. */
export type Pending = {clauses: readonly Extract<Clause, {type: 'scope'}>[]; retryAt: EpochMs};

/** One for all caches of this process over a store. */
const pendingOf = onceForEach((_store: Store): Pending => ({clauses: [], retryAt: 0}));

export function makeParts(settings: Settings, store: Store, off: () => Off): Parts {
  const events = new Events();
  const counters = zero();
  const report = (error: unknown, during: string): void => {
    counters.errors += 1;
    events.emit({type: 'error', error, during});
  };
  const storeFailed = (cause: unknown, during: string): void =>
    report(new LimpidError('STORE_FAILED', {cause, message: `the store failed during ${during}`}), during);
  // Made with the first id: workers have no random values while their modules load, and caches are made there.
  let prefix: string | undefined;
  let made = 0;
  return {
    settings,
    store: new GuardedStore(store, settings.timers, settings.now, storeFailed),
    events,
    background: new Background(settings.timers, error => report(error, 'background')),
    counters,
    report,
    off,
    searches: new Searches(settings),
    pending: pendingOf(store),
    newId: () => {
      prefix ??= randomName();
      // Joined, not concatenated: the engine would keep the parts beside the whole.
      return [prefix, (made++).toString(36)].join('-');
    },
  };
}

/** Other caches may share the store: each tells its own listeners, until the result is called. */
export function tellEvictions({counters, events}: Parts, store: Store): () => void {
  const tell = ({method, url, size: bytes}: StoredResponse): void => {
    counters.evicted += 1;
    events.emit({type: 'evict', method, url, bytes});
  };
  return store.onEvict?.(tell) ?? (() => undefined);
}
