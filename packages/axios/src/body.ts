import type {BodySource, RequestBody} from 'limpid/adapter';

/** Whatever axios and its adapters take or give as content. */
type Content = unknown;

const utf8 = new TextEncoder();

/** The bytes of content that has them in memory; memory is shared, not copied. */
export function bytesOf(content: Content): Uint8Array | undefined {
  if (typeof content === 'string') return utf8.encode(content);
  if (content instanceof URLSearchParams) return utf8.encode(content.toString());
  if (ArrayBuffer.isView(content)) return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  const tag = Object.prototype.toString.call(content);
  return tag === '[object ArrayBuffer]' ? new Uint8Array(content as ArrayBuffer) : undefined;
}

/** Request content, as `transformRequest` left it, for the cache. */
export function requestBody(data: Content): RequestBody | undefined {
  if (data === undefined || data === null || data === '') return undefined;
  const bytes = bytesOf(data);
  return bytes === undefined ? {type: 'opaque'} : {type: 'bytes', bytes};
}

/** An asynchronous sequence of bytes as a stream that pulls only when it is read; `leave` is for when nobody wants more. */
export function streamOf(chunks: AsyncIterable<Uint8Array>, leave: () => unknown): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const {done, value} = await iterator.next();
        if (done) controller.close();
        // A view and no Buffer: slicing a Buffer does not copy.
        else controller.enqueue(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      },
      async cancel() {
        await leave();
      },
    },
    {highWaterMark: 0},
  );
}

type NodeStream = AsyncIterable<Uint8Array> & {
  on(event: 'error', listener: () => void): unknown;
  resume(): unknown;
  destroy(): unknown;
};

const isNodeStream = (data: Content): data is NodeStream =>
  typeof data === 'object' && data !== null && 'resume' in data && Symbol.asyncIterator in data;

const isWebStream = (data: Content): data is ReadableStream<Uint8Array> =>
  typeof data === 'object' && data !== null && 'getReader' in data;

/** Response content as an adapter gave it, for the cache. Objects of pretending adapters become JSON text again. */
export function bodySource(data: Content): BodySource {
  if (data === undefined || data === null) return null;
  if (isWebStream(data)) return data;
  if (isNodeStream(data)) {
    // An error before anybody reads is told to the first who does; without a listener it would end the process.
    data.on('error', () => undefined);
    // Not by the iterator: one that has not begun has nothing to return from.
    return streamOf(data, () => data.destroy());
  }
  if (data instanceof Blob) return data.stream();
  return bytesOf(data) ?? utf8.encode(JSON.stringify(data));
}

/** Lets go of content nobody will read, so that its connection can be used again. */
export function discard(data: Content): null {
  if (isWebStream(data)) data.cancel().catch(() => undefined);
  if (isNodeStream(data)) {
    data.on('error', () => undefined);
    data.resume();
  }
  return null;
}
