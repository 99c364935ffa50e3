// From the cache's answer to the response this caller would have got from its adapter, in the form it asked for.

import axios, {AxiosError, AxiosHeaders, type AxiosResponse} from 'axios';
import type {Answer, Fields} from 'limpid/adapter';
import {streamOf} from './body.ts';
import {type Call, platformRequest} from './call.ts';
import {Reading} from './reading.ts';
import type {Waiting} from './waiting.ts';

/** The response of one caller: nothing in it is shared with another's, nor with the cache. */
export async function render(answer: Answer, call: Call, waiting: Waiting): Promise<AxiosResponse> {
  const {head} = answer;
  const request = platformRequest(call, head.url);
  tellFinalUrl(request, head.url);
  const headers = responseHeaders(head.fields, call, head.status);
  const response = {
    status: head.status,
    statusText: head.statusText,
    headers,
    config: call.config,
    request,
  } as AxiosResponse;
  const reading = new Reading(answer, call, waiting, () => abortedError(response));
  try {
    response.data = await rendered(answer, call, reading);
  } catch (error) {
    throw bodyError(error, call, response);
  }
  return response;
}

/** Where redirects are followed by the cache, the http adapter does not know where they led. */
function tellFinalUrl(request: unknown, url: string): void {
  const {res} = request as {res?: {responseUrl?: string}};
  if (res && Object.isExtensible(res)) res.responseUrl ??= url;
}

/** The codings the http adapter undoes and then denies. */
const decodedCodings: ReadonlySet<string> = new Set([
  'gzip',
  'x-gzip',
  'compress',
  'x-compress',
  'deflate',
  'br',
  'zstd',
]);

function responseHeaders(fields: Fields, {config, dialect, head}: Call, status: number): AxiosHeaders {
  const headers = new AxiosHeaders();
  for (const name of fields.names()) {
    const lines = fields.lines(name);
    const isList = name === 'set-cookie' && (dialect.name === 'http' || lines.length > 1);
    headers.set(name, isList ? [...lines] : lines.join(', '));
  }
  if (dialect.name !== 'http' || config.decompress === false) return headers;
  const coding = fields.get('content-encoding')?.toLowerCase() ?? '';
  if (decodedCodings.has(coding) || head.method === 'HEAD' || status === 204) headers.delete('content-encoding');
  return headers;
}

async function rendered(answer: Answer, call: Call, reading: Reading): Promise<unknown> {
  const {config, dialect} = call;
  const type = (config.responseType ?? '').toLowerCase();
  if (type === 'stream' && dialect.name === 'http') return nodeStream(reading);
  if (type === 'stream' && dialect.name === 'fetch')
    return answer.body === null ? reading.whole().then(() => null) : streamOf(reading, () => reading.return());
  const bytes = await reading.whole();
  const own = (): Uint8Array<ArrayBuffer> =>
    (bytes === answer.body ? new Uint8Array(bytes) : bytes) as Uint8Array<ArrayBuffer>;
  if (dialect.name === 'http')
    return type === 'arraybuffer' ? nodeBuffer(own()) : nodeText(bytes, config.responseEncoding);
  const contentType = answer.head.fields.get('content-type');
  if (type === 'arraybuffer') return arrayBuffer(own());
  if (type === 'blob') return bodyOf(bytes, contentType).blob();
  if (type === 'formdata' && dialect.name === 'fetch') return bodyOf(bytes, contentType).formData();
  if (dialect.name === 'fetch') return new TextDecoder().decode(bytes);
  return type === 'document' ? xhrDocument(bytes, contentType) : xhrText(bytes, contentType);
}

function nodeStream(reading: Reading): unknown {
  // Taken when needed, and not imported: browsers bundle this file too.
  const {Readable} = process.getBuiltinModule('node:stream');
  return Readable.from(reading, {objectMode: false});
}

const nodeBuffer = (bytes: Uint8Array<ArrayBuffer>): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function nodeText(bytes: Uint8Array, encoding: string | undefined): string {
  const text = nodeBuffer(bytes as Uint8Array<ArrayBuffer>).toString(encoding as BufferEncoding | undefined);
  return (!encoding || encoding === 'utf8') && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

const arrayBuffer = (bytes: Uint8Array<ArrayBuffer>): ArrayBuffer =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : new Uint8Array(bytes).buffer;

const bodyOf = (bytes: Uint8Array, contentType: string | undefined): Response =>
  new Response(
    bytes as Uint8Array<ArrayBuffer>,
    contentType === undefined ? {} : {headers: {'content-type': contentType}},
  );

function xhrText(bytes: Uint8Array, contentType = ''): string {
  const [, charset = 'utf-8'] = /charset="?([^\s";]+)/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

type DomParser = new () => {parseFromString(text: string, type: string): unknown};

function xhrDocument(bytes: Uint8Array, contentType = ''): unknown {
  const {DOMParser} = globalThis as {DOMParser?: DomParser};
  if (DOMParser === undefined) return null;
  const type = /^text\/html\b/i.test(contentType) ? 'text/html' : 'application/xml';
  return new DOMParser().parseFromString(xhrText(bytes, contentType), type);
}

function abortedError(response: AxiosResponse): AxiosError {
  const {config, request} = response;
  return new AxiosError('stream has been aborted', AxiosError.ERR_BAD_RESPONSE, config, request, response);
}

/** What axios makes of a body that broke off or cannot be given the form asked for. */
function bodyError(error: unknown, call: Call, response: AxiosResponse): unknown {
  if (axios.isAxiosError(error) || axios.isCancel(error)) return error;
  const {message, code} = error as {message?: string; code?: string};
  const isDecoded = response.request?.res?.rawHeaders?.some(
    (name: string) => name.toLowerCase() === 'content-encoding',
  );
  if (call.dialect.name === 'http' && message === 'aborted' && !isDecoded) return abortedError(response);
  const seen = call.dialect.name === 'http' ? response : undefined;
  return AxiosError.from(error, code, call.config, response.request, seen);
}
