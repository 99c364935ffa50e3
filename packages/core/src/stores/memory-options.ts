import type {EpochMs} from '../model/units.ts';
import type {Limits} from './shelf.ts';
import {readStoreOptions} from './store-options.ts';

/** How much a memory store may hold. */
export type MemoryStoreOptions = {
  /** Bodies and an estimate of their heads, in bytes; one body and its head may take a quarter at most. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Stored responses. Default 10 000. */
  readonly maxCount?: number;
  /** The clock, for tests. Default `Date.now`. */
  readonly now?: () => EpochMs;
};

/** The options with defaults filled in; throws a `TypeError` that says what is allowed. */
export const memoryStoreOptions = (options: MemoryStoreOptions): Limits & {readonly now: () => EpochMs} =>
  readStoreOptions('MemoryStore', options, {
    maxBytes: 64 * 1024 * 1024,
    maxCount: 10_000,
    now: () => Date.now(),
  });
