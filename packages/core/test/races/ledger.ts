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
  /** The whole body, whether or not it arrived whole. */
  readonly body: string;
  /** When the request reached the origin. */
  readonly sentAt: Moment;
  /** The body arrived whole. */
  readonly whole: boolean;
  /** The caller on whose behalf it was sent. */
  readonly caller: number;
};

/** The origin vouched for everything with this entity tag. */
export type Validation = {
  readonly resource: Resource;
  readonly etag: string;
  readonly sentAt: Moment;
  answeredAt: Moment | undefined;
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
  readonly conditional: boolean;
  readonly beganAt: Moment;
};

export class Ledger {
  readonly generations: Generation[] = [];
  readonly validations: Validation[] = [];
  readonly sweeps: Sweep[] = [];
}
