// Every reason limpid ever gives, as literals, each with the section that asks for it. Events, Cache-Status, explain and tests use these.

import type {ForwardReason} from '../fields/cache-status.ts';

export type {ForwardReason};

/** What exactly stood behind a `ForwardReason`. */
export type ForwardDetail =
  | 'paused'
  | 'closed'
  | 'disabled'
  | 'mode-no-store'
  | 'request-no-store'
  | 'range'
  | 'condition'
  | 'caller-condition'
  | 'unkeyed'
  | 'unkeyed-content'
  | 'unsupported-url'
  | 'store-failed'
  | 'unapplied'
  | 'changed-later'
  | 'only-if-cached'
  | 'reload'
  | 'no-cache'
  | 'max-age'
  | 'min-fresh'
  | 'through'
  | 'stale'
  | 'always-validate'
  | 'expired'
  | 'hidden-cookies'
  | 'hidden-vary'
  | 'flight-not-reusable'
  | 'body-gone'
  | 'not-combined'
  | 'unmatched'
  | 'encoded';

/** What the network failed to do when a stored response answered in its stead. */
export type StandInDetail = 'stale-if-error' | 'network-timeout';

/** Why a stored response does not answer a request as it is. */
export type NotReusedReason =
  | 'method'
  | 'partition'
  | 'content'
  | 'variant'
  | 'client'
  | 'vary'
  | 'redirected'
  | 'partial'
  | 'encoded'
  | 'not-preferred'
  | 'reload'
  | 'no-cache'
  | 'max-age'
  | 'min-fresh'
  | 'through'
  | 'stale'
  | 'always-validate'
  | 'expired'
  | 'hidden-cookies'
  | 'hidden-vary';

/** Why a response is not (or no longer) stored. */
export type NotStoredReason =
  | 'bypass'
  | 'request-no-store'
  | 'method'
  | 'status-not-final'
  | 'status-partial'
  | 'status-not-modified'
  | 'status-not-understood'
  | 'status-never-stored'
  | 'no-store'
  | 'private'
  | 'authorization'
  | 'no-freshness'
  | 'vary-any'
  | 'opaque'
  | 'content-coding'
  | 'redirected-unseen'
  | 'redirected-secret'
  | 'too-many-tags'
  | 'store-if'
  | 'too-large'
  | 'incomplete'
  | 'length-mismatch'
  | 'content-range'
  | 'fenced'
  | 'full'
  | 'store-failed'
  | 'unread';

/** A reason in words, and where it is written down. */
export type Explained = {readonly section: string; readonly text: string};

const because = (section: string, text: string): Explained => ({section, text});

/** What keeps a stored response from answering, and sends the request on, in words. */
const either = {
  through: because('limpid clear', 'cleared with through: needs an end-to-end answer'),
  reload: because('Fetch', 'the request has cache mode "reload"'),
  'no-cache': because('RFC 9111 §5.2.1.4', 'the request asked for validation'),
  'max-age': because('RFC 9111 §5.2.1.1', 'older than the request accepts'),
  'min-fresh': because('RFC 9111 §5.2.1.3', 'not fresh as long as asked'),
  stale: because('RFC 9111 §4.2', 'its freshness lifetime has passed'),
  'always-validate': because('RFC 9111 §5.2.2.4', 'it said no-cache, or a later answer disagreed'),
  expired: because('limpid expire', 'expired by the application'),
  'hidden-cookies': because('RFC 9111 §4.1', 'Vary names Cookie, which a browser hides'),
  'hidden-vary': because('RFC 9111 §4.1', 'a field differs, and Vary may be hidden'),
  encoded: because('RFC 9110 §14.1.2', 'kept decoded; ranges count the bytes as sent'),
} as const;

/** Why requests go to the network, in words. */
export const forwardReasons: Readonly<Record<ForwardReason, Explained>> = {
  bypass: because('RFC 9211 §2.2', 'it goes around the cache'),
  method: because('RFC 9111 §4', 'responses to its method are not reused'),
  'uri-miss': because('RFC 9111 §4', 'nothing usable is stored for its user'),
  'vary-miss': because('RFC 9111 §4.1', 'made for other values of the fields that Vary names'),
  request: because('RFC 9111 §5.2.1', 'it asked for it'),
  stale: either.stale,
  partial: because('RFC 9111 §3.3', 'only a part is stored'),
};

/** What stood behind a forward reason, in words. */
export const forwardDetails: Readonly<Record<ForwardDetail, Explained>> = {
  ...either,
  paused: because('limpid pause', 'the cache is paused'),
  closed: because('limpid close', 'the cache is closed'),
  disabled: because('limpid option', 'the request said limpid: false'),
  'mode-no-store': because('Fetch', 'its cache mode, or a rule, says "no-store"'),
  'request-no-store': because('RFC 9111 §5.2.1.5', 'the request has Cache-Control: no-store'),
  range: because('RFC 9110 §14.2', 'several ranges, or one only the origin understands'),
  condition: because('RFC 9110 §13', 'a condition for the origin'),
  'caller-condition': because('RFC 9111 §4.3.2', 'the caller validates by its own condition'),
  unkeyed: because('RFC 9111 §2', 'no key holds all it depends on'),
  'unkeyed-content': because('RFC 9111 §2', 'its content is a stream, a form or too long'),
  'unsupported-url': because('RFC 9110 §4.2', 'the URL is not http(s) or holds userinfo'),
  'store-failed': because('limpid promise 5', 'the store failed or was too slow'),
  unapplied: because('limpid promise 5', 'an invalidation is not applied yet'),
  'only-if-cached': because('RFC 9111 §5.2.1.7', 'nothing stored answers it, and it asked for nothing else'),
  'changed-later': because('limpid readHook', 'a later hook changed the request'),
  'flight-not-reusable': because('RFC 9111 §4', 'the answer to an equal request cannot be reused'),
  'body-gone': because('RFC 9111 §4.3.4', 'the stored body is gone'),
  'not-combined': because('RFC 9111 §3.4', 'what came does not complete the stored part'),
  unmatched: because('RFC 9111 §4.3.4', 'a 304 fits nothing stored'),
};

/** Why a stored response answered in the network's stead, in words. */
export const standInReasons: Readonly<Record<StandInDetail, Explained>> = {
  'stale-if-error': because('RFC 5861 §4', 'the network failed, or answered with a server error'),
  'network-timeout': because('limpid networkTimeout', 'the network took longer than networkTimeout'),
};

/** Why stored responses do not answer, in words. */
export const notReusedReasons: Readonly<Record<NotReusedReason, Explained>> = {
  ...either,
  method: because('RFC 9111 §4', 'made by another method'),
  partition: because('RFC 9111 §7.3', "another user's response"),
  content: because('RFC 9111 §2', 'made for other request content'),
  variant: because('Fetch', 'made under other settings'),
  client: because('RFC 9111 §4.1', 'Vary names a field that other clients add unseen'),
  vary: because('RFC 9111 §4.1', 'a nominated field differs'),
  redirected: because('Fetch', 'the request wants redirects followed otherwise'),
  partial: because('RFC 9111 §3.3', 'a part that does not hold all of what is asked'),
  'not-preferred': because('RFC 9111 §4.1', 'another goes first: the most recent, or a fresh variant'),
};

/** Why responses are not stored, in words. */
export const notStoredReasons: Readonly<Record<NotStoredReason, Explained>> = {
  bypass: because('RFC 9111 §3', 'it bypassed the cache'),
  'request-no-store': because('RFC 9111 §5.2.1.5', 'the request has Cache-Control: no-store'),
  method: because('RFC 9111 §3', 'responses to its method are not stored'),
  'status-not-final': because('RFC 9111 §3', 'not a final status'),
  'status-partial': because('RFC 9111 §3.3', 'it is not one part of the content as sent'),
  'status-not-modified': because('RFC 9111 §3', 'a 304 is no response of its own'),
  'status-not-understood': because('RFC 9111 §5.2.2.3', 'must-understand, and its status is not'),
  'status-never-stored': because('RFC 6585', 'its status must not be stored'),
  'no-store': because('RFC 9111 §5.2.2.5', 'the response said no-store'),
  private: because('RFC 9111 §5.2.2.7', 'it is private, and the cache is shared'),
  authorization: because('RFC 9111 §3.5', 'the request has Authorization, and nothing permits sharing'),
  'no-freshness': because('RFC 9111 §3', 'no validator, and neither it nor a rule for its status sets a lifetime'),
  'vary-any': because('RFC 9111 §4.1', 'Vary: * never matches a later request'),
  opaque: because('Fetch', 'an opaque response hides its status and fields'),
  'content-coding': because('RFC 9110 §8.4', 'not every client decodes its content'),
  'redirected-unseen': because('RFC 9111 §3', 'the redirects that led to it are hidden'),
  'redirected-secret': because('RFC 9111 §7.3', 'its Location holds a secret'),
  'too-many-tags': because('limpid tags', 'it has too many tags, or one too long'),
  'store-if': because('limpid storeIf', 'storeIf refused it'),
  'too-large': because('limpid maxBodyBytes', 'its body is longer than maxBodyBytes'),
  incomplete: because('RFC 9111 §3.3', 'its body ended early'),
  'length-mismatch': because('RFC 9110 §8.6', 'its body has not the announced length'),
  'content-range': because('RFC 9110 §14.4', 'it has Content-Range, but is no 206'),
  fenced: because('limpid promise 2', 'a clear or a more recent response came meanwhile'),
  full: because('limpid promise 7', 'the store has no room for it'),
  'store-failed': because('limpid promise 5', 'the store failed or was too slow'),
  unread: because('limpid lifecycle', 'nobody read its body'),
};
