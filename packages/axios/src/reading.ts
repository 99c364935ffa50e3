// A body on its way to one caller: its own limit, its own progress, its own patience.

import {AxiosError} from 'axios';
import type {Answer, BodySource, Fields} from 'limpid/adapter';
import {type Call, platformRequest} from './call.ts';
import {Progress} from './progress.ts';
import type {Waiting} from './waiting.ts';

const nothing = new Uint8Array(0);

/** The chunks of an answer's body, each the caller's own. Leaving early, or never beginning, gives the body up. */
export class Reading implements AsyncIterableIterator<Uint8Array> {
  readonly #call: Call;
  readonly #waiting: Waiting;
  readonly #stalled: () => unknown;
  readonly #progress: Progress;
  readonly #body: BodySource;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #loaded = 0;
  #ended = false;

  constructor({head, body}: Answer, call: Call, waiting: Waiting, stalled: () => unknown) {
    this.#call = call;
    this.#waiting = waiting;
    this.#stalled = stalled;
    this.#body = body;
    this.#progress = new Progress(call, body instanceof Uint8Array ? body.length : announcedLength(head.fields));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#ended) return {done: true, value: undefined};
    try {
      const chunk = await this.#read();
      if (chunk !== undefined) this.#took(chunk);
      else this.#finish();
      return chunk === undefined ? {done: true, value: undefined} : {done: false, value: chunk};
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    const body = this.#body;
    if (!this.#ended && body !== null && !(body instanceof Uint8Array)) {
      void (this.#reader ?? body).cancel().catch(() => undefined);
    }
    this.#end();
    return {done: true, value: undefined};
  }

  /** All of it. Bytes in memory come as they are: copy before giving them away. */
  async whole(): Promise<Uint8Array> {
    if (this.#body instanceof Uint8Array) {
      this.#took(this.#body);
      this.#finish();
      return this.#body;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of this) chunks.push(chunk);
    return joined(chunks, this.#loaded);
  }

  async #read(): Promise<Uint8Array | undefined> {
    const body = this.#body;
    if (body === null) return undefined;
    if (body instanceof Uint8Array) return this.#loaded < body.length ? new Uint8Array(body) : undefined;
    this.#reader ??= body.getReader();
    this.#waiting.expectMore(this.#stalled);
    const {value} = await this.#waiting.for(this.#reader.read());
    this.#waiting.expectNothing();
    return value;
  }

  #took(chunk: Uint8Array): void {
    const {config, dialect} = this.#call;
    const limit = dialect.name === 'xhr' ? -1 : (config.maxContentLength ?? -1);
    this.#loaded += chunk.length;
    if (limit > -1 && this.#loaded > limit) {
      const message = `maxContentLength size of ${limit} exceeded`;
      throw new AxiosError(message, AxiosError.ERR_BAD_RESPONSE, config, platformRequest(this.#call));
    }
    if (!(this.#body instanceof Uint8Array)) this.#progress.report(this.#loaded, 'on the way');
  }

  #finish(): void {
    this.#progress.report(this.#loaded, 'whole');
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#waiting.end();
  }
}

/** Content-Length, where it counts the bytes that will come. */
function announcedLength(fields: Fields): number | undefined {
  const length = fields.has('content-encoding') ? undefined : fields.get('content-length');
  return length === undefined ? undefined : Number(length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first = nothing] = chunks;
  if (chunks.length <= 1) return first;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
