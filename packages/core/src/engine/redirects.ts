// Following redirects hop by hop, so that each answer is stored under the URI it belongs to.

import {withoutSecretParts} from '../complaint.ts';
import {abortable} from '../fetch-api/abortable.ts';
import {readWhole} from '../fetch-api/body-streams.ts';
import {after} from '../model/maybe.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Answer, Redirects} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {redirectedRequest, redirectTarget} from '../policy/redirecting.ts';
import {isSameOrigin} from '../policy/urls.ts';
import type {Background} from './background.ts';

type Way = {
  /** Answers one request as it stands. */
  readonly hop: (request: RequestHead) => MaybePromise<Answer>;
  /** Where the reading goes on behind the answer. */
  readonly background: Background;
};

/** How many redirects have been followed, and whether one of them has crossed origins. */
type Trail = {readonly hops: number; readonly isTainted: boolean};
const noTrail: Trail = {hops: 0, isTainted: false};

/**
 * Follows redirects within the client's own limit; throws the client's own errors.
 *
 * @see Fetch, HTTP-redirect fetch
 */
export function followed(
  request: RequestHead,
  redirects: Redirects,
  way: Way,
  trail: Trail = noTrail,
): MaybePromise<Answer> {
  return after(way.hop({...request, redirect: 'manual'}), answer => {
    const target = redirectTarget(answer.head);
    if (target === undefined) return trail.hops === 0 ? answer : arrived(answer, trail);
    if (answer.body instanceof ReadableStream) readBehind(answer.body.getReader(), way.background);
    if (target === 'invalid') throw redirects.invalid(withoutSecretParts(answer.head.fields.get('location') ?? ''));
    if (trail.hops >= redirects.max) throw redirects.tooMany();
    const isTainted = trail.isTainted || !isSameOrigin(target, request.url);
    const next = redirectedRequest(request, target);
    return followed(redirects.next?.(next) ?? next, redirects, way, {hops: trail.hops + 1, isTainted});
  });
}

/** So that it may be stored. What fails is not stored then, and that was told already. */
const readBehind = (reader: ReadableStreamDefaultReader<Uint8Array>, background: Background): void =>
  background.track(
    background.run(
      signal => readWhole(abortable(reader, signal).getReader(), maxRedirectBody).catch(() => undefined),
      patience,
    ),
  );

/** Fetch calls an answer `cors` once a redirect has crossed origins. */
const arrived = (answer: Answer, {isTainted}: Trail): Answer => {
  const {head} = answer;
  const type = isTainted && head.type === 'basic' ? 'cors' : head.type;
  return Object.assign(answer, {head: {...head, redirected: true, type}});
};

/** How long, in milliseconds, it may take: until then its connection is nobody else's. */
const patience = 1_000;

/** Longest body of a redirect, in bytes, that is read to its end: nobody reads it but the store. */
const maxRedirectBody = 65_536;
