// Following redirects hop by hop, so that each answer is stored under the URI it belongs to.

import type {BodySource, RequestHead} from '../model/messages.ts';
import type {Answer, Redirects} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {redirectedRequest, redirectTarget} from '../policy/redirecting.ts';
import {after} from './maybe.ts';

/** Answers one request as it stands. */
type Hop = (request: RequestHead) => MaybePromise<Answer>;

/**
 * Follows redirects within the client's own limit; throws the client's own errors.
 *
 * @see Fetch, HTTP-redirect fetch
 */
export function followed(request: RequestHead, redirects: Redirects, hop: Hop, hops = 0): MaybePromise<Answer> {
  return after(hop({...request, redirect: 'manual'}), answer => {
    const target = redirectTarget(answer.head);
    if (target === undefined) return hops === 0 ? answer : arrived(answer);
    finishBody(answer.body);
    if (target === 'invalid') throw redirects.invalid(answer.head.fields.get('location') ?? '');
    if (hops >= redirects.max) throw redirects.tooMany();
    return followed(redirectedRequest(request, target), redirects, hop, hops + 1);
  });
}

const arrived = ({head, body}: Answer): Answer => ({head: {...head, redirected: true}, body});

/** Longest body of a redirect, in bytes, that is read to its end for the store's sake. */
const maxRedirectBody = 65_536;

/** Nobody reads a redirect's body but the store; a long one is not worth it. */
function finishBody(body: BodySource): void {
  if (!(body instanceof ReadableStream)) return;
  const reader = body.getReader();
  const read = async (): Promise<void> => {
    let length = 0;
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return;
      length += value.length;
      if (length > maxRedirectBody) return reader.cancel();
    }
  };
  read().catch(() => undefined);
}
