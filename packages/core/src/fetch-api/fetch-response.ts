// From an answer to a Response of its own for each caller, over a real body: only such can be cloned, cached, served.

import {Fields} from '../fields/fields.ts';
import type {BodySource, ResponseHead} from '../model/messages.ts';
import type {Answer} from '../model/transport.ts';
import {isNullBody} from '../policy/registries.ts';
import {type Platform, platform} from './platform.ts';

/** What a CachedResponse says for itself, declared in the one way every library's types let a class override. */
interface Told {
  readonly url: string;
  readonly redirected: boolean;
  readonly type: Response['type'];
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  clone(): Response;
  arrayBuffer(): Promise<ArrayBuffer>;
  blob(): Promise<Blob>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  formData(): ReturnType<Response['formData']>;
  json(): Promise<unknown>;
  text(): Promise<string>;
}

type Lines = Record<string, string> | [string, string][];

type Constructor = new (...parameters: ConstructorParameters<typeof Response>) => Omit<Response, keyof Told> & Told;

// `bytes` is younger than some of the types a Response may come with.
const Base = Response as unknown as Constructor;

/**
 * A Response that says, like one from the network, where it came from; `new Response` alone cannot.
 *
 * Bytes are copied by construction, so that no caller holds the cache's own.
 */
export class CachedResponse extends Base {
  readonly #head: ResponseHead;

  readonly #signal: AbortSignal | undefined;

  /** `signal` is the caller's: once it has aborted, `text()` and its like reject with its reason. */
  constructor(head: ResponseHead, body: BodySource, headers: Lines | Headers, signal?: AbortSignal) {
    super(body as ConstructorParameters<typeof Response>[0], {
      status: isConstructible(head.status) ? head.status : 200,
      statusText: plainPhrase.test(head.statusText) ? head.statusText : '',
      headers,
    });
    this.#head = head;
    this.#signal = signal;
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

  override clone(): Response {
    const copy = super.clone();
    return new CachedResponse(this.#head, copy.body as BodySource, copy.headers, this.#signal);
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    this.#signal?.throwIfAborted();
    return super.arrayBuffer();
  }

  override async blob(): Promise<Blob> {
    this.#signal?.throwIfAborted();
    return super.blob();
  }

  override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    this.#signal?.throwIfAborted();
    return super.bytes();
  }

  override async formData(): ReturnType<Response['formData']> {
    this.#signal?.throwIfAborted();
    return super.formData();
  }

  override async json(): Promise<unknown> {
    this.#signal?.throwIfAborted();
    return super.json();
  }

  override async text(): Promise<string> {
    this.#signal?.throwIfAborted();
    return super.text();
  }
}

/** Fetch delivers any status of three digits, but only these can be constructed. */
const isConstructible = (status: number): boolean => status >= 200 && status <= 599;

/** What every platform accepts as a status text; some also take eight-bit text, none take more. */
const plainPhrase = /^[\t\x20-\x7e]*$/;

/** The Response for an answer; `signal` is its caller's. */
export function responseFrom({head, body}: Answer, signal?: AbortSignal): Response {
  if (!isNullBody(head.status)) return responseOf(head, body, signal);
  if (body instanceof ReadableStream) body.cancel().catch(() => undefined);
  return responseOf(head, null, signal);
}

/** Tries the fast way first: only what another client stored can hold fields that a Response refuses. */
function responseOf(head: ResponseHead, body: BodySource, signal: AbortSignal | undefined): Response {
  const lines = linesOf(head.fields);
  try {
    return new CachedResponse(head, body, lines, signal);
  } catch {
    return new CachedResponse(head, body, acceptable(lines), signal);
  }
}

/** Fields in the form that builds `Headers` fastest: a record, and pairs only where lines are repeated. */
function linesOf(fields: Fields): Lines {
  const record: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (name in record) return Array.from(fields, ([one, its]): [string, string] => [one, its]);
    record[name] = value;
  }
  return record;
}

/** Without the fields that no Response can carry: they must not cost the caller the response. */
function acceptable(lines: Lines): Headers {
  const headers = new Headers();
  for (const [name, value] of Array.isArray(lines) ? lines : Object.entries(lines)) {
    try {
      headers.append(name, value);
    } catch {
      // Left out, see above.
    }
  }
  return headers;
}

/** Answers that hide their status and fields: only the platform's own object can stand for them. */
export const isHidden = (response: Pick<Response, 'type'>): boolean =>
  response.type === 'opaque' || response.type === 'opaqueredirect' || response.type === 'error';

/** A Response's body, whole where the platform has no streams. */
export async function bodyOf(response: Response): Promise<BodySource> {
  const body: unknown = response.body;
  if (body === null || isStream(body)) return body;
  return new Uint8Array(await response.arrayBuffer());
}

const isStream = (body: unknown): body is ReadableStream<Uint8Array> =>
  typeof body === 'object' && body !== null && 'getReader' in body;

/**
 * Content may have been decoded although no field says so: browsers hide Content-Encoding from other origins, and some
 * platforms take it away. There a length that is told proves the contrary, except where the field is hidden.
 */
function mayBeDecoded({type, headers}: Response, {showsCoding}: Platform): boolean {
  if (showsCoding || headers.has('content-encoding')) return false;
  return type === 'cors' || !headers.has('content-length');
}

/** The head of a Response that answered a request for `url`. One made by hand has no URL of its own. */
export function headOf(response: Response, url: string, from: Platform = platform): ResponseHead {
  return {
    status: response.status,
    statusText: response.statusText,
    fields: Fields.from(response.headers),
    url: response.url === '' ? url : response.url,
    redirected: response.redirected,
    type: response.type,
    ...(mayBeDecoded(response, from) && {decoded: true}),
  };
}
