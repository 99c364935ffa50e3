import type {EpochMs} from '../model/units.ts';
import type {Limits} from './shelf.ts';

/** How much a memory store may hold. */
export type MemoryStoreOptions = {
  /** Bodies and an estimate of their heads, in bytes. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Stored responses. Default 10 000. */
  readonly maxCount?: number;
  /** The clock, for tests. Default `Date.now`. */
  readonly now?: () => EpochMs;
};

const defaults: Limits & {readonly now: () => EpochMs} = {
  maxBytes: 64 * 1024 * 1024,
  maxCount: 10_000,
  now: () => Date.now(),
};

const shown = (value: unknown): string => {
  try {
    return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  } catch {
    return String(value);
  }
};

const wrong = (name: string, value: unknown, allowed: string): TypeError =>
  new TypeError(`limpid: MemoryStore ${name} is ${shown(value)}; allowed: ${allowed}`);

function limit(name: 'maxBytes' | 'maxCount', value: unknown): number {
  if (value === undefined) return defaults[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw wrong(name, value, 'a whole number above 0');
}

/** The options with defaults filled in; throws a `TypeError` that says what is allowed. */
export function memoryStoreOptions(options: MemoryStoreOptions): Limits & {readonly now: () => EpochMs} {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw wrong('options', options, 'an object with maxBytes, maxCount, now');
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaults, name)) throw wrong(name, value, 'maxBytes, maxCount, now');
  }
  const {now = defaults.now} = options;
  if (typeof now !== 'function') throw wrong('now', now, 'a function that returns milliseconds since the epoch');
  return {maxBytes: limit('maxBytes', options.maxBytes), maxCount: limit('maxCount', options.maxCount), now};
}
