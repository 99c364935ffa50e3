// Answers made of stored responses.

import type {Reuse} from '../decide/decisions.ts';
import type {CacheStatusMember} from '../fields/cache-status.ts';
import {Fields} from '../fields/fields.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {BodySource, ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, MaybePromise} from '../model/units.ts';
import {type Piece, renderedHead} from '../policy/combining.ts';
import {isNullBody} from '../policy/registries.ts';
import {remainingLifetime} from '../policy/staleness.ts';
import {replayedFields} from '../policy/stored-fields.ts';
import {withAge, withCacheStatus} from './answer.ts';
import type {HitEvent} from './events.ts';
import type {GuardedStore} from './guarded-store.ts';
import {after} from './maybe.ts';
import type {Parts} from './parts.ts';
import {joined, type Slice} from './pieces.ts';
import {discard} from './streams.ts';

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

/** The head of an answer reused from `reuse.stored`, for the caller of `request`. §4, §4.3.2, RFC 9110 §14 */
export function reusedHead(
  request: CacheRequest,
  reuse: Reuse,
  kind: Policy['kind'],
  member: Partial<CacheStatusMember>,
): ResponseHead {
  const {head} = reuse.stored;
  const shown = renderedFrom({...head, fields: replayedFields(reuse.stored, kind)}, reuse);
  const fields = withCacheStatus(withAge(shown.fields, reuse.age), member);
  return {...shown, url: head.redirected ? head.url : request.head.url, fields};
}

function renderedFrom(head: ResponseHead, {stored, as}: Reuse): ResponseHead {
  if (as === 'not-modified')
    return {...head, status: 304, statusText: 'Not Modified', fields: ofNotModified(head.fields)};
  return as === 'not-satisfiable' ? notSatisfiable(head, stored) : renderedHead(head, stored.facts.range, as);
}

function ofNotModified(fields: Fields): Fields {
  return fields.without(fields.names().filter(name => !fieldsOfNotModified.has(name)));
}

/** A 416 speaks of the representation's length alone. RFC 9110 §15.5.17 */
function notSatisfiable(head: ResponseHead, {facts, size}: StoredResponse): ResponseHead {
  const date = head.fields.get('date');
  const length = Fields.from([['content-range', `bytes */${facts.range?.complete ?? size}`]]);
  const fields = date === undefined ? length : length.with('date', date);
  return {...head, status: 416, statusText: 'Range Not Satisfiable', fields};
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
  const head = reusedHead(request, reuse, settings.base.policy.kind, {...member, ttl});
  const collapsed = member.collapsed === true;
  if (member.hit) counters.hits += 1;
  if (collapsed) counters.collapsed += 1;
  if (stale) counters.stale += 1;
  if (events.has('hit')) {
    const {method} = request.head;
    const {status} = head;
    events.emit({type: 'hit', method, url: request.url, status, age, ttl, stale, collapsed, instead});
  }
  return head;
}

/** The remaining lifetime in whole seconds, as Cache-Status counts it. RFC 9211 §2.3 */
export const ttlOf = (stored: StoredResponse, now: EpochMs): number => Math.floor(remainingLifetime(stored, now));

/** The stored bytes; `undefined` when they are no longer there. No body where the answer has none. */
export function reusedBody(
  {store}: Parts,
  {head}: CacheRequest,
  {stored, as, pieces}: Reuse,
): MaybePromise<BodySource | undefined> {
  if (as === 'not-modified' || as === 'not-satisfiable' || head.method === 'HEAD') return null;
  if (isNullBody(stored.head.status)) return null;
  if (pieces === undefined) return store.body(stored);
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined
    ? store.body(only.stored, only)
    : after(storedPieces(store, pieces), slices => slices && joined(slices));
}

/** The bytes of stored pieces; `undefined` when some are no longer there. */
export function storedPieces(
  store: GuardedStore,
  pieces: readonly Piece[],
): MaybePromise<readonly Slice[] | undefined> {
  return pieces.reduce<MaybePromise<readonly Slice[] | undefined>>(
    (found, {stored, offset, length}) =>
      after(found, slices =>
        slices === undefined
          ? undefined
          : after(store.body(stored, {offset, length}), body => {
              if (body !== undefined) return [...slices, {body, size: length, offset: 0, length}];
              for (const slice of slices) discard(slice.body);
              return undefined;
            }),
      ),
    [],
  );
}
