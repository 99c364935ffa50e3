// From an answer to a Response of its own for each caller, and from a Response to a head and a body.

import {complaint} from '../complaint.ts';
import {Fields} from '../fields/fields.ts';
import type {BodySource, ResponseHead} from '../model/messages.ts';
import type {Answer, TransportResponse} from '../model/transport.ts';
import {isObject} from '../options/reading.ts';
import {isNullBody} from '../policy/registries.ts';
import {ArrivingAnswer} from './arriving-answer.ts';
import {discard} from './body-streams.ts';
import {CachedResponse} from './cached-response.ts';
import {type Platform, platform} from './platform.ts';

/** What claims to be a Response, of whatever realm; `what` is how a complaint calls it. Mocks are often less. */
export function checkedResponse(given: unknown, what: string): Response {
  const {status, headers, arrayBuffer} = Object(given) as Partial<Response>;
  if (status !== undefined && typeof headers === 'object' && arrayBuffer !== undefined) return given as Response;
  throw complaint(what, given, 'a Response');
}

/** The Response for an answer; `signal` is its caller's. */
export function responseFrom(answer: Answer, signal?: AbortSignal): Response {
  const {head} = answer;
  const isWhole = platform.readsGetters && answer instanceof ArrivingAnswer;
  if (!isNullBody(head.status)) return new CachedResponse(head, isWhole ? answer.arriving : answer.body, signal);
  discard(answer.body);
  return new CachedResponse(head, null, signal);
}

/** Answers that hide their status and fields: only the platform's own object can stand for them. */
export const isHidden = (response: Pick<Response, 'type'>): boolean =>
  response.type === 'opaque' || response.type === 'opaqueredirect' || response.type === 'error';

/** What a Response that answered a request for `url` brings. */
export const received = async (response: Response, url: string): Promise<TransportResponse> => ({
  head: headOf(response, url),
  body: await bodyOf(response),
  source: response,
});

/** A Response's body, whole where the platform has no streams; none where some platforms give an empty one. */
export async function bodyOf(response: Response): Promise<BodySource> {
  const body: unknown = response.body;
  if (isNullBody(response.status)) {
    discard(response.body);
    return null;
  }
  if (body === null || isStream(body)) return body;
  return new Uint8Array(await response.arrayBuffer());
}

const isStream = (body: unknown): body is ReadableStream<Uint8Array> => isObject(body) && 'getReader' in body;

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
