import {complaint, isPlain, noOption} from 'limpid/store';
import type {ClusterClient, SingleClient} from './commands.ts';

/** Where a store keeps its responses, and what it may cost. Give a `client` or a `url`. */
export type RedisStoreOptions = {
  /** A connected client of the `redis` package: `createClient` or `createCluster`. It stays yours: we do not close it. */
  readonly client?: SingleClient | ClusterClient;
  /** `redis://…` of a single server; a client is made for it, and closed with the store. */
  readonly url?: string;
  /** How all keys begin; stores with different prefixes share nothing. Letters, digits, `-`, `_`, `.`, `:`. Default `limpid`. */
  readonly prefix?: string;
  /** How long a request waits for Redis before it goes on without, in milliseconds. Default 250. */
  readonly timeout?: number;
  /** How long a step of a clear may take before it rejects, in milliseconds. Default 10 000. */
  readonly clearTimeout?: number;
  /** Longer bodies are not kept. Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** How long a response that can still be validated is kept once it is stale, in milliseconds. Default one day. */
  readonly keepStale?: number;
  /** The clock, for tests. Default `Date.now`. */
  readonly now?: () => number;
};

/** The options with their defaults. */
export type Settings = Required<Omit<RedisStoreOptions, 'client' | 'url'>> & {
  readonly client: SingleClient | ClusterClient | undefined;
  readonly url: string | undefined;
};

const wrong = (name: string, value: unknown, allowed: string): TypeError =>
  complaint(`RedisStore ${name}`, value, allowed);

const names = ['client', 'url', 'prefix', 'timeout', 'clearTimeout', 'maxBodyBytes', 'keepStale', 'now'];

function wholeAbove0(name: string, value: unknown, byDefault: number): number {
  if (value === undefined) return byDefault;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw wrong(name, value, 'a whole number above 0');
}

/** The longest wait that timers can do, in milliseconds: a longer one would end at once. */
const longestTimer = 2 ** 31 - 1;

function span(name: string, value: unknown, byDefault: number): number {
  if (value === undefined) return byDefault;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= longestTimer) return value;
  throw wrong(name, value, `a whole number from 1 to ${longestTimer}`);
}

/** The error for a `url`, which is not shown: a password may stand in it. */
export const noAddress = (): TypeError =>
  new TypeError('limpid: RedisStore url is no address; allowed: "redis://…" or "rediss://…"');

/**
 * A pool sends each command by another connection, so that none can wait for what another wrote; a sentinel takes commands in
 * another form.
 */
function isClient(value: unknown): boolean {
  const client = Object(value) as object;
  const isOne = 'isReady' in client && !('getMasterNode' in client);
  return 'sendCommand' in client && (isOne || 'masters' in client);
}

/** Reads the options; throws a `TypeError` that says what is allowed. */
export function settingsOf(options: RedisStoreOptions): Settings {
  if (!isPlain(options)) throw wrong('options', options, `an object with ${names.join(', ')}`);
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw noOption(`RedisStore ${name}`, name, names);
  }
  const {client, url, prefix = 'limpid', now = () => Date.now()} = options;
  if ((client === undefined) === (url === undefined)) {
    throw new TypeError('limpid: RedisStore takes a client or a url; allowed: one of them');
  }
  if (client !== undefined && !isClient(client)) {
    throw wrong('client', client, 'what createClient or createCluster gives');
  }
  if (url !== undefined && !(typeof url === 'string' && /^rediss?:\/\//.test(url))) {
    throw noAddress();
  }
  if (typeof prefix !== 'string' || !/^[\w.:-]+$/.test(prefix)) {
    throw wrong('prefix', prefix, 'letters, digits, "-", "_", "." and ":"');
  }
  if (typeof now !== 'function') throw wrong('now', now, 'a function that returns milliseconds since the epoch');
  return {
    client,
    url,
    prefix,
    timeout: span('timeout', options.timeout, 250),
    clearTimeout: span('clearTimeout', options.clearTimeout, 10_000),
    maxBodyBytes: wholeAbove0('maxBodyBytes', options.maxBodyBytes, 1024 * 1024),
    keepStale: wholeAbove0('keepStale', options.keepStale, 24 * 60 * 60 * 1000),
    now,
  };
}
