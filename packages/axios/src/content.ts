// Response content as adapters give it, and what becomes of content that nobody reads.

import type {BodySource} from 'limpid/adapter';
import {bytesOf} from './call.ts';

/**
 * The content as the cache takes it. Objects of pretending adapters become JSON text again; `undefined` for what cannot, and
 * for streams in object mode or with an encoding: what they give may be no bytes.
 */
export function bodySource(data: unknown): BodySource | undefined {
  if (data === undefined || data === null) return null;
  if (data instanceof ReadableStream) return data;
  if (data instanceof Blob) return data.stream();
  if (!isNodeStream(data)) return bytesOf(data) ?? json(data);
  return data.readableObjectMode || data.readableEncoding ? undefined : webStream(data);
}

function json(data: unknown): Uint8Array | undefined {
  try {
    const text = JSON.stringify(data) as string | undefined;
    return text === undefined ? undefined : new TextEncoder().encode(text);
  } catch {
    return undefined;
  }
}

type NodeStream = InstanceType<typeof import('node:stream').Readable>;

const isNodeStream = (data: unknown): data is NodeStream =>
  typeof data === 'object' && data !== null && 'resume' in data && Symbol.asyncIterator in data;

/** Reads nothing ahead: what the cache does not take stays with the origin. */
const webStream = (data: NodeStream): ReadableStream<Uint8Array> =>
  process.getBuiltinModule('node:stream').Readable.toWeb(data, {strategy: {highWaterMark: 0}}) as ReadableStream;

/** Lets go of content nobody will read, so that its connection can be used again. */
export function discard(data: unknown): null {
  if (isNodeStream(data)) data.on('error', () => undefined).resume();
  return null;
}

/** Ends content that nobody is to have, with its connection: it may never end by itself. */
export function destroyed(data: unknown): void {
  if (isNodeStream(data)) data.on('error', () => undefined).destroy();
}

/** Resolves when a stream that brings nothing is over, however it ends. */
export async function ended(data: unknown): Promise<void> {
  discard(data);
  if (!isNodeStream(data) || data.closed) return;
  const {finished} = process.getBuiltinModule('node:stream');
  await new Promise<void>(resolve => finished(data, () => resolve()));
}
