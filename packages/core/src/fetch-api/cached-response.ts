// A Response of its own for each caller that says, like one from the network, where it came from.

import type {ArrivingBody, BodySource, ResponseHead} from '../model/messages.ts';
import {streamOf} from './body-streams.ts';
import {platform} from './platform.ts';
import {headersOf, headersToCopy, initOf} from './response-init.ts';

/** What a CachedResponse says for itself, declared in the one way every library's types let a class override. */
interface Told {
  readonly url: string;
  readonly redirected: boolean;
  readonly type: Response['type'];
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly body: Response['body'];
  readonly bodyUsed: boolean;
  clone(): Response;
  arrayBuffer(): Promise<ArrayBuffer>;
  blob(): Promise<Blob>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  formData(): ReturnType<Response['formData']>;
  json(): Promise<unknown>;
  text(): Promise<string>;
}

type Constructor = new (...parameters: ConstructorParameters<typeof Response>) => Omit<Response, keyof Told> & Told;

// `bytes` is younger than some of the types a Response may come with.
const Base = Response as unknown as Constructor;

/**
 * A Response that knows its URL, type and status, which `new Response` alone cannot.
 *
 * Where it is read by its properties alone (`platform.readsGetters`), bytes stay bytes until somebody wants a stream:
 * a real body costs more than everything else about a hit. Elsewhere it is made over a real body: only such can be
 * served, and put into other caches. Bytes are copied for their reader, so that no caller holds the cache's own.
 */
export class CachedResponse extends Base {
  static {
    // Some tell a Response by it, and make another one with it.
    Object.defineProperty(CachedResponse.prototype, 'constructor', {value: Response});
  }

  readonly #head: ResponseHead;
  readonly #signal: AbortSignal | undefined;
  /** The body, as long as it is not a real one. */
  readonly #lazy: Uint8Array | ArrivingBody | undefined;
  #headers: Headers | undefined;
  /** Made of `#lazy` for whoever wants a stream. */
  #real: Response | undefined;
  #used = false;

  /** `signal` is the caller's: once it has aborted, `text()` and its like reject with its reason. */
  constructor(head: ResponseHead, body: BodySource | ArrivingBody, signal?: AbortSignal, headers?: Headers) {
    const lazy = platform.readsGetters ? lazyBody(body) : undefined;
    // Of most hits only Age and Cache-Status are new. On Node, most callers never look at the Headers of one.
    const recipe = headers === undefined && !platform.readsGetters ? head.fields.recipe : undefined;
    const template = recipe && headersToCopy(recipe.base);
    if (lazy === undefined)
      super(
        body as ConstructorParameters<typeof Response>[0],
        initOf(head, headers ?? template ?? headersOf(head.fields)),
      );
    else super(null);
    for (const [how, name, value] of recipe?.changes ?? []) super.headers[how](name, value);
    this.#head = head;
    this.#signal = signal;
    this.#lazy = lazy;
    this.#headers = headers;
  }

  override get url(): string {
    return this.#head.url;
  }

  override get redirected(): boolean {
    return this.#head.redirected;
  }

  override get type(): Response['type'] {
    return this.#head.type as Response['type'];
  }

  // Node's constructor reads the status before this class has its own.
  override get status(): number {
    return #head in this ? this.#head.status : super.status;
  }

  override get statusText(): string {
    return this.#head.statusText;
  }

  override get ok(): boolean {
    return this.#head.status >= 200 && this.#head.status <= 299;
  }

  override get headers(): Headers {
    if (this.#lazy === undefined) return super.headers;
    this.#headers ??= headersOf(this.#head.fields);
    return this.#headers;
  }

  override get body(): Response['body'] {
    return this.#lazy === undefined ? super.body : this.#streaming(this.#lazy).body;
  }

  override get bodyUsed(): boolean {
    if (this.#lazy === undefined) return super.bodyUsed;
    return this.#used || this.#real?.bodyUsed === true;
  }

  // What is on its way fails by itself when the signal aborts, and what has come by then stays.
  override clone(): Response {
    if (this.#lazy === undefined) {
      const copy = super.clone();
      return new CachedResponse(this.#head, copy.body, undefined, copy.headers);
    }
    if (this.#used) throw new TypeError('Response.clone: Body has already been consumed.');
    const isShared = this.#real === undefined && this.#lazy instanceof Uint8Array;
    // What arrives is split by the platform: a clone that nobody reads must not hold up the one that is read.
    const body = isShared ? this.#lazy : this.#streaming(this.#lazy).clone().body;
    // ky clones a response for every hook: headers that nobody has looked at are not built for that.
    const headers = this.#headers && new Headers(this.#headers);
    return new CachedResponse(this.#head, body, isShared ? this.#signal : undefined, headers);
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const taken = this.#taken();
    if (taken instanceof Uint8Array) return copied(taken).buffer;
    if (taken !== undefined) return (await taken).buffer;
    return this.#real === undefined ? super.arrayBuffer() : this.#real.arrayBuffer();
  }

  override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const taken = this.#taken();
    if (taken instanceof Uint8Array) return copied(taken);
    return taken ?? (this.#real === undefined ? super.bytes() : bytesOf(this.#real));
  }

  override async text(): Promise<string> {
    const taken = this.#taken();
    if (taken !== undefined) return decoder.decode(taken instanceof Uint8Array ? taken : await taken);
    return this.#real === undefined ? super.text() : this.#real.text();
  }

  override async json(): Promise<unknown> {
    const taken = this.#taken();
    if (taken !== undefined)
      return JSON.parse(decoder.decode(taken instanceof Uint8Array ? taken : await taken)) as unknown;
    return this.#real === undefined ? super.json() : this.#real.json();
  }

  override async blob(): Promise<Blob> {
    this.#throwIfAborted();
    if (this.#lazy !== undefined) return this.#streaming(this.#lazy).blob();
    const blob = await super.blob();
    // Bun forgets the type of what was made over a stream.
    return platform.client === 'fetch Bun' ? new Response(blob, {headers: this.headers}).blob() : blob;
  }

  override async formData(): ReturnType<Response['formData']> {
    this.#throwIfAborted();
    return this.#lazy === undefined ? super.formData() : this.#streaming(this.#lazy).formData();
  }

  /**
   * The body for its one reader: the store's own bytes, or a promise of the reader's; `undefined` when a real body is
   * to be read.
   */
  #taken(): Uint8Array | Promise<Uint8Array<ArrayBuffer>> | undefined {
    this.#throwIfAborted();
    if (this.#lazy === undefined || this.#real !== undefined) return undefined;
    if (this.#used) throw new TypeError('Body is unusable: Body has already been read');
    this.#used = true;
    return this.#lazy instanceof Uint8Array ? this.#lazy : this.#lazy.bytes();
  }

  /** No content has arrived whole, whatever its reader does meanwhile. */
  #throwIfAborted(): void {
    if (this.#signal?.aborted && (this.#lazy !== undefined || super.body !== null)) throw this.#signal.reason;
  }

  /** A real Response over the body; one that has been read already when this has. */
  #streaming(lazy: Uint8Array | ArrivingBody): Response {
    if (this.#real !== undefined) return this.#real;
    const bytes = this.#used ? new Uint8Array(0) : lazy;
    // What is on its way ends by itself when the signal aborts.
    const stream = bytes instanceof Uint8Array ? streamOf(bytes, this.#signal) : bytes.stream();
    this.#real = new Response(stream as ConstructorParameters<typeof Response>[0], {headers: this.headers});
    if (this.#used) this.#real.body?.getReader();
    return this.#real;
  }
}

/** What can wait for a reader; `undefined` for what is a real body already, or none. */
const lazyBody = (body: BodySource | ArrivingBody): Uint8Array | ArrivingBody | undefined =>
  body === null || body instanceof ReadableStream ? undefined : body;

const decoder = new TextDecoder();

/** Not by `slice`, which fills the new memory with zeros first, and of a Buffer makes no copy. */
const copied = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

const bytesOf = async (response: Response): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await response.arrayBuffer());
