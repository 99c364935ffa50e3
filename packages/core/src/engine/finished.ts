// What a finished exchange hands on.

import type {ResponseDecision} from '../decide/decisions.ts';
import {Fields} from '../fields/fields.ts';
import type {BodySource, ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {TransportResponse} from '../model/transport.ts';
import {lengthOf} from '../policy/ranges.ts';
import type {Exchange} from './exchange.ts';
import type {FlightOutcome} from './flights.ts';
import {joined, type Slice} from './pieces.ts';
import {reusedHead} from './reusing.ts';
import type {Kept} from './storing.ts';
import {abortable, discard} from './streams.ts';

/** A finished exchange. Its body is taken once by the caller, or discarded. */
export type Finished = {
  readonly type: 'answer';
  readonly head: ResponseHead;
  readonly take: (signal?: AbortSignal) => BodySource;
  readonly discard: () => void;
  readonly kept: Kept | undefined;
  readonly outcome: FlightOutcome;
};

/** The answer fits nothing that is still stored: ask once more, without what was added to the request. */
export type Repeat = {
  readonly type: 'repeat';
  readonly head: ResponseHead;
  /** What was stored is gone, or what came does not complete it. */
  readonly because: 'body-gone' | 'not-combined';
};

/** Lets go of an answer that is of no use. */
export function repeat(response: TransportResponse | undefined, because: Repeat['because'] = 'body-gone'): Repeat {
  discard(response?.body ?? null);
  const {head} = response ?? {};
  return {
    type: 'repeat',
    because,
    head: head ?? {status: 504, statusText: '', fields: Fields.none, url: '', redirected: false, type: 'error'},
  };
}

/** A body for one reader: once taken it is its reader's, and no longer ours to discard. */
export function readOnce(body: BodySource): Pick<Finished, 'take' | 'discard'> {
  let taken = false;
  return {
    take: signal => {
      taken = true;
      return body instanceof ReadableStream && signal !== undefined ? abortable(body, signal) : body;
    },
    discard: () => {
      if (!taken) discard(body);
    },
  };
}

/** Stored pieces of an answer with the one that has come from the network. §3.4 */
export function completed(
  {request, decision}: Exchange,
  {reuse, range, id}: Extract<ResponseDecision['answer'], {type: 'completed'}>,
  stored: readonly Slice[],
  network: Finished,
  kind: Policy['kind'],
): Finished {
  const pieces = reuse.pieces ?? [];
  const own = pieces.findIndex(piece => piece.stored.id === id);
  const {offset = 0, length = 0} = pieces[own] ?? {};
  const member = {fwd: decision.because, fwdStatus: 206, stored: network.kept !== undefined};
  const take = (signal?: AbortSignal): BodySource => {
    const body = joined(stored.toSpliced(own, 0, {body: network.take(signal), size: lengthOf(range), offset, length}));
    return signal === undefined ? body : abortable(body, signal);
  };
  const letGo = (): void => {
    network.discard();
    for (const {body} of stored) discard(body);
  };
  const head = reusedHead(request, reuse, kind, member);
  return {type: 'answer', head, take, discard: letGo, kept: network.kept, outcome: {type: 'private'}};
}
