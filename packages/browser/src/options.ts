import {complaint} from 'limpid/store';

/** Where a store keeps its responses, and how much of them. */
export type IndexedDbStoreOptions = {
  /** The name of the database, of which all tabs and workers of the origin share one. Default `limpid`. */
  readonly name?: string;
  /** Bodies and heads, in bytes. Default 64 MiB. What the browser takes beside is not counted. */
  readonly maxBytes?: number;
  /** The clock, for tests. Default `Date.now`. */
  readonly now?: () => number;
};

/** The options with their defaults. */
export type Settings = Required<IndexedDbStoreOptions>;

const wrong = (name: string, value: unknown, allowed: string): TypeError =>
  complaint(`IndexedDbStore ${name}`, value, allowed);

const names = ['name', 'maxBytes', 'now'];

/** Reads the options; throws a `TypeError` that says what is allowed. */
export function settingsOf(options: IndexedDbStoreOptions): Settings {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw wrong('options', options, `an object with ${names.join(', ')}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) throw wrong(name, value, names.join(', '));
  }
  const {name = 'limpid', maxBytes = 64 * 1024 * 1024, now = () => Date.now()} = options;
  if (typeof name !== 'string' || name === '') throw wrong('name', name, 'a text that is not empty');
  if (!(Number.isSafeInteger(maxBytes) && maxBytes > 0)) throw wrong('maxBytes', maxBytes, 'a whole number above 0');
  if (typeof now !== 'function') throw wrong('now', now, 'a function that returns milliseconds since the epoch');
  return {name, maxBytes, now};
}
