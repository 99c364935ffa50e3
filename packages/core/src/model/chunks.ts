import type {ByteRange} from './store.ts';

/** A part of bytes, or all of them; a view, no copy. */
export function partOf(bytes: Uint8Array, range: ByteRange | undefined): Uint8Array {
  if (range === undefined) return bytes;
  const offset = Math.max(0, range.offset);
  return bytes.subarray(offset, offset + Math.max(0, range.length));
}

/** Chunks as one piece, in memory of its own. */
export function gathered(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  // Copied as it is made: a new array would be filled with zeros first.
  if (chunks.length === 1) return new Uint8Array(chunks[0] as Uint8Array);
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
