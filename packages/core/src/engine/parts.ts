import {LimpidError} from '../errors.ts';
import type {Store} from '../model/store.ts';
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
  /** A name for bytes about to be stored. */
  readonly newId: () => string;
};

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
    newId: () => {
      prefix ??= randomName();
      // Joined, not concatenated: the engine would keep the parts beside the whole.
      return [prefix, (made++).toString(36)].join('-');
    },
  };
}
