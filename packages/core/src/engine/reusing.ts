// Answers made of stored responses.

import type {Reuse} from '../decide/decisions.ts';
import {discard} from '../fetch-api/body-streams.ts';
import type {CacheStatusMember} from '../fields/cache-status.ts';
import {type Change, Fields} from '../fields/fields.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import {after, allOf} from '../model/maybe.ts';
import type {BodySource, ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {Answer} from '../model/transport.ts';
import type {EpochMs, MaybePromise} from '../model/units.ts';
import type {Piece} from '../policy/combining.ts';
import type {StandInDetail} from '../policy/reasons.ts';
import {isNullBody} from '../policy/registries.ts';
import {renderedHead} from '../policy/rendering.ts';
import {remainingLifetime} from '../policy/staleness.ts';
import {replayedFields} from '../policy/stored-fields.ts';
import {ageSet, cacheStatusAdded} from './answer.ts';
import type {HitEvent} from './events.ts';
import type {GuardedStore} from './guarded-store.ts';
import type {Parts} from './parts.ts';
import {joined, type Slice} from './pieces.ts';

/**
 * The head of an answer reused from `reuse.stored`, for the caller of `request`. §4, §4.3.2, RFC 9110 §14
 *
 * Most callers of a hit read nothing but the body, so its fields are made when somebody looks at them.
 */
export function reusedHead(
  request: CacheRequest,
  reuse: Reuse,
  kind: Policy['kind'],
  member: Partial<CacheStatusMember>,
): ResponseHead {
  const {stored, as} = reuse;
  const {url} = request.head;
  if (as === 'whole' && stored.facts.range === undefined)
    return {
      ...stored.head,
      url,
      fields: Fields.later(() => ({base: replayedFields(stored, kind), changes: reusedChanges(reuse, member)})),
    };
  const head = renderedHead(stored, replayedFields(stored, kind), as);
  return {...head, url, fields: head.fields.changed(reusedChanges(reuse, member))};
}

const reusedChanges = ({age}: Reuse, member: Partial<CacheStatusMember>): readonly Change[] => [
  ageSet(age),
  cacheStatusAdded(member),
];

/**
 * The head of a reused answer, told to listeners and counted.
 *
 * `member` is what Cache-Status says besides the remaining lifetime and, with `instead`, what the network failed to do.
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
  const detail: StandInDetail | undefined = instead && (instead === 'error' ? 'stale-if-error' : 'network-timeout');
  const head = reusedHead(request, reuse, settings.base.policy.kind, {...member, ttl, detail});
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

/** A reused answer, told as `toldReuse` does; `undefined` when its body is gone, and then nothing is told. */
export async function reusedAnswer(
  parts: Parts,
  request: CacheRequest,
  reuse: Reuse,
  member: Partial<CacheStatusMember>,
  instead?: HitEvent['instead'],
): Promise<Answer | undefined> {
  const body = await reusedBody(parts, request, reuse);
  return body === undefined ? undefined : {head: toldReuse(parts, request, reuse, member, instead), body};
}

/** The remaining lifetime in whole seconds, as Cache-Status counts it. RFC 9211 §2.4 */
export const ttlOf = (stored: StoredResponse, now: EpochMs): number => Math.floor(remainingLifetime(stored, now));

/** The answer has no body, whatever is stored. */
export const isBodiless = ({head}: CacheRequest, {stored, as}: Reuse): boolean =>
  as === 'not-modified' || as === 'not-satisfiable' || head.method === 'HEAD' || isNullBody(stored.head.status);

/** The stored bytes; `undefined` when they are no longer there. No body where the answer has none. */
export function reusedBody({store}: Parts, request: CacheRequest, reuse: Reuse): MaybePromise<BodySource | undefined> {
  const {stored, pieces} = reuse;
  if (isBodiless(request, reuse)) {
    // It has been used all the same, which the store learns by a look at its body. One byte will do; nobody waits for it.
    void after(store.body(stored, stored.size === 0 ? undefined : {offset: 0, length: 1}), discard);
    return null;
  }
  if (pieces === undefined) return store.body(stored);
  return after(storedPieces(store, pieces), slices => {
    const [only] = slices ?? [];
    return slices?.length === 1 && only?.body instanceof Uint8Array ? only.body : slices && joined(slices);
  });
}

/** The bytes of stored pieces, all asked for at once; `undefined` when some are no longer there. */
export function storedPieces(
  store: GuardedStore,
  pieces: readonly Piece[],
): MaybePromise<readonly Slice[] | undefined> {
  const bodies = pieces.map(({stored, offset, length}) => store.body(stored, {offset, length}));
  return after(allOf(bodies), all => {
    const slices = all.flatMap((body, index) => {
      const size = pieces[index]?.length ?? 0;
      return body === undefined ? [] : [{body, size, offset: 0, length: size}];
    });
    if (slices.length === pieces.length) return slices;
    for (const {body} of slices) discard(body);
    return undefined;
  });
}
