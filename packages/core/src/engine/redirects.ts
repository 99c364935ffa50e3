// Following redirects hop by hop, so that each answer is stored under the URI it belongs to.

import {withoutSecretParts} from '../complaint.ts';
import {readWhole} from '../fetch-api/body-streams.ts';
import {after} from '../model/maybe.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Answer, Redirects} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {redirectedRequest, redirectTarget} from '../policy/redirecting.ts';
import {isSameOrigin} from '../policy/urls.ts';
import type {Background} from './background.ts';
import {abortable} from './streams.ts';

type Way = {
  /** Answers one request as it stands. */
  readonly hop: (request: RequestHead) => MaybePromise<Answer>;
  /** Where the reading goes on behind the answer. */
  readonly background: Background;
};

/** What Fetch calls an answer once a redirect has crossed origins. */
type Crossed = 'cors' | undefined;

/**
 * Follows redirects within the client's own limit; throws the client's own errors. `hops` of them have been followed.
 *
 * @see Fetch, HTTP-redirect fetch
 */
export function followed(
  request: RequestHead,
  redirects: Redirects,
  way: Way,
  hops = 0,
  crossed?: Crossed,
): MaybePromise<Answer> {
  return after(way.hop({...request, redirect: 'manual'}), answer => {
    const target = redirectTarget(answer.head);
    if (target === undefined) return hops === 0 ? answer : arrived(answer, crossed);
    if (answer.body instanceof ReadableStream) readBehind(answer.body.getReader(), way.background);
    if (target === 'invalid') throw redirects.invalid(withoutSecretParts(answer.head.fields.get('location') ?? ''));
    if (hops >= redirects.max) throw redirects.tooMany();
    const crosses = isSameOrigin(target, request.url) ? crossed : 'cors';
    const next = redirectedRequest(request, target);
    return followed(redirects.next?.(next) ?? next, redirects, way, hops + 1, crosses);
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

const arrived = (answer: Answer, crossed: Crossed): Answer => {
  const {head} = answer;
  const type = (head.type === 'basic' && crossed) || head.type;
  return Object.assign(answer, {head: {...head, redirected: true, type}});
};

/** How long, in milliseconds, it may take: until then its connection is nobody else's. */
const patience = 1_000;

/** Longest body of a redirect, in bytes, that is read to its end: nobody reads it but the store. */
const maxRedirectBody = 65_536;
