import type {Settings} from '../options/options.ts';
import type {Background} from './background.ts';
import type {Events} from './events.ts';
import type {GuardedStore} from './guarded-store.ts';
import type {Counters} from './stats.ts';

/** What the rooms of one cache's engine share. */
export type Parts = {
  readonly settings: Settings;
  readonly store: GuardedStore;
  readonly events: Events;
  readonly background: Background;
  readonly counters: Counters;
  /** Something failed that the request survives. */
  readonly report: (error: unknown, during: string) => void;
  /** Why nothing may be read or stored now. */
  readonly off: () => 'paused' | 'closed' | undefined;
  /** A name for bytes about to be stored. */
  readonly newId: () => string;
};
