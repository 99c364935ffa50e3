// Answers made of stored responses.

import type {Reuse} from '../decide/decisions.ts';
import type {CacheStatusMember} from '../fields/cache-status.ts';
import type {Fields} from '../fields/fields.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {BodySource, ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, MaybePromise} from '../model/units.ts';
import {isNullBody} from '../policy/registries.ts';
import {remainingLifetime} from '../policy/staleness.ts';
import {replayedFields} from '../policy/stored-fields.ts';
import {withAge, withCacheStatus} from './answer.ts';
import type {HitEvent} from './events.ts';
import type {Parts} from './parts.ts';

/** The fields a 304 carries, when the stored response has them. RFC 9110 §15.4.5 */
const fieldsOfNotModified: ReadonlySet<string> = new Set([
  'cache-control',
  'content-location',
  'date',
  'etag',
  'expires',
  'last-modified',
  'set-cookie',
  'vary',
]);

/** The head of an answer reused from `reuse.stored`, for the caller of `request`. §4, §4.3.2 */
export function reusedHead(
  request: CacheRequest,
  {stored, age, as}: Reuse,
  kind: Policy['kind'],
  member: Partial<CacheStatusMember>,
): ResponseHead {
  const {head} = stored;
  const kept = replayedFields(stored, kind);
  const fields = withCacheStatus(withAge(as === 'whole' ? kept : ofNotModified(kept), age), member);
  const url = head.redirected ? head.url : request.head.url;
  return as === 'whole' ? {...head, url, fields} : {...head, status: 304, statusText: 'Not Modified', url, fields};
}

function ofNotModified(fields: Fields): Fields {
  return fields.without(fields.names().filter(name => !fieldsOfNotModified.has(name)));
}

/**
 * The head of a reused answer, told to listeners and counted.
 *
 * `member` is what Cache-Status says besides the remaining lifetime; `instead`, what the network failed to do.
 */
export function toldReuse(
  {settings, counters, events}: Parts,
  request: CacheRequest,
  reuse: Reuse,
  member: Partial<CacheStatusMember>,
  instead?: HitEvent['instead'],
): ResponseHead {
  const {stored, age, stale} = reuse;
  const ttl = ttlOf(stored, settings.now());
  const collapsed = member.collapsed === true;
  if (member.hit) counters.hits += 1;
  if (collapsed) counters.collapsed += 1;
  if (stale) counters.stale += 1;
  if (events.has('hit')) {
    const {method} = request.head;
    const {status} = stored.head;
    events.emit({type: 'hit', method, url: request.url, status, age, ttl, stale, collapsed, instead});
  }
  return reusedHead(request, reuse, settings.base.policy.kind, {...member, ttl});
}

/** The remaining lifetime in whole seconds, as Cache-Status counts it. RFC 9211 §2.3 */
export const ttlOf = (stored: StoredResponse, now: EpochMs): number => Math.floor(remainingLifetime(stored, now));

/** The stored bytes; `undefined` when they are no longer there. No body where the answer has none. */
export function reusedBody(
  {store}: Parts,
  {head}: CacheRequest,
  {stored, as}: Reuse,
): MaybePromise<BodySource | undefined> {
  if (as === 'not-modified' || head.method === 'HEAD' || isNullBody(stored.head.status)) return null;
  return store.body(stored);
}
