import {readStoreOptions} from 'limpid/store';

/** Where a store keeps its responses, and how much of them. */
export type IndexedDbStoreOptions = {
  /** The name of the database, of which all tabs and workers of the origin share one. Default `limpid`. */
  readonly name?: string;
  /**
   * Bodies and heads, in bytes; one body may take a quarter at most. Default 64 MiB. What the browser takes beside is
   * not counted.
   */
  readonly maxBytes?: number;
  /** The clock, for tests. Default `Date.now`. */
  readonly now?: () => number;
};

/** The options with their defaults. */
export type Settings = Required<IndexedDbStoreOptions>;

/** Reads the options; throws a `TypeError` that says what is allowed. */
export const settingsOf = (options: IndexedDbStoreOptions): Settings =>
  readStoreOptions('IndexedDbStore', options, {
    name: 'limpid',
    maxBytes: 64 * 1024 * 1024,
    now: () => Date.now(),
  });
