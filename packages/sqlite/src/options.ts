import {resolve} from 'node:path';
import {complaint, isPlain, noOption} from 'limpid/store';

/** Where a store keeps its responses, and how much of them. */
export type SqliteStoreOptions = {
  /**
   * The path of the file, seen from the directory that is current now. It is made when it is not there, and so is its
   * folder, for their owner alone. A link is followed, also to where no file is yet.
   */
  readonly file: string;
  /**
   * Bodies and heads, in bytes, as they are kept; one body and its head may take a quarter at most. Default 256 MiB.
   * The file is somewhat larger.
   */
  readonly maxBytes?: number;
  /**
   * How bodies above 16 KiB are kept. Default `false`: as they are. Compressing and decompressing run off the event
   * loop; `zstd` needs Node 22.15.
   */
  readonly compress?: Compression;
  /** The clock, for tests. Default `Date.now`. */
  readonly now?: () => number;
};

export type Compression = 'zstd' | 'brotli' | false;

/** The options with their defaults. */
export type Settings = Required<SqliteStoreOptions>;

const wrong = (name: string, value: unknown, allowed: string): TypeError =>
  complaint(`SqliteStore ${name}`, value, allowed);

const names = ['file', 'maxBytes', 'compress', 'now'];

function readFile(file: unknown): string {
  // SQLite takes an empty name, `:memory:` and `file:` URIs for something other than a path.
  const isPath = typeof file === 'string' && !/^$|^:|^file:|\0/.test(file);
  if (!isPath) throw wrong('file', file, 'the path of a file, like "./cache.db"');
  // Once: the process may change its directory, and go on with the same file.
  return resolve(file);
}

function readMaxBytes(maxBytes: unknown): number {
  if (maxBytes === undefined) return 256 * 1024 * 1024;
  if (typeof maxBytes === 'number' && Number.isSafeInteger(maxBytes) && maxBytes > 0) return maxBytes;
  throw wrong('maxBytes', maxBytes, 'a whole number above 0');
}

function readCompression(compress: unknown, isThere: (name: 'zstd' | 'brotli') => boolean): Compression {
  if (compress === undefined || compress === false) return false;
  if (compress !== 'zstd' && compress !== 'brotli') throw wrong('compress', compress, '"zstd", "brotli" or false');
  if (!isThere(compress)) throw wrong('compress', compress, 'what this platform has: "brotli" or false');
  return compress;
}

/** Ticks are counted from a thousand times that, in whole numbers. */
const latest = Number.MAX_SAFE_INTEGER / 1000;

function readClock(now: unknown): () => number {
  if (now === undefined) return () => Date.now();
  const allowed = 'a function that returns milliseconds since the epoch';
  if (typeof now !== 'function') throw wrong('now', now, allowed);
  const read = (): number => {
    const time: unknown = now();
    if (typeof time === 'number' && time >= 0 && time < latest) return time;
    throw wrong('now()', time, 'milliseconds since the epoch');
  };
  read();
  return read;
}

/** Reads the options; throws a `TypeError` that says what is allowed. */
export function settingsOf(options: SqliteStoreOptions, isThere: (name: 'zstd' | 'brotli') => boolean): Settings {
  if (!isPlain(options)) throw wrong('options', options, `an object with ${names.join(', ')}`);
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw noOption(`SqliteStore ${name}`, name, names);
  }
  return {
    file: readFile(options.file),
    maxBytes: readMaxBytes(options.maxBytes),
    compress: readCompression(options.compress, isThere),
    now: readClock(options.now),
  };
}
