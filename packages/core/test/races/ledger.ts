// What really happened, written down as it happened. The judge reads nothing else.

import type {Resource, User} from './resources.ts';
import type {Moment} from './world.ts';

/** One numbered answer of the origin. */
export type Generation = {
  readonly number: number;
  readonly method: string;
  readonly resource: Resource;
  readonly user: User;
  readonly variant: string;
  readonly client: string;
  readonly status: number;
  readonly etag: string | undefined;
  /** The whole body, whether or not all of it is delivered. */
  readonly body: string;
  /** When the request reached the origin. */
  readonly sentAt: Moment;
  /** `short`: it ends early though Content-Length says more was to come. `cut`: it fails on the way. */
  readonly delivered: 'whole' | 'short' | 'cut';
  /** The caller on whose behalf it was sent. */
  readonly caller: number;
  /** When its body ended, in whatever way. */
  endedAt: Moment | undefined;
};

/** The origin vouched for everything with this entity tag. */
export type Validation = {
  readonly resource: Resource;
  readonly etag: string;
  readonly sentAt: Moment;
  readonly answeredAt: Moment;
};

/** A clear, an expiry or an invalidation that its caller knows to have happened. */
export type Sweep = {
  readonly action: 'clear' | 'expire';
  readonly covers: (answer: Generation) => boolean;
  readonly calledAt: Moment;
  readonly resolvedAt: Moment;
  /** The one cache it is known to hold for; every cache that shares the store when `undefined`. */
  readonly cache: number | undefined;
  readonly what: string;
};

/** One caller's request. */
export type Asked = {
  readonly id: number;
  readonly cache: number;
  readonly resource: Resource;
  readonly method: string;
  readonly user: User;
  readonly variant: string;
  readonly client: string;
  readonly beganAt: Moment;
};

export class Ledger {
  readonly generations: Generation[] = [];
  readonly validations: Validation[] = [];
  readonly sweeps: Sweep[] = [];
}
