import type {ArrivingBody, ResponseHead} from '../model/messages.ts';
import type {Answer} from '../model/transport.ts';
import {readWhole} from './body-streams.ts';

/**
 * An answer whose body is on its way. Whoever knows it may take `arriving`, as a whole or as a stream; to everybody else
 * it is an answer like any other, with a stream for its `body`. Only one of the two may be used.
 */
export class ArrivingAnswer {
  readonly head: ResponseHead;
  readonly arriving: ArrivingBody;
  declare readonly body: ReadableStream<Uint8Array>;

  constructor(head: ResponseHead, arriving: ArrivingBody) {
    this.head = head;
    this.arriving = arriving;
    let stream: ReadableStream<Uint8Array> | undefined;
    // Its own, not its prototype's: a copy made by spreading must have the body as well.
    Object.defineProperty(this, 'body', {
      enumerable: true,
      get: () => {
        stream ??= arriving.stream();
        return stream;
      },
    });
  }
}

/** All of an answer's body, in memory of the caller's own. Rejects as its stream would fail. */
export async function wholeBody(answer: Answer): Promise<Uint8Array<ArrayBuffer>> {
  if (answer instanceof ArrivingAnswer) return answer.arriving.bytes();
  const {body} = answer;
  if (body instanceof ReadableStream) return (await readWhole(body.getReader())) as Uint8Array<ArrayBuffer>;
  return new Uint8Array(body ?? []);
}
