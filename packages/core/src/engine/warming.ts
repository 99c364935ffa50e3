// Filling the cache ahead of need.

import {fetchCall} from '../fetch-api/fetch-request.ts';
import {type FetchFunction, fetchTransport} from '../fetch-api/fetch-transport.ts';
import {Fields, type FieldsSource} from '../fields/fields.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Answer, Transport} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {complaint, readFunction, readRecord} from '../options/reading.ts';
import type {HandleOptions} from './answer.ts';

/** How to warm. */
export type WarmOptions = {
  /** What sends requests. Default: the global `fetch`. */
  readonly fetch?: FetchFunction;
  /** Fields sent with every request. Default: none. */
  readonly headers?: FieldsSource;
  /** Requests at the same time. Default: `4`. */
  readonly concurrency?: number;
  /** Called after each URL, in order of completion. */
  readonly onProgress?: (progress: WarmProgress) => void;
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

type Handle = (request: RequestHead, transport: Transport, options: HandleOptions) => MaybePromise<Answer>;

/** Requests every URL through the cache and reads each answer to its end. */
export async function warm(handle: Handle, urls: Iterable<string | URL>, options: unknown): Promise<WarmResult> {
  const {fetch = globalThis.fetch, concurrency = 4, onProgress, headers = [], signal} = readOptions(options);
  const waiting = [...urls].map(String);
  const total = waiting.length;
  let answered = 0;
  let failed = 0;
  const visit = async (url: string): Promise<void> => {
    const outcome = await visited(handle, url, fetch, headers, signal);
    if (outcome.status === undefined) failed += 1;
    else answered += 1;
    onProgress?.({url, done: answered + failed, total, ...outcome});
  };
  const worker = async (): Promise<void> => {
    for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
      signal?.throwIfAborted();
      await visit(url);
    }
  };
  await Promise.all(Array.from({length: Math.min(concurrency, total)}, worker));
  return {answered, failed};
}

async function visited(
  handle: Handle,
  url: string,
  fetch: FetchFunction,
  headers: FieldsSource,
  signal: AbortSignal | undefined,
): Promise<Pick<WarmProgress, 'status' | 'error'>> {
  try {
    const call = fetchCall(url, {
      headers: [...Fields.from(headers)].map(([name, value]): [string, string] => [name, value]),
    });
    if (call === undefined)
      throw new TypeError(`limpid: warm cannot request ${JSON.stringify(url)}; allowed: absolute http(s) URLs`);
    const {head, body} = await handle(call.head, fetchTransport(fetch, call), {signal});
    if (body instanceof ReadableStream) await body.pipeTo(new WritableStream());
    return {status: head.status, error: undefined};
  } catch (error) {
    if (signal?.aborted) throw error;
    return {status: undefined, error};
  }
}

function readConcurrency(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw complaint(path, value, 'a whole number from 1');
  return Number(value);
}

function readSignal(value: unknown, path: string): AbortSignal {
  if (value instanceof AbortSignal) return value;
  throw complaint(path, value, 'an AbortSignal');
}

const readers = {
  fetch: readFunction<FetchFunction>('a fetch function'),
  concurrency: readConcurrency,
  onProgress: readFunction<(progress: WarmProgress) => void>('a function'),
  headers: (value: unknown): FieldsSource => value as FieldsSource,
  signal: readSignal,
} as const;

const readOptions = (options: unknown = {}): ReturnType<typeof readRecord<typeof readers>> =>
  readRecord(options, 'warm options', readers, 'an object of fetch, headers, concurrency, onProgress, signal');
