import {type CacheStatusMember, formatCacheStatus} from '../fields/cache-status.ts';
import type {Change} from '../fields/fields.ts';
import type {RequestBody} from '../model/messages.ts';
import type {Partition} from '../model/stored-response.ts';
import type {Answer, Redirects} from '../model/transport.ts';
import type {Seconds} from '../model/units.ts';
import type {Defaults, RequestOptions} from '../options/request-options.ts';

/** Everything about a request that is not its head. */
export type HandleOptions = {
  /** Ends this caller's wait, and nobody else's. */
  readonly signal?: AbortSignal | undefined;
  readonly body?: RequestBody | undefined;
  /** What its answers depend on is in no key: it goes around the cache. */
  readonly isUnkeyed?: boolean | undefined;
  /** The `limpid` option: `false` bypasses the cache. */
  readonly options?: RequestOptions | false | undefined;
  /** The adapter's defaults. */
  readonly defaults?: Defaults | undefined;
  /** One for each call of a client, which its redirects share: what `partition` functions have said. They are asked once. */
  readonly said?: {names?: Map<unknown, Partition | undefined>};
  /** For who cannot validate behind a stale answer: it is done before. */
  readonly validatesFirst?: boolean | undefined;
  /** Given when the platform shows 3xx answers: bodyless GET and HEAD are then followed hop by hop, here. */
  readonly redirects?: Redirects | undefined;
};

/** What `finish` makes of an answer. */
export type FinishedAnswer = Answer & {
  /** It answers only what `begin` added, and fits nothing stored any more: send the request again, as it was given. */
  readonly repeat: boolean;
};

/** Adds limpid's member at the end of Cache-Status; what others wrote stays. RFC 9211 §2 */
export const cacheStatusAdded = (member: Partial<CacheStatusMember>): Change => [
  'append',
  'cache-status',
  formatCacheStatus(member),
];

/**
 * The Age field in place of any other.
 *
 * @see RFC 9111 §4, §5.1
 */
export const ageSet = (age: Seconds): Change => ['set', 'age', String(Math.max(0, Math.floor(age)))];
