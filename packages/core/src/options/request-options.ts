// The option `limpid` of a single request, the same in every client.

import {onceForEach} from '../fields/remembered.ts';
import {type Reader, readFunction, readRecord, readText} from './reading.ts';
import {type Layer, ruleReaders, type SharedOptions, sharedReaders} from './rule-options.ts';
import {checkSelection, laterBase, type Selection} from './selection.ts';
import type {ResponseView} from './views.ts';

export type {Defaults} from './rule-options.ts';

/** Keeps a worker alive until a promise settles, as an `ExtendableEvent` or a worker's context does. */
export type WaitUntil = (promise: Promise<unknown>) => void;

/** What to clear when a request succeeds: a selection, or a function of the response's head that gives one. */
export type Clears = Selection | ((response: ResponseView) => Selection);

/**
 * What one request asks of the cache beyond what fetch modes and `Cache-Control` can say. `false` in its place means:
 * as if there were no cache, except that an unsafe method still invalidates.
 *
 * An object is read the first time it is seen; give another one to change your mind.
 */
export interface RequestOptions extends SharedOptions {
  /** An extra part of the cache key: requests with different ones never share a response. Default: none. */
  readonly key?: string;
  /**
   * What to clear when the request succeeds (2xx or 3xx) on the network; done before the answer is handed over. A
   * hit clears nothing. Where the cache follows redirects, each answer on the way is one that succeeded, or not. Relative
   * URLs are resolved against the URL that was answered. A function that throws, or gives no selection, rejects the
   * request although it succeeded. Default: nothing.
   */
  readonly clears?: Clears;
  /** Keeps a worker alive while the response is written or validated in the background. Default: the cache's option. */
  readonly waitUntil?: WaitUntil;
}

/** Request options as they were read, to be laid over rules and defaults. */
export type CompiledRequestOptions = Layer & {
  readonly key?: string;
  readonly clears?: Clears;
  readonly waitUntil?: WaitUntil;
};

/** Judges a selection now, so that a mistake is known before the request is sent and not after it succeeded. */
const readClears: Reader<Clears> = (value, path) => {
  if (typeof value === 'function') return value as (response: ResponseView) => Selection;
  checkSelection(value, path, laterBase);
  return value as Selection;
};

/** Reads a `waitUntil`. */
export const readWaitUntil: Reader<WaitUntil> = readFunction<WaitUntil>('a function that takes a promise');

const readers = {
  ...sharedReaders,
  key: readText,
  clears: readClears,
  waitUntil: readWaitUntil,
} as const;

const compiled = onceForEach((value: object): CompiledRequestOptions => {
  const allowed = 'an object of options, or false';
  const elsewhere = {readers: ruleReaders, place: "a rule, or in an adapter's defaults"};
  return readRecord(value, 'limpid', readers, allowed, elsewhere);
});

/** Reads the option `limpid`; the same object is read once. */
export const compileRequestOptions = (value: unknown): CompiledRequestOptions | false | undefined =>
  value === undefined || value === false ? value : compiled(value as object);
