// Requests the application only names, to look, to store or to select: seen as they would be if they were sent.

import {complaint, shown} from '../complaint.ts';
import {LimpidError} from '../errors.ts';
import {contentOfRequest} from '../fetch-api/fetch-content.ts';
import {type FetchCall, type FetchInput, fetchCall} from '../fetch-api/fetch-request.ts';
import type {RequestHead} from '../model/messages.ts';
import {readRecord} from '../options/reading.ts';
import type {RequestOptions} from '../options/request-options.ts';
import type {Defaults} from '../options/rule-options.ts';
import {isRequest, isUrl} from '../options/target.ts';
import type {Beginning, Look} from './beginning.ts';
import {isKeyable} from './keying.ts';

/** What else is known of a request that is only named. */
export type NamedOptions = {
  /** The option `limpid` it would be sent with. Default: none. */
  readonly limpid?: RequestOptions | false;
  /** The defaults of the adapter that would send it. Default: none. */
  readonly defaults?: Defaults;
};

/** They are read where those of requests that are sent are. */
const readers = {
  limpid: (value: unknown) => value as RequestOptions | false,
  defaults: (value: unknown) => value as Defaults,
};

/** Stands for content that is no part of any key, so that it is not taken for none: nothing is stored under it. */
const unkeyable = '';

/**
 * What the cache finds for a request named in `method`; `undefined` when the store failed.
 *
 * Content that is part of the key is read from a clone: the Request can still be sent.
 *
 * @throws TypeError for what is not a request, or none of the cache's business, and for wrong options.
 */
export async function lookAt(
  beginning: Beginning,
  request: FetchInput,
  method: string,
  given: NamedOptions = {},
): Promise<Look | undefined> {
  const call = callOf(request, method);
  const {limpid, defaults} = readRecord(given, `${method} options`, readers);
  const options = {options: limpid, defaults, isUnkeyed: call.isUnkeyed};
  const isUnread = call.body?.type === 'opaque' && isRequest(request) && beginning.keysContent(call.head, options);
  const body = isUnread ? await contentOfRequest(request) : call.body;
  // Where redirects are followed here, it is the first hop that is looked at.
  const head: RequestHead = call.follows ? {...call.head, redirect: 'manual'} : call.head;
  const looked = await beginning.look(head, {...options, body});
  if (looked === undefined || isKeyable(body)) return looked;
  return {...looked, request: {...looked.request, content: unkeyable}};
}

/** What the cache finds for a request named in `method`, for those who cannot go on when the store failed. */
export async function mustLookAt(
  beginning: Beginning,
  request: FetchInput,
  method: string,
  given?: NamedOptions,
): Promise<Look> {
  const looked = await lookAt(beginning, request, method, given);
  if (looked === undefined) throw new LimpidError('STORE_FAILED', {message: `${method}: the store failed`});
  return looked;
}

function callOf(request: FetchInput, method: string): FetchCall {
  const isName = typeof request === 'string' || isUrl(request) || isRequest(request);
  const call = isName ? fetchCall(request) : undefined;
  if (call !== undefined) return call;
  const allowed = 'an absolute http(s) URL or a Request';
  if (!isRequest(request)) throw complaint(`${method} request`, isUrl(request) ? request.href : request, allowed);
  const kind = request.bodyUsed ? 'whose body has been read' : 'of another kind';
  throw new TypeError(`limpid: ${method} request is ${shown(request)} ${kind}; allowed: ${allowed}`);
}
