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
