// What a finished exchange hands on.

import type {ResponseDecision} from '../decide/decisions.ts';
import {ArrivingAnswer} from '../fetch-api/arriving-answer.ts';
import {discard, readWhole} from '../fetch-api/body-streams.ts';
import type {ArrivingBody, BodySource, ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {ClearOutcome} from '../model/store.ts';
import type {Answer, TransportResponse} from '../model/transport.ts';
import type {Tick} from '../model/units.ts';
import {lengthOf} from '../policy/ranges.ts';
import type {Exchange} from './exchange.ts';
import type {FlightOutcome} from './flights.ts';
import {joined, type Slice} from './pieces.ts';
import {reusedHead} from './reusing.ts';
import type {Arrival, Untaken} from './storing.ts';
import {abortable, forgotten, lettingGo} from './streams.ts';

/** A finished exchange. Its body is taken once by the caller, or discarded. */
export type Finished = {
  readonly type: 'answer';
  readonly head: ResponseHead;
  readonly body: Untaken;
  readonly kept: Arrival | undefined;
  readonly outcome: FlightOutcome;
};

/** The answer fits nothing that is still stored: ask once more, without what was added to the request. */
export type Repeat = {
  readonly type: 'repeat';
  /** What was stored is gone, or what came does not complete it, or is a 304 that fits nothing. */
  readonly because: 'body-gone' | 'not-combined' | 'unmatched';
  /** The clear of what it emptied all the same. */
  readonly applied: ClearOutcome | undefined;
};

/** Lets go of an answer that is of no use. */
export function repeat(
  response: TransportResponse,
  applied: ClearOutcome | undefined,
  because: Repeat['because'] = 'body-gone',
): Repeat {
  discard(response.body);
  return {type: 'repeat', because, applied};
}

/** When an exchange counts as begun, past its own clear; `undefined` when another clear came between. */
export function begunPast(began: Tick, applied: ClearOutcome | undefined): Tick | undefined {
  if (applied === undefined) return began;
  const {tick, before = tick - 1} = applied;
  return before === began ? tick : undefined;
}

/** What its one reader gets: a body that arrives may still be taken as a whole. */
export const answerOf = ({head, body}: Pick<Finished, 'head' | 'body'>, signal?: AbortSignal): Answer =>
  body.arriving === undefined ? {head, body: body.take(signal)} : new ArrivingAnswer(head, body.arriving(signal));

/**
 * A body for one reader: once taken it is its reader's, and no longer ours to discard.
 *
 * It is locked when it is taken, not when it is read: whoever made it may end it otherwise, as Node does with the
 * Response and ky after its hooks.
 */
export function readOnce(body: BodySource): Untaken {
  const letGo = (): void => discard(body);
  if (!(body instanceof ReadableStream)) return {take: () => body, discard: letGo};
  return {
    take: signal => abortable(body.getReader(), signal),
    arriving: signal => arriving(body.getReader(), signal),
    discard: letGo,
  };
}

/** An answer for one reader, with nothing on its way to the store. */
export const finishedWith = ({head, body}: Answer, outcome: FlightOutcome): Finished => ({
  type: 'answer',
  head,
  body: readOnce(body),
  kept: undefined,
  outcome,
});

function arriving(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal | undefined): ArrivingBody {
  const listening = signal && abortable(reader, signal);
  const body: ArrivingBody = {
    stream: () => listening ?? abortable(reader),
    bytes: () => {
      forgotten.unregister(reader);
      return readWhole(listening?.getReader() ?? reader) as Promise<Uint8Array<ArrayBuffer>>;
    },
  };
  if (listening === undefined) forgotten.register(body, lettingGo(reader), reader);
  return body;
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
    const body = joined(
      stored.toSpliced(own, 0, {body: network.body.take(signal), size: lengthOf(range), offset, length}),
    );
    return abortable(body.getReader(), signal);
  };
  const letGo = (): void => {
    network.body.discard();
    for (const {body} of stored) discard(body);
  };
  const head = reusedHead(request, reuse, kind, member);
  return {type: 'answer', head, body: {take, discard: letGo}, kept: network.kept, outcome: {type: 'private'}};
}
