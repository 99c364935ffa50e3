import {type CacheStatusMember, formatCacheStatus} from '../fields/cache-status.ts';
import type {Fields} from '../fields/fields.ts';
import type {BodySource, RequestBody, RequestHead, ResponseHead} from '../model/messages.ts';
import type {Seconds} from '../model/units.ts';
import type {Defaults, RequestOptions} from '../options/request-options.ts';

/** What came back from the network. */
export type TransportResponse = {
  readonly head: ResponseHead;
  readonly body: BodySource;
  /** The body's bytes are not those Content-Length counts, though no Content-Encoding field says so. */
  readonly decoded?: boolean;
};

/**
 * Sends one request. The engine calls it, and nothing else reaches the network.
 *
 * `signal` is the flight's own: it aborts when everybody who waits has left. A rejection means that no answer came.
 */
export type Transport = (
  request: RequestHead,
  body: RequestBody | undefined,
  signal: AbortSignal | undefined,
) => Promise<TransportResponse>;

/** What a client gets: the head already explains itself, bytes are the store's own and must be copied. */
export type Answer = {readonly head: ResponseHead; readonly body: BodySource};

/** Everything about a request that is not its head. */
export type HandleOptions = {
  /** Ends this caller's wait, and nobody else's. */
  readonly signal?: AbortSignal | undefined;
  readonly body?: RequestBody | undefined;
  /** The `limpid` option: `false` bypasses the cache. */
  readonly options?: RequestOptions | false | undefined;
  /** The adapter's defaults. */
  readonly defaults?: Defaults | undefined;
  /** Given when the platform shows 3xx answers: bodyless GET and HEAD are then followed hop by hop, here. */
  readonly redirects?: Redirects | undefined;
};

/** The client's own limits and errors for redirects. */
export type Redirects = {
  readonly max: number;
  /** The error for one redirect too many. */
  readonly tooMany: () => unknown;
  /** The error for a Location that cannot be followed. */
  readonly invalid: (location: string) => unknown;
};

const plain: CacheStatusMember = {
  cache: 'limpid',
  hit: false,
  fwd: undefined,
  fwdStatus: undefined,
  ttl: undefined,
  stored: false,
  collapsed: false,
  key: undefined,
  detail: undefined,
};

/** Adds limpid's member at the end of Cache-Status; what others wrote stays. RFC 9211 §2 */
export function withCacheStatus(fields: Fields, member: Partial<CacheStatusMember>): Fields {
  return fields.plus('cache-status', formatCacheStatus({...plain, ...member}));
}

/** The Age field in place of any other. RFC 9111 §4, §5.1 */
export function withAge(fields: Fields, age: Seconds): Fields {
  return fields.with('age', String(Math.max(0, Math.floor(age))));
}
