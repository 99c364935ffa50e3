// Filling the cache ahead of need.

import {complaint, isPlain} from '../complaint.ts';
import {LimpidError} from '../errors.ts';
import {type FetchCall, fetchCall} from '../fetch-api/fetch-request.ts';
import {fetchTransport} from '../fetch-api/fetch-transport.ts';
import {redirects} from '../fetch-api/redirects.ts';
import {type FetchFunction, globalFetch, senderOf, sending} from '../fetch-api/sender.ts';
import type {FieldsSource} from '../fields/fields.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Answer, Transport} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {isObject, readAs, readFunction, readRecord} from '../options/reading.ts';
import {isUrl} from '../options/target.ts';
import type {HandleOptions} from './answer.ts';
import type {Off} from './parts.ts';

/** How to warm. */
export type WarmOptions = {
  /** What sends requests. Default: the global `fetch`. */
  readonly fetch?: FetchFunction;
  /** Fields sent with every request. Default: none. */
  readonly headers?: FieldsSource;
  /** Requests at the same time. Default: `4`. */
  readonly concurrency?: number;
  /** Called after each URL, in order of completion. A promise is waited for; what fails here ends the warming. */
  readonly onProgress?: (progress: WarmProgress) => unknown;
  /** Ends the warming: what is on its way is aborted, the rest not begun. */
  readonly signal?: AbortSignal;
};

/** One URL is done. */
export type WarmProgress = {
  readonly url: string;
  /** How many are done, this one included. */
  readonly done: number;
  readonly total: number;
  /** `undefined` when no answer came. */
  readonly status: number | undefined;
  /** Why no answer came. */
  readonly error: unknown;
};

/** What warming came to. */
export type WarmResult = {
  /** URLs that were answered, whatever the status. */
  readonly answered: number;
  /** URLs that no answer came for. */
  readonly failed: number;
};

/** What requests go through. */
type Warmed = {handle(request: RequestHead, transport: Transport, options: HandleOptions): MaybePromise<Answer>};

/**
 * Requests every URL through the cache and reads each answer to its end.
 *
 * @throws TypeError for whatever is wrong with `urls` or `options`, before the first request is sent; LimpidError `CLOSED`, also
 * when the cache is closed meanwhile.
 */
export async function warm(cache: Warmed, off: () => Off, urls: unknown, options: unknown): Promise<WarmResult> {
  const {fetch, concurrency = 4, onProgress, headers = [], signal} = readOptions(options);
  // Also one with this very cache in front, which would wait for itself.
  const send = sending(cache, senderOf(fetch) ?? globalFetch());
  const targets = readTargets(urls, headers);
  const throwIfClosed = (): void => {
    if (off() === 'closed') throw new LimpidError('CLOSED', {message: 'warm: the cache is closed'});
  };
  throwIfClosed();
  const total = targets.length;
  const waiting = taking(targets);
  let answered = 0;
  let failed = 0;
  const visit = async ({url, call}: Target): Promise<void> => {
    const outcome = await visited(cache, call, send, signal);
    if (outcome.status === undefined) failed += 1;
    else answered += 1;
    await onProgress?.({url, done: answered + failed, total, ...outcome});
  };
  const worker = async (): Promise<void> => {
    for (const target of waiting) {
      signal?.throwIfAborted();
      throwIfClosed();
      await visit(target);
    }
  };
  await Promise.all(Array.from({length: Math.min(concurrency, total)}, worker));
  return {answered, failed};
}

/** Each once, whoever asks; none any more for anybody once a loop over it has failed. */
function* taking<T>(all: readonly T[]): Generator<T> {
  yield* all;
}

async function visited(
  cache: Warmed,
  call: FetchCall,
  send: FetchFunction,
  signal: AbortSignal | undefined,
): Promise<Pick<WarmProgress, 'status' | 'error'>> {
  try {
    const options = {signal, isUnkeyed: call.isUnkeyed, redirects: call.follows ? redirects : undefined};
    const {head, body} = await cache.handle(call.head, fetchTransport(send, call), options);
    if (body instanceof ReadableStream) await body.pipeTo(new WritableStream());
    return {status: head.status, error: undefined};
  } catch (error) {
    if (signal?.aborted) throw error;
    return {status: undefined, error};
  }
}

/** A URL as it was given, and the request for it. */
type Target = {readonly url: string; readonly call: FetchCall};

/** A text is iterable as well, letter by letter, which nobody means. */
function readTargets(urls: unknown, headers: Lines): Target[] {
  if (!isIterable(urls)) throw complaint('warm urls', urls, 'an array or iterable of absolute http(s) URLs');
  return Array.from(urls, (given, index) => {
    const url = isUrl(given) ? given.href : given;
    const call = typeof url === 'string' ? fetchCall(url, {headers}) : undefined;
    if (typeof url === 'string' && call !== undefined) return {url, call};
    throw complaint(`warm urls[${index}]`, url, 'an absolute http(s) URL');
  });
}

const isIterable = (value: unknown): value is Iterable<unknown> => isObject(value) && Symbol.iterator in value;

/** Field lines as fetch takes them. */
type Lines = [name: string, value: string][];

function readHeaders(value: unknown, path: string): Lines {
  try {
    if (isIterable(value) || isPlain(value)) return [...new Headers(value as ConstructorParameters<typeof Headers>[0])];
  } catch {
    // Said below, as of all that is none.
  }
  throw complaint(path, value, 'fields: a Headers, pairs or a record');
}

const readers = {
  fetch: readFunction<FetchFunction>('a fetch function'),
  concurrency: readAs<number>(value => Number.isSafeInteger(value) && Number(value) >= 1, 'a whole number from 1'),
  onProgress: readFunction<NonNullable<WarmOptions['onProgress']>>('a function'),
  headers: readHeaders,
  signal: readAs<AbortSignal>(value => value instanceof AbortSignal, 'an AbortSignal'),
} as const;

const readOptions = (options: unknown = {}): ReturnType<typeof readRecord<typeof readers>> =>
  readRecord(options, 'warm options', readers);
