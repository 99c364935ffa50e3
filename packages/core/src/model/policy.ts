import type {Seconds} from './units.ts';

/** Response directives that a `ttl` may override. */
export type Ignorable = 'no-store' | 'private' | 'no-cache' | 'must-revalidate';

/** What the cache's owner decided for one request: options, then rules, then per-request options. Plain data. */
export type Policy = {
  readonly kind: 'private' | 'shared';
  /** The share of Date − Last-Modified taken as lifetime, and its cap; `undefined` switches guessing off. */
  readonly heuristic: {readonly fraction: number; readonly max: Seconds} | undefined;
  /** Replaces the freshness lifetime of the statuses that lifetimes may be given to. */
  readonly ttl: Seconds | undefined;
  /** The freshness lifetime of those that state none, in place of a guess. */
  readonly defaultTtl: Seconds | undefined;
  /** The statuses that lifetimes may be given to besides the heuristically cacheable ones. */
  readonly statuses: readonly number[];
  /** What `ttl` overrides; without a `ttl` it has no effect. */
  readonly ignores: readonly Ignorable[];
  /** Set by a rule or per request: replaces what the response says. */
  readonly staleWhileRevalidate: Seconds | undefined;
  readonly staleIfError: Seconds | undefined;
  /** Set for the whole cache: used when the response says nothing. */
  readonly defaultStaleWhileRevalidate: Seconds;
  readonly defaultStaleIfError: Seconds;
  /** Methods besides GET, HEAD and QUERY whose responses may be stored; declared safe by the rule that names them. */
  readonly methods: readonly string[];
  /** The fields that tell variants apart, in place of the response's own Vary. */
  readonly vary: readonly string[] | undefined;
  readonly tags: readonly string[];
  /** Clear-Site-Data is heeded. */
  readonly clearSiteData: boolean;
  /** The response fields whose directives replace those of Cache-Control, lower case, the most preferred first. RFC 9213 */
  readonly targetedFields: readonly string[];
  /** The response fields that hold tags (`tagFields`), lower case. */
  readonly tagFields: readonly string[];
  /** The caller named the partition: its responses are kept to that partition even when they are `public`. */
  readonly partitioned: boolean;
  /** Request fields that hold credentials, lower case. */
  readonly credentialFields: readonly string[];
};
