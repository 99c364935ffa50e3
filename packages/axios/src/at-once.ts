// A hit that is there at once, made into the response axios's http adapter would make of it. Whatever needs more than
// bytes in memory and a caller who wants them plainly is left to that adapter.

import {AxiosHeaders, type AxiosResponse} from 'axios';
import type {Answer, Fields} from 'limpid/adapter';
import type {Call, Config} from './call.ts';
import {headersOf} from './http-message.ts';
import {decoded, handleOptions, type Installation} from './outer.ts';

/** The answer that is there at once, when it may be rendered here. Misuse is thrown again, and worded, on the other way. */
export function answeredAtOnce(call: Call, installation: Installation): Answer | undefined {
  if (call.kind !== 'http' || installation.cache.reuse === undefined || !isPlain(call.config)) return undefined;
  try {
    return installation.cache.reuse(call.head, handleOptions(call, installation));
  } catch {
    return undefined;
  }
}

/** Nothing is asked that takes a stream, an event or a clock, or that the http adapter would complain about. */
function isPlain(config: Config): boolean {
  const {responseType, responseEncoding, onDownloadProgress, maxRate, cancelToken, timeout} = config;
  const isText = responseEncoding === undefined || responseEncoding === 'utf8';
  const isWatched = onDownloadProgress !== undefined || maxRate !== undefined || cancelToken !== undefined;
  const isTimed = timeout === undefined || Number.isFinite(timeout);
  return responseType !== 'stream' && isText && !isWatched && isTimed && isOpen(config.signal);
}

/** It has not been aborted, and the http adapter could listen to it. */
const isOpen = (signal: Config['signal']): boolean =>
  !signal || (!signal.aborted && signal.addEventListener !== undefined);

/** The response; `undefined` when it is to be an error, which the http adapter words. */
export function rendered(answer: Answer, {config}: Call): AxiosResponse | undefined {
  const {head, body} = decoded(answer);
  const {status, statusText, url} = head;
  const bytes = body instanceof Uint8Array ? body : nothing;
  const {maxContentLength = -1, validateStatus} = config;
  if (maxContentLength > -1 && bytes.length > maxContentLength) return undefined;
  if (validateStatus && !validateStatus(status)) return undefined;
  const headers = axiosHeaders(head.fields);
  const request = {responseURL: url, res: {responseUrl: url}};
  return {data: dataOf(bytes, config), status, statusText, headers, config, request};
}

const nothing = new Uint8Array(0);

/** A Buffer of the caller's own, or text. Forms made of text, JSON above all, are for `transformResponse` to make. */
function dataOf(bytes: Uint8Array, {responseType}: Config): unknown {
  return responseType === 'arraybuffer' ? Buffer.from(bytes) : decoder.decode(bytes);
}

/** Leaves a byte order mark out, as the http adapter does. */
const decoder = new TextDecoder();

/** Its constructor looks for every name in every spelling. These are lower case, and only repeated ones need it. */
function axiosHeaders(fields: Fields): AxiosHeaders {
  const headers = new AxiosHeaders();
  let isPlainRecord = true;
  fields.forEach((name, value) => {
    // An array, a second line, or a name that means something to the object itself.
    if (name === 'set-cookie' || name in headers) isPlainRecord = false;
    else headers[name] = value;
  });
  return isPlainRecord ? headers : new AxiosHeaders(headersOf(fields));
}
