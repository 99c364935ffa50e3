// A request's content: what can be kept as bytes is copied at once, as fetch does, before the caller changes it.

import type {RequestBody} from '../model/messages.ts';
import {discard, readWhole} from './body-streams.ts';
import {platform} from './platform.ts';

/** The content and the media type fetch gives it. */
export type FetchContent = {
  readonly body: RequestBody | undefined;
  readonly type?: string;
  /** What to send in place of opaque content that the caller may still change. */
  readonly copy?: NonNullable<RequestInit['body']>;
};

const none: FetchContent = {body: undefined};
const opaque: FetchContent = {body: {type: 'opaque'}};

/** Content longer than this, in bytes, is not keyed, so copying it would be for nothing. */
export const maxKeyedContent = 65_536;

/**
 * The content of a call of fetch, or `undefined` when fetch will refuse it: GET and HEAD have none.
 *
 * Fetch gives Blob and FormData their media types itself when they are sent.
 */
export function contentOf(method: string, init: RequestInit, request: Request | undefined): FetchContent | undefined {
  const content = init.body ?? undefined;
  const bodyless = method === 'GET' || method === 'HEAD';
  if (content !== undefined) return bodyless ? undefined : given(content);
  // A Request has been made by the same rule.
  if (request === undefined || (bodyless && request.method === method)) return none;
  if (request.bodyUsed) return undefined;
  const shown = shownBy(request);
  if (shown === null) return none;
  // Where requests do not show their bodies, the method tells whether there can be one.
  if (bodyless) return shown === undefined ? none : undefined;
  return opaque;
}

/** Who looks at a Request's body on Deno has it sent in pieces, without its length: there a copy is looked at. */
function shownBy(request: Request): Request['body'] {
  if (platform.client !== 'fetch Deno') return request.body;
  const {body} = request.clone();
  discard(body ?? undefined);
  return body;
}

function given(content: unknown): FetchContent {
  if (typeof content === 'string') return text(content, 'text/plain;charset=UTF-8');
  if (content instanceof URLSearchParams) {
    return text(content.toString(), 'application/x-www-form-urlencoded;charset=UTF-8');
  }
  if (content instanceof ArrayBuffer) return bytes(new Uint8Array(content));
  if (ArrayBuffer.isView(content)) return bytes(new Uint8Array(content.buffer, content.byteOffset, content.byteLength));
  if (!(content instanceof FormData)) return opaque;
  const copy = new FormData();
  for (const [name, value] of content) copy.append(name, value);
  return {...opaque, copy};
}

function bytes(source: Uint8Array): FetchContent {
  const copy = source.slice();
  return copy.byteLength > maxKeyedContent ? {...opaque, copy} : {body: {type: 'bytes', bytes: copy}};
}

function text(content: string, type: string): FetchContent {
  if (content.length > maxKeyedContent) return {...opaque, type, copy: content};
  // Sent as text: undici 6 cannot send bytes once more where it is redirected.
  return {body: {type: 'bytes', bytes: new TextEncoder().encode(content)}, type, copy: content};
}

/**
 * The content of a `Request` as bytes, read from a clone; opaque when it is long, or cannot be read.
 *
 * The Request itself stays unread, so that it can still be sent.
 */
export async function contentOfRequest(request: Request): Promise<RequestBody> {
  try {
    const copy = request.clone();
    const {body} = copy;
    const read = body ? await readWhole(body.getReader(), maxKeyedContent) : new Uint8Array(await copy.arrayBuffer());
    return read === undefined ? {type: 'opaque'} : {type: 'bytes', bytes: read};
  } catch {
    return {type: 'opaque'};
  }
}
