// An answer for who wants nothing but the whole of it, made into the response axios's http adapter would make of it.
// Whatever needs a stream, an event or a clock, and every error, is left to that adapter.

import {AxiosHeaders, type AxiosResponse} from 'axios';
import {type Answer, type Fields, wholeBody} from 'limpid/adapter';
import {asked, handleOptions, type Installation} from './asking.ts';
import type {Call, Config} from './call.ts';
import {type Ask, headersOf} from './http-message.ts';
import {decoded} from './outer.ts';

/** A hit that is there at once, when it may be rendered here. Misuse is thrown again, and worded, on the other way. */
export function answeredAtOnce(call: Call, installation: Installation): Answer | undefined {
  if (!isPlain(call)) return undefined;
  try {
    return installation.cache.reuse(call.head, handleOptions(call, installation));
  } catch {
    return undefined;
  }
}

/** What the cache was asked for has come, or has failed: `ask` tells the http adapter how. */
type Outcome = {readonly answer: Answer; readonly ask?: never} | {readonly answer?: never; readonly ask: Ask};

/** The whole of an answer that is not there at once, when it may be rendered here. */
export async function answeredWhole(call: Call, installation: Installation): Promise<Outcome | undefined> {
  if (!isPlain(call) || !isUnlimited(call.config)) return undefined;
  const options = handleOptions(call, installation);
  let answer: Answer;
  try {
    answer = await asked(call, installation, options);
  } catch (error) {
    return {ask: () => Promise.reject(error)};
  }
  const {head} = answer;
  try {
    return {answer: {head, body: await wholeBody(answer)}};
  } catch (error) {
    return {ask: async () => decoded({head, body: new ReadableStream({start: stream => stream.error(error)})})};
  }
}

/** Nothing is asked that takes a stream, an event or a clock, or that the http adapter would complain about. */
function isPlain({kind, config}: Call): boolean {
  const {responseType, responseEncoding, onDownloadProgress, maxRate, cancelToken, timeout} = config;
  const isText = responseEncoding === undefined || responseEncoding === 'utf8';
  const isWatched = onDownloadProgress !== undefined || maxRate !== undefined || cancelToken !== undefined;
  const isTimed = timeout === undefined || Number.isFinite(timeout);
  return kind === 'http' && responseType !== 'stream' && isText && !isWatched && isTimed && isOpen(config.signal);
}

/** It has not been aborted, and the http adapter could listen to it. */
const isOpen = (signal: Config['signal']): boolean =>
  !signal || (!signal.aborted && signal.addEventListener !== undefined);

/** Nothing is to end the wait for it, or to refuse it before it is there. */
const isUnlimited = ({timeout = 0, maxContentLength = -1, signal, decompress}: Config): boolean =>
  timeout === 0 &&
  (maxContentLength < 0 || maxContentLength === Number.POSITIVE_INFINITY) &&
  !signal &&
  decompress !== false;

/** Whose memory the bytes of a body are in: this caller's alone, or the store's as well. */
export type Memory = 'own' | 'shared';

/** The response; `undefined` when it is to be an error, which the http adapter words. */
export function rendered(answer: Answer, {config}: Call, memory: Memory): AxiosResponse | undefined {
  const {head, body} = decoded(answer);
  const {status, statusText, url} = head;
  const bytes = body instanceof Uint8Array ? body : nothing;
  const {maxContentLength = -1, validateStatus} = config;
  if (maxContentLength > -1 && bytes.length > maxContentLength) return undefined;
  const data = config.responseType === 'arraybuffer' ? bufferOf(bytes, memory) : textOf(bytes);
  if (data === undefined || (validateStatus && !validateStatus(status))) return undefined;
  const headers = axiosHeaders(head.fields);
  const request = {responseURL: url, res: {responseUrl: url}};
  return {data, status, statusText, headers, config, request};
}

const nothing = new Uint8Array(0);

/** In memory of the caller's own, of which nobody else's is a part. */
function bufferOf(bytes: Uint8Array, memory: Memory): Buffer {
  const {buffer, byteOffset, byteLength} = memory === 'own' ? bytes : new Uint8Array(bytes);
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Forms made of text, JSON above all, are for `transformResponse` to make. `undefined` where a string cannot hold it. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Leaves a byte order mark out, as the http adapter does. */
const decoder = new TextDecoder();

/** Its constructor looks for every name in every spelling. These are lower case, and only repeated ones need it. */
function axiosHeaders(fields: Fields): AxiosResponse['headers'] {
  const headers = new AxiosHeaders();
  let isPlainRecord = true;
  fields.forEach((name, value) => {
    // An array, a second line, or a name that means something to the object itself.
    if (name === 'set-cookie' || name in headers) isPlainRecord = false;
    else headers[name] = value;
  });
  return isPlainRecord ? headers : new AxiosHeaders(headersOf(fields));
}
