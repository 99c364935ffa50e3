// Following redirects hop by hop, so that each answer is stored under the URI it belongs to.

import type {RequestHead} from '../model/messages.ts';
import type {Answer, Redirects} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {redirectedRequest, redirectTarget} from '../policy/redirecting.ts';
import {after} from './maybe.ts';

type Way = {
  /** Answers one request as it stands. */
  readonly hop: (request: RequestHead) => MaybePromise<Answer>;
  /** Told of the reading that goes on behind the answer. */
  readonly track: (reading: Promise<void>) => void;
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
    if (answer.body instanceof ReadableStream) track(readToEnd(answer.body));
    if (target === 'invalid') throw redirects.invalid(withoutUserInformation(answer.head.fields.get('location') ?? ''));
    if (hops >= redirects.max) throw redirects.tooMany();
    const leaves = new URL(target).origin !== new URL(request.url).origin;
    return followed(redirectedRequest(request, target), redirects, {hop, track}, hops + 1, isTainted || leaves);
  });
}

/** Fetch calls an answer `cors` once a redirect has crossed origins. */
const arrived = ({head, body}: Answer, isTainted: boolean): Answer => {
  const type = isTainted && head.type === 'basic' ? 'cors' : head.type;
  return {head: {...head, redirected: true, type}, body};
};

/** Longest body of a redirect, in bytes, that is read to its end for the store's sake. */
const maxRedirectBody = 65_536;

/** Nobody reads a redirect's body but the store; a long one is not worth it. */
async function readToEnd(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  let length = 0;
  try {
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return;
      length += value.length;
      if (length > maxRedirectBody) return await reader.cancel();
    }
  } catch {
    // It is not stored then, and that was told already.
  }
}

const withoutUserInformation = (location: string): string => location.replace(/\/\/[^/?#]*@/, '//…@');
