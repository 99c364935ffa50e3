// Following redirects hop by hop, so that each answer is stored under the URI it belongs to.

import {withoutSecretParts} from '../complaint.ts';
import {readWhole} from '../fetch-api/body-streams.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Answer, Redirects} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {redirectedRequest, redirectTarget} from '../policy/redirecting.ts';
import {after} from './maybe.ts';

type Way = {
  /** Answers one request as it stands. */
  readonly hop: (request: RequestHead) => MaybePromise<Answer>;
  /** Told of the reading that goes on behind the answer. */
  readonly track: (reading: Promise<unknown>) => void;
};

/**
 * Follows redirects within the client's own limit; throws the client's own errors.
 *
 * @see Fetch, HTTP-redirect fetch
 */
export function followed(
  request: RequestHead,
  redirects: Redirects,
  {hop, track}: Way,
  hops = 0,
  isTainted = false,
): MaybePromise<Answer> {
  return after(hop({...request, redirect: 'manual'}), answer => {
    const target = redirectTarget(answer.head);
    if (target === undefined) return hops === 0 ? answer : arrived(answer, isTainted);
    // What fails is not stored then, and that was told already.
    if (answer.body instanceof ReadableStream)
      track(readWhole(answer.body.getReader(), maxRedirectBody).catch(() => undefined));
    if (target === 'invalid') throw redirects.invalid(withoutSecretParts(answer.head.fields.get('location') ?? ''));
    if (hops >= redirects.max) throw redirects.tooMany();
    const leaves = new URL(target).origin !== new URL(request.url).origin;
    return followed(redirectedRequest(request, target), redirects, {hop, track}, hops + 1, isTainted || leaves);
  });
}

/** Fetch calls an answer `cors` once a redirect has crossed origins. */
const arrived = (answer: Answer, isTainted: boolean): Answer => {
  const {head} = answer;
  const type = isTainted && head.type === 'basic' ? 'cors' : head.type;
  return Object.assign(answer, {head: {...head, redirected: true, type}});
};

/** Longest body of a redirect, in bytes, that is read to its end: nobody reads it but the store. */
const maxRedirectBody = 65_536;
