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
  | 'younger'
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

/** Why requests go to the network, in words. */
export const forwardReasons: Readonly<Record<ForwardReason, Explained>> = {
  bypass: {section: 'RFC 9211 §2.2', text: 'it goes around the cache'},
  method: {section: 'RFC 9111 §4', text: 'responses to its method are not reused'},
  'uri-miss': {section: 'RFC 9111 §4', text: 'nothing usable is stored for its user'},
  'vary-miss': {section: 'RFC 9111 §4.1', text: 'made for other values of the fields that Vary names'},
  request: {section: 'RFC 9111 §5.2.1', text: 'it asked for it'},
  stale: {section: 'RFC 9111 §4.2', text: 'its freshness lifetime has passed'},
  partial: {section: 'RFC 9111 §3.3', text: 'only a part is stored'},
};

/** What keeps a stored response from answering, and sends the request on, in words. */
const either = {
  through: {section: 'limpid clear', text: 'cleared with through: needs an end-to-end answer'},
  reload: {section: 'Fetch', text: 'the request has cache mode "reload"'},
  'no-cache': {section: 'RFC 9111 §5.2.1.4', text: 'the request asked for validation'},
  'max-age': {section: 'RFC 9111 §5.2.1.1', text: 'older than the request accepts'},
  'min-fresh': {section: 'RFC 9111 §5.2.1.3', text: 'not fresh as long as asked'},
  stale: {section: 'RFC 9111 §4.2', text: 'its freshness lifetime has passed'},
  'always-validate': {section: 'RFC 9111 §5.2.2.4', text: 'it said no-cache, or a later answer disagreed'},
  expired: {section: 'limpid expire', text: 'expired by the application'},
  'hidden-cookies': {section: 'RFC 9111 §4.1', text: 'Vary names Cookie, which a browser hides'},
  'hidden-vary': {section: 'RFC 9111 §4.1', text: 'a field differs, and Vary may be hidden'},
  encoded: {
    section: 'RFC 9110 §14.1.2',
    text: 'kept decoded; ranges count the bytes as sent',
  },
} as const;

/** What stood behind a forward reason, in words. */
export const forwardDetails: Readonly<Record<ForwardDetail, Explained>> = {
  ...either,
  paused: {section: 'limpid pause', text: 'the cache is paused'},
  closed: {section: 'limpid close', text: 'the cache is closed'},
  disabled: {section: 'limpid option', text: 'the request said limpid: false'},
  'mode-no-store': {section: 'Fetch', text: 'its cache mode, its own or by a rule, is "no-store"'},
  'request-no-store': {section: 'RFC 9111 §5.2.1.5', text: 'the request has Cache-Control: no-store'},
  range: {section: 'RFC 9110 §14.2', text: 'several ranges, or one only the origin understands'},
  condition: {section: 'RFC 9110 §13', text: 'a condition for the origin'},
  'caller-condition': {section: 'RFC 9111 §4.3.2', text: 'the caller validates by its own condition'},
  unkeyed: {section: 'RFC 9111 §2', text: 'its answers depend on what no key can hold'},
  'unkeyed-content': {section: 'RFC 9111 §2', text: 'its content is a stream, a form or too long'},
  'unsupported-url': {section: 'RFC 9110 §4.2', text: 'the URL is not http(s) or holds user information'},
  'store-failed': {section: 'limpid promise 5', text: 'the store failed or was too slow'},
  unapplied: {section: 'limpid promise 5', text: 'an invalidation is not applied yet'},
  'only-if-cached': {section: 'RFC 9111 §5.2.1.7', text: 'nothing stored answers it, and it asked for nothing else'},
  'changed-later': {section: 'limpid readHook', text: 'a later hook changed the request'},
  'flight-not-reusable': {section: 'RFC 9111 §4', text: 'the answer to an equal request cannot be reused'},
  'body-gone': {section: 'RFC 9111 §4.3.4', text: 'the stored body is gone'},
  'not-combined': {section: 'RFC 9111 §3.4', text: 'what came does not complete the stored part'},
  unmatched: {section: 'RFC 9111 §4.3.4', text: 'a 304 fits nothing that is stored'},
};

/** Why a stored response answered in the network's stead, in words. */
export const standInReasons: Readonly<Record<StandInDetail, Explained>> = {
  'stale-if-error': {section: 'RFC 5861 §4', text: 'the network failed, or answered with a server error'},
  'network-timeout': {section: 'limpid networkTimeout', text: 'the network took longer than networkTimeout'},
};

/** Why stored responses do not answer, in words. */
export const notReusedReasons: Readonly<Record<NotReusedReason, Explained>> = {
  ...either,
  method: {section: 'RFC 9111 §4', text: 'made by another method'},
  partition: {section: 'RFC 9111 §7.3', text: "another user's response"},
  content: {section: 'RFC 9111 §2', text: 'made for other request content'},
  variant: {section: 'Fetch', text: 'made under other settings'},
  client: {section: 'RFC 9111 §4.1', text: 'Vary names a field that other clients add unseen'},
  vary: {section: 'RFC 9111 §4.1', text: 'a nominated field differs'},
  redirected: {
    section: 'Fetch',
    text: 'the request wants redirects followed otherwise',
  },
  partial: {section: 'RFC 9111 §3.3', text: 'a part that does not hold all of what is asked'},
  younger: {section: 'RFC 9111 §4.1', text: 'a more recent response matches too'},
};

/** Why responses are not stored, in words. */
export const notStoredReasons: Readonly<Record<NotStoredReason, Explained>> = {
  bypass: {section: 'RFC 9111 §3', text: 'it bypassed the cache'},
  'request-no-store': {section: 'RFC 9111 §5.2.1.5', text: 'the request has Cache-Control: no-store'},
  method: {section: 'RFC 9111 §3', text: 'responses to its method are not stored'},
  'status-not-final': {section: 'RFC 9111 §3', text: 'not a final status'},
  'status-partial': {
    section: 'RFC 9111 §3.3',
    text: 'it is not one part of the content as sent',
  },
  'status-not-modified': {section: 'RFC 9111 §3', text: 'a 304 is no response of its own'},
  'status-not-understood': {section: 'RFC 9111 §5.2.2.3', text: 'must-understand, and its status is not'},
  'status-never-stored': {section: 'RFC 6585', text: 'its status must not be stored'},
  'no-store': {section: 'RFC 9111 §5.2.2.5', text: 'the response said no-store'},
  private: {section: 'RFC 9111 §5.2.2.7', text: 'it is private, and the cache is shared'},
  authorization: {section: 'RFC 9111 §3.5', text: 'the request has Authorization, and nothing permits sharing'},
  'no-freshness': {
    section: 'RFC 9111 §3',
    text: 'it has no validator, and neither it nor a rule for its status sets a lifetime',
  },
  'vary-any': {section: 'RFC 9111 §4.1', text: 'Vary: * never matches a later request'},
  opaque: {section: 'Fetch', text: 'an opaque response hides its status and fields'},
  'content-coding': {section: 'RFC 9110 §8.4', text: 'not every client decodes its content'},
  'redirected-unseen': {section: 'RFC 9111 §3', text: 'the redirects that led to it are hidden'},
  'redirected-secret': {section: 'RFC 9111 §7.3', text: 'its Location holds a secret'},
  'too-many-tags': {section: 'limpid tags', text: 'it has too many tags, or one too long'},
  'store-if': {section: 'limpid storeIf', text: 'storeIf refused it'},
  'too-large': {section: 'limpid maxBodyBytes', text: 'its body is longer than maxBodyBytes'},
  incomplete: {section: 'RFC 9111 §3.3', text: 'its body ended early'},
  'length-mismatch': {section: 'RFC 9110 §8.6', text: 'its body has not the announced length'},
  'content-range': {section: 'RFC 9110 §14.4', text: 'it has Content-Range, but is no 206'},
  fenced: {section: 'limpid promise 2', text: 'a clear or a more recent response came meanwhile'},
  full: {section: 'limpid promise 7', text: 'the store has no room for it'},
  'store-failed': {section: 'limpid promise 5', text: 'the store failed or was too slow'},
  unread: {section: 'limpid lifecycle', text: 'nobody read its body'},
};
