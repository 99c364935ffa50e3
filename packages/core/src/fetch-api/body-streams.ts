// From a stream to bytes, and back.

import {gathered} from '../model/chunks.ts';
import type {BodySource} from '../model/messages.ts';

/** All that a reader reads; `undefined` as soon as that is more than `most` bytes, and then it is cancelled. */
export async function readWhole(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  most: number = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    length += next.value.length;
    if (length > most) {
      // Not awaited: a clone's cancellation settles only when its original has been read as well.
      reader.cancel().catch(() => undefined);
      return undefined;
    }
  }
  return gathered(chunks);
}

/** How many bytes a stream hands out at once: reading a long body takes little memory besides it. */
const chunkSize = 64 * 1024;

/** Ends a byte stream, also for who waits with memory of its own. */
export function closeBytes(controller: ReadableByteStreamController): void {
  controller.close();
  controller.byobRequest?.respond(0);
}

/** A stream of copies: whoever reads a chunk may change it. Once `signal` has aborted, reading on fails with its reason. */
export function streamOf(bytes: Uint8Array, signal?: AbortSignal): ReadableStream<Uint8Array> {
  let position = 0;
  const pull = (controller: ReadableByteStreamController): void => {
    // Every read is answered at once, so nobody waits for whom the signal would have to be listened to.
    signal?.throwIfAborted();
    const chunk = new Uint8Array(bytes.subarray(position, position + chunkSize));
    position += chunk.length;
    if (chunk.length > 0) controller.enqueue(chunk);
    if (position >= bytes.length) closeBytes(controller);
  };
  return new ReadableStream({type: 'bytes', pull}, {highWaterMark: 0});
}

/** Lets go of a body nobody will read, so that its connection is free. */
export function discard(body: BodySource | undefined): void {
  if (body instanceof ReadableStream && !body.locked) void body.cancel().catch(() => undefined);
}
