// What a rule decides for the requests it is for. Adapters' defaults have the same shape.

import {complaint} from '../complaint.ts';
import {onceForEach} from '../fields/remembered.ts';
import type {CacheMode, RequestHead} from '../model/messages.ts';
import type {Ignorable, Policy} from '../model/policy.ts';
import {type Partition, shareable} from '../model/stored-response.ts';
import {type Duration, parseDuration} from './duration.ts';
import {
  type Reader,
  type ReadersOf,
  readArray,
  readAs,
  readChoice,
  readFieldName,
  readFunction,
  readMethod,
  readRecord,
  readStatus,
  readText,
} from './reading.ts';
import {type CompleteResponseView, type RequestView, requestView} from './views.ts';

/**
 * Whose a request is: a stable name such as a user id, or a function that gives one.
 *
 * Responses are kept apart by this name instead of by credentials, `public` ones included. Where the function gives
 * `undefined` (or empty text), credentials tell requests apart, and there, too, `public` ones are not shared between
 * them: only without this option are they. `"*"` is not a name.
 */
export type PartitionOption = string | ((request: RequestView) => string | undefined);

/**
 * Whether a response may be stored, judged by its complete body. Synchronous.
 *
 * A part is judged as the 206 that it is; what stored parts make together is not judged again. Redirects are judged, too; one that
 * throws refuses none.
 */
export type StoreIf = (response: CompleteResponseView) => boolean;

/**
 * What a request, an adapter's defaults and a rule can decide alike. Whatever one leaves out is left to the next, in
 * this order; a default is what counts when all of them leave it out.
 */
export type SharedOptions = {
  /**
   * The freshness lifetime a response is stored with, whatever the response says, for statuses cacheable by heuristics
   * (200, 301, 404…) and those that the `statuses` of a rule or of defaults name. To bound the age of what is read, send
   * `Cache-Control: max-age` instead.
   * Unit: milliseconds or text with a unit. Default: the response decides.
   */
  readonly ttl?: Duration;
  /**
   * The freshness lifetime of a response that states none, for the same statuses; a `ttl` of any layer takes its place.
   * Unit: milliseconds or text with a unit. Default: what is guessed from Last-Modified.
   */
  readonly defaultTtl?: Duration;
  /**
   * How long past its lifetime a response may still be served while it is validated. Unit: milliseconds or text with a
   * unit. Default: the response, then the cache's option.
   */
  readonly staleWhileRevalidate?: Duration;
  /**
   * How long past its lifetime a response may be served when the origin fails. Unit: milliseconds or text with a unit.
   * Default: the response, then the cache's option.
   */
  readonly staleIfError?: Duration;
  /**
   * Tags to clear by, 1 to 256 characters each. They stay with the bytes: a later validation adds its own, and takes none
   * away. Default: none.
   */
  readonly tags?: readonly string[];
  /** Whose requests these are. Default: the cache's option, then told apart by credentials. */
  readonly partition?: PartitionOption;
  /**
   * Fetch's cache mode for requests that bring none of their own: `no-store` keeps them out of the cache. They clear and
   * invalidate all the same. Default: `default`.
   */
  readonly cache?: CacheMode;
  /** Refuses responses by their complete body before they are stored. Default: none is refused. */
  readonly storeIf?: StoreIf;
};

/** What a rule, or an adapter's defaults, decide. Whatever is left out is left to the next rule, then to the response. */
export interface Defaults extends SharedOptions {
  /**
   * Query parameters that do not tell resources apart: by name, or `true` for all of them. `false` ends the search of
   * later rules. Default: every parameter counts.
   */
  readonly ignoreSearch?: boolean | readonly string[];
  /**
   * Request fields that tell variants apart, in place of the response's `Vary`; an empty array means none do.
   * Default: the response's `Vary`.
   */
  readonly vary?: readonly string[];
  /**
   * Methods besides GET, HEAD and QUERY whose responses may be stored. They are taken to be safe: such requests
   * invalidate nothing. Default: none.
   */
  readonly methods?: readonly string[];
  /** Statuses, such as 302, that `ttl` and `defaultTtl` are for besides those cacheable by heuristics. Default: none. */
  readonly statuses?: readonly number[];
  /** What a `ttl` overrides; without one it has no effect. Default: nothing. */
  readonly ignores?: readonly Ignorable[];
}

/** One source's options as they were read: only what it sets is there. */
export type Layer = Partial<
  Pick<
    Policy,
    | 'ttl'
    | 'defaultTtl'
    | 'staleWhileRevalidate'
    | 'staleIfError'
    | 'tags'
    | 'vary'
    | 'methods'
    | 'statuses'
    | 'ignores'
  >
> & {
  readonly ignoreSearch?: boolean | readonly string[];
  readonly partition?: PartitionOption;
  readonly cache?: CacheMode;
  readonly storeIf?: StoreIf;
};

const longestTag = 256;

const readTag: Reader<string> = readAs(
  value => typeof value === 'string' && value !== '' && value.length <= longestTag,
  `text of 1 to ${longestTag} characters`,
);

const isName = (value: unknown): boolean => typeof value === 'string' && value !== '' && value !== shareable;

/** Reads a name, or the function that gives one. */
export const readPartition: Reader<PartitionOption> = readAs(
  value => typeof value === 'function' || isName(value),
  'a name (not "*"), or a function of the request that gives one',
);

const searchAllowed = 'true, false, or an array of parameter names';

const readSearch: Reader<boolean | readonly string[]> = (value, path) =>
  typeof value === 'boolean' ? value : readArray(readText, searchAllowed)(value, path);

/** The cache modes of Fetch. */
export const cacheModes: readonly CacheMode[] = [
  'default',
  'no-store',
  'reload',
  'no-cache',
  'force-cache',
  'only-if-cached',
];

const ignorables = ['no-store', 'private', 'no-cache', 'must-revalidate'] as const satisfies readonly Ignorable[];

/** How the options are read that rules, defaults and requests have in common. */
export const sharedReaders: ReadersOf<Pick<Layer, keyof SharedOptions>> = {
  ttl: parseDuration,
  defaultTtl: parseDuration,
  staleWhileRevalidate: parseDuration,
  staleIfError: parseDuration,
  tags: readArray(readTag, 'an array of tags'),
  partition: readPartition,
  cache: readChoice(cacheModes),
  storeIf: readFunction<StoreIf>('a function of the response that returns true or false'),
};

/** How a rule's options are read. */
export const ruleReaders: ReadersOf<Layer> = {
  ...sharedReaders,
  ignoreSearch: readSearch,
  vary: readArray(readFieldName, 'an array of field names'),
  methods: readArray(readMethod, 'an array of methods'),
  statuses: readArray(readStatus, 'an array of statuses'),
  ignores: readArray(readChoice(ignorables), `an array of ${ignorables.map(name => `"${name}"`).join(', ')}`),
};

const compiled = onceForEach(
  (value: object): Layer => readRecord(value, 'defaults', ruleReaders, 'an object of options'),
);

/** Reads an adapter's defaults; the same object is read once. */
export const compileDefaults = (value: unknown): Layer => compiled(value as object);

/** The name an option gives a request; `undefined` leaves it to the request's credentials. */
export function namedPartition(partition: PartitionOption | undefined, head: RequestHead): Partition | undefined {
  const name = typeof partition === 'function' ? partition(requestView(head)) : partition;
  if (name === undefined || name === null || name === '') return undefined;
  if (isName(name)) return name;
  throw complaint('the result of partition', name, 'a name (not "*"), or undefined');
}
