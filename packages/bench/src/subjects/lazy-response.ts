import type {Stored} from './floor.ts';

const decoder = new TextDecoder();

/** A Response that makes its fields, its body and its clones when they are asked for. Only Node accepts it for its own. */
export class LazyResponse extends Response {
  readonly #stored: Stored;

  #headers: Headers | undefined;

  #real: Response | undefined;

  #isRead = false;

  constructor(stored: Stored) {
    super(null);
    this.#stored = stored;
  }

  override get status(): number {
    return this.#stored.status;
  }

  override get ok(): boolean {
    return this.#stored.status >= 200 && this.#stored.status <= 299;
  }

  override get url(): string {
    return this.#stored.url;
  }

  override get headers(): Headers {
    this.#headers ??= new Headers(this.#stored.fields);
    return this.#headers;
  }

  override get body(): Response['body'] {
    this.#real ??= new Response(this.#stored.bytes);
    return this.#real.body;
  }

  override get bodyUsed(): boolean {
    return this.#isRead || (this.#real?.bodyUsed ?? false);
  }

  override clone(): Response {
    if (this.bodyUsed) throw new TypeError('Response.clone: Body has already been consumed.');
    return this.#real?.clone() ?? new LazyResponse(this.#stored);
  }

  #read(): Uint8Array<ArrayBuffer> {
    if (this.bodyUsed) throw new TypeError('Body is unusable: Body has already been read');
    this.#isRead = true;
    return this.#stored.bytes;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#read().slice().buffer;
  }

  override async text(): Promise<string> {
    return decoder.decode(this.#read());
  }

  override async json(): Promise<unknown> {
    return JSON.parse(decoder.decode(this.#read()));
  }
}
