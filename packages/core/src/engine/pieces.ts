// Bodies made of pieces: stored ones, and what arrives. All of it or an error, never something shorter.

import {streamOf} from '../fetch-api/body-streams.ts';
import type {BodySource} from '../model/messages.ts';

/** `length` bytes from `offset` of a body of `size` bytes. */
export type Slice = {
  readonly body: BodySource;
  readonly size: number;
  readonly offset: number;
  readonly length: number;
};

type Source = {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly slice: Slice;
  /** How many of the body's bytes have come. */
  position: number;
};

/**
 * The slices one after another, read as far as their reader reads. It fails when a body is not as long as it should be,
 * and lets go of all of them when it is cancelled.
 *
 * Each body is read to its end, also behind its slice: it may be on its way to the store. `failed` is told of its failure.
 */
export function joined(slices: readonly Slice[], failed?: (error: unknown) => void): ReadableStream<Uint8Array> {
  const sources: Source[] = slices.map(slice => ({reader: readerOf(slice.body), slice, position: 0}));
  let isLetGo = false;
  const letGo = async (reason: unknown): Promise<void> => {
    isLetGo = true;
    await Promise.allSettled(sources.map(({reader}) => reader.cancel(reason)));
  };
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      for (let source = sources[0]; source !== undefined; source = sources[0]) {
        const {done, value} = await source.reader.read();
        if (isLetGo) return;
        if (done) ended(sources.shift());
        else {
          const wanted = taken(source, value);
          if (wanted.length > 0) return controller.enqueue(wanted);
        }
      }
      controller.close();
    } catch (error) {
      if (!isLetGo) failed?.(error);
      void letGo(error);
      throw error;
    }
  };
  return new ReadableStream({pull, cancel: letGo}, {highWaterMark: 0});
}

const wrongLength = (position: number, size: number): TypeError =>
  new TypeError(`limpid: a body has ${position} bytes or more instead of ${size}`);

function ended(source: Source | undefined): void {
  if (source !== undefined && source.position !== source.slice.size)
    throw wrongLength(source.position, source.slice.size);
}

/** What of a chunk lies in the slice. */
function taken(source: Source, chunk: Uint8Array): Uint8Array {
  const {size, offset, length} = source.slice;
  const from = source.position;
  source.position += chunk.length;
  if (source.position > size) throw wrongLength(source.position, size);
  return chunk.subarray(Math.max(0, offset - from), Math.max(0, offset + length - from));
}

const readerOf = (body: BodySource): ReadableStreamDefaultReader<Uint8Array> =>
  (body instanceof ReadableStream ? body : streamOf(body ?? new Uint8Array(0))).getReader();
