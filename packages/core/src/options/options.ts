// The options of a cache: what they mean, what they default to, and that nothing wrong among them passes in silence.

import {complaint} from '../complaint.ts';
import type {Policy} from '../model/policy.ts';
import {lacksToBeStore, type Store} from '../model/store.ts';
import type {EpochMs, Seconds} from '../model/units.ts';
import {type Duration, parseDuration} from './duration.ts';
import {
  isObject,
  type Read,
  type Reader,
  readArray,
  readAs,
  readChoice,
  readFieldName,
  readFlag,
  readRecord,
} from './reading.ts';
import {readWaitUntil, type WaitUntil} from './request-options.ts';
import type {PolicySource} from './resolve-policy.ts';
import {type PartitionOption, readPartition, ruleReaders} from './rule-options.ts';
import {compileRules, type Rule} from './rules.ts';
import {readTargetedFields} from './targeted-fields.ts';

/** How lifetimes are guessed for responses that name none. */
export type HeuristicOptions = {
  /** The share of the time since Last-Modified, above 0 and up to 1. Default: `0.1`. */
  readonly fraction?: number;
  /** The longest guess. Unit: milliseconds or text with a unit. Default: `'24h'`. */
  readonly max?: Duration;
};

/** Timers to use instead of the platform's, for tests and for hosts with their own. */
export type Timers = {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
};

/** The options of `new HttpCache(options)`. All are optional; a wrong or unknown one throws a `TypeError` at once. */
export type HttpCacheOptions = {
  /**
   * Where responses are kept. A store that is given is not closed with the cache. Default: a memory store of its own.
   */
  readonly store?: Store;
  /**
   * `private`: the cache of one user agent, or one that partitions by user. `shared`: a proxy's cache; it keeps nothing
   * `private`, and answers to Authorization only when marked for sharing. Default: `private`.
   * @see RFC 9111 §1, §3.5
   */
  readonly kind?: 'private' | 'shared';
  /**
   * Freshness, tags and keys by hand. For each option the first rule that is for the request and sets it wins.
   * Default: none.
   */
  readonly rules?: readonly Rule[];
  /** Whose a request is, for every request no rule names. Default: told apart by `credentialFields`. */
  readonly partition?: PartitionOption;
  /**
   * Request fields that hold credentials. Requests with different values never share a response that is not marked for
   * sharing. Replaces the default: name all of them. Default: `['authorization', 'cookie']`.
   */
  readonly credentialFields?: readonly string[];
  /**
   * Whether and how to guess a lifetime from Last-Modified where a response names none; `false` never guesses.
   * Default: `{fraction: 0.1, max: '24h'}`.
   * @see RFC 9111 §4.2.2
   */
  readonly heuristic?: false | HeuristicOptions;
  /** The longest body to keep; longer ones pass through. Unit: bytes. Default: 16 MiB. */
  readonly maxBodyBytes?: number;
  /**
   * How long past its lifetime a response may be served while it is validated in the background, where the response
   * and rules say nothing. Unit: milliseconds or text with a unit. Default: `0`.
   * @see RFC 5861 §3
   */
  readonly staleWhileRevalidate?: Duration;
  /**
   * How long past its lifetime a response may be served when the origin fails, where the response and rules say
   * nothing. Unit: milliseconds or text with a unit. Default: `0`.
   * @see RFC 5861 §4
   */
  readonly staleIfError?: Duration;
  /**
   * How long to wait for the network before a permitted stale response answers; without one the wait goes on.
   * Unit: milliseconds or text with a unit. Default: as long as it takes.
   */
  readonly networkTimeout?: Duration;
  /**
   * What a caller gets when the origin cannot be reached and nothing stored may answer: the network's own error
   * (`reject`), or a 504 response (`respond`). Default: `reject`.
   * @see RFC 9111 §4.3.3
   */
  readonly unreachable?: 'reject' | 'respond';
  /** Whether equal requests in flight share one exchange. Default: `true`; `false` in workerd, which forbids it. */
  readonly coalesce?: boolean;
  /**
   * Whether Clear-Site-Data empties what the requester has of the answer's origin; a shared cache never heeds it.
   * Default: `true`.
   * @see Clear Site Data §3.1
   */
  readonly clearSiteData?: boolean;
  /**
   * Response fields such as `cdn-cache-control` that speak to this cache, the most preferred first: the directives of
   * the first that can be read replace those of Cache-Control, and Expires. Only for kind `shared`. Default: none.
   * @see RFC 9213 §2.2
   */
  readonly targetedFields?: readonly string[];
  /**
   * Response fields that hold tags, such as `surrogate-key` or `cache-tag`. A response that has more than 256 tags, or one
   * longer than 256 characters, is not stored: a clear by it would miss that response. Default: none.
   */
  readonly tagFields?: readonly string[];
  /** Keeps a worker alive while something is written or validated in the background. Default: nothing is kept alive. */
  readonly waitUntil?: WaitUntil;
  /** The clock. Unit: milliseconds since the Unix epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Timers. Default: the platform's, looked up when used. */
  readonly timers?: Timers;
};

/** Options read, with defaults in place. Spans are in seconds. */
export type Settings = PolicySource & {
  /** `undefined`: the cache makes one. */
  readonly store: Store | undefined;
  readonly maxBodyBytes: number;
  readonly networkTimeout: Seconds | undefined;
  readonly unreachable: 'reject' | 'respond';
  readonly coalesce: boolean | undefined;
  readonly now: () => EpochMs;
  readonly timers: Timers;
};

function readStore(value: unknown, path: string): Store {
  const missing = lacksToBeStore(value);
  if (missing.length > 0) throw complaint(path, value, `a store (missing: ${missing.join(', ')})`);
  return value as Store;
}

const readFraction: Reader<number> = readAs(
  value => typeof value === 'number' && value > 0 && value <= 1,
  'a number above 0 and up to 1',
);

const readByteCount: Reader<number> = readAs(
  value => Number.isSafeInteger(value) && Number(value) >= 0,
  'a whole number of bytes',
);

/** A tenth of the age, a day at most. */
const usualHeuristic: Policy['heuristic'] = {fraction: 0.1, max: 86_400};

const isClock = (value: unknown): boolean => typeof value === 'function' && Number.isFinite(value());

const readHeuristic: Reader<Policy['heuristic']> = (value, path) => {
  if (value === false) return undefined;
  const readers = {fraction: readFraction, max: parseDuration};
  return {...usualHeuristic, ...readRecord(value, path, readers, 'false, or an object {fraction, max}')};
};

const readTimers: Reader<Timers> = readAs(
  value => isObject(value) && [value.setTimeout, value.clearTimeout].every(it => typeof it === 'function'),
  'an object with setTimeout and clearTimeout',
);

/** The longest wait platforms' timers can do: a longer one would end at once. */
const longestTimer: Seconds = (2 ** 31 - 1) / 1000;

const readers = {
  store: readStore,
  kind: readChoice(['private', 'shared']),
  rules: compileRules,
  partition: readPartition,
  credentialFields: readArray(readFieldName, 'an array of field names'),
  heuristic: readHeuristic,
  maxBodyBytes: readByteCount,
  staleWhileRevalidate: parseDuration,
  staleIfError: parseDuration,
  networkTimeout: parseDuration,
  unreachable: readChoice(['reject', 'respond']),
  coalesce: readFlag,
  clearSiteData: readFlag,
  targetedFields: readTargetedFields,
  tagFields: readArray(readFieldName, 'an array of field names'),
  waitUntil: readWaitUntil,
  now: readAs<() => number>(isClock, 'a function that returns milliseconds since the epoch'),
  timers: readTimers,
} as const satisfies {readonly [Key in keyof HttpCacheOptions]-?: Reader<unknown>};

/** What tells users apart where nobody says otherwise. */
export const usualCredentials: readonly string[] = ['authorization', 'cookie'];

/** The platform's timers, looked up when used: what replaces them later is honoured. */
const platformTimers: Timers = {
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: timer => globalThis.clearTimeout(timer as ReturnType<typeof setTimeout>),
};

const platformNow = (): EpochMs => Date.now();

function basePolicy(given: Read<typeof readers>): Policy {
  return {
    kind: given.kind ?? 'private',
    heuristic: 'heuristic' in given ? given.heuristic : usualHeuristic,
    ttl: undefined,
    defaultTtl: undefined,
    statuses: [],
    ignores: [],
    staleWhileRevalidate: undefined,
    staleIfError: undefined,
    defaultStaleWhileRevalidate: given.staleWhileRevalidate ?? 0,
    defaultStaleIfError: given.staleIfError ?? 0,
    methods: [],
    vary: undefined,
    tags: [],
    clearSiteData: given.clearSiteData ?? true,
    targetedFields: given.targetedFields ?? [],
    tagFields: given.tagFields ?? [],
    partitioned: given.partition !== undefined,
    credentialFields: given.credentialFields ?? usualCredentials,
  };
}

/** Reads a cache's options; throws a `TypeError` that names the first mistake. */
export function resolveOptions(options: unknown = {}): Settings {
  const elsewhere = {readers: ruleReaders, place: 'a rule: {rules: [{…}]}'};
  const given = readRecord(options, '', readers, 'an object of options', elsewhere);
  const {partition, waitUntil, networkTimeout, targetedFields} = given;
  if (targetedFields !== undefined && given.kind !== 'shared')
    throw complaint('kind', given.kind ?? 'private', '"shared" where targetedFields is given');
  const nothing = {ignoreSearch: undefined, storeIf: undefined, key: undefined, mode: undefined, clears: undefined};
  return {
    base: {policy: basePolicy(given), partition, waitUntil, ...nothing},
    rules: given.rules ?? [],
    store: given.store,
    maxBodyBytes: given.maxBodyBytes ?? 16 * 1024 * 1024,
    networkTimeout: networkTimeout === undefined ? undefined : Math.min(networkTimeout, longestTimer),
    unreachable: given.unreachable ?? 'reject',
    coalesce: given.coalesce,
    now: given.now ?? platformNow,
    timers: given.timers ?? platformTimers,
  };
}
