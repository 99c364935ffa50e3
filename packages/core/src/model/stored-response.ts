import type {ContentRange} from '../fields/content-range.ts';
import type {EntityTag} from '../fields/entity-tag.ts';
import type {ResponseHead} from './messages.ts';
import type {EpochMs, Seconds, Tick} from './units.ts';

/** The URI under which a store lists responses: the target URI with secrets replaced and ignored parameters removed. */
export type ResourceKey = string;

/**
 * Whose responses these are: a stable name from the `partition` option, a pseudonym of the credentials, or one of
 * the two constants below.
 */
export type Partition = string;

/** Requests without visible credentials. */
export const anonymous: Partition = '';

/** Responses that any partition may reuse (`public`, RFC 9111 §3.5). */
export const shareable: Partition = '*';

/** A request field that `Vary` nominated, with the value the stored response was made for. */
export type NominatedField = readonly [name: string, value: string | undefined];

/** What freshness and reuse need to know of a response, computed once, when it is stored or freshened. */
export type Facts = {
  /** Freshness lifetime, stated or guessed. §4.2.1, §4.2.2 */
  readonly lifetime: Seconds;
  /** `corrected_initial_age` at `responseTime`. §4.2.3 */
  readonly initialAge: Seconds;
  /** The Date field, or the time of receipt. */
  readonly date: EpochMs;
  readonly etag: EntityTag | undefined;
  /** The Last-Modified field as received, to be sent back to the letter, when it is a valid date. */
  readonly lastModified: string | undefined;
  /** The bytes it holds when it is only a part (206). RFC 9110 §14.4 */
  readonly range: ContentRange | undefined;
  /** Reuse needs a successful validation, always: unqualified `no-cache`. §5.2.2.4 */
  readonly alwaysValidate: boolean;
  /** Never reused stale: `must-revalidate`, and in a shared cache `proxy-revalidate` and `s-maxage`. §4.2.4 */
  readonly neverStale: boolean;
  /** RFC 8246: while fresh, even a reload need not validate. */
  readonly immutable: boolean;
  /** RFC 5861 §3; 0 when neither the response nor a rule gives a window. */
  readonly staleWhileRevalidate: Seconds;
  /** RFC 5861 §4; 0 when neither the response nor a rule gives a window. */
  readonly staleIfError: Seconds;
};

/** A response as a store keeps it: everything but the bytes. Immutable and made of plain data, `Fields` aside. */
export type StoredResponse = {
  /** Names these bytes; unique within the store. */
  readonly id: string;
  readonly resource: ResourceKey;
  /** The target URI with secrets replaced; equal to `resource` unless a rule ignores parameters. */
  readonly url: string;
  /** Tells responses of one resource apart: a later put with an equal key replaces the earlier response. */
  readonly key: string;
  readonly method: string;
  readonly partition: Partition;
  /** Stand-in for the request content and its metadata, as the store names it, for QUERY and opted-in methods. */
  readonly content: string | undefined;
  readonly variant: string;
  /** The kind of client it was made for, when `Vary` nominates a field that clients add unseen. */
  readonly client: string | undefined;
  readonly nominated: readonly NominatedField[];
  /** `head.url` is the target URI with secrets replaced. */
  readonly head: ResponseHead;
  readonly requestTime: EpochMs;
  readonly responseTime: EpochMs;
  /** Where the store's counter stood when the exchange that fetched or last validated it began. */
  readonly began: Tick;
  readonly tags: readonly string[];
  /** Those of `tags` that rules and requests gave, not its fields; absent where there are none. */
  readonly givenTags?: readonly string[];
  /** RFC 9875 Cache-Groups, of this origin only. */
  readonly groups: readonly string[];
  readonly facts: Facts;
  /** Body length in bytes. The store fills it in on commit. */
  readonly size: number;
  /** An `expire` came after `began`: reuse needs a validation begun later. The store fills it in on reading. */
  readonly expired: boolean;
  /** When a body was last read for reuse. The store fills it in on reading. */
  readonly lastUsed: EpochMs;
};
