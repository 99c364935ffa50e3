// Streams and answers that end for their one reader when its signal says so.

import {closeBytes, discard} from '../fetch-api/body-streams.ts';
import type {Answer} from '../model/transport.ts';

// Workers with a compatibility date before May 2025 have neither: there all is held as long as what holds it.
const {FinalizationRegistry: Registry, WeakRef: Weak} = globalThis as Partial<typeof globalThis>;

type Forgotten = Pick<FinalizationRegistry<() => void>, 'register' | 'unregister'>;

/** Calls what is held for it when something has become garbage. */
export const forgotten: Forgotten = Registry
  ? new Registry(act => act())
  : {register: () => undefined, unregister: () => false};

/** A reference that does not keep its target alive. */
export const weakly = <T extends object>(target: T): {deref(): T | undefined} =>
  Weak ? new Weak(target) : {deref: () => target};

/**
 * Acts on `owner` when `signal` aborts, without keeping it alive: an application's one long-lived signal must not hold
 * every body that nobody reads. So `act` must close over nothing of it. Call the result to stop listening.
 */
export function onAbort<Owner extends object>(
  signal: AbortSignal,
  owner: Owner,
  act: (owner: Owner, reason: unknown) => void,
): () => void {
  const weak = weakly(owner);
  const listener = (): void => {
    const alive = weak.deref();
    if (alive !== undefined) act(alive, signal.reason);
  };
  const remove = (): void => signal.removeEventListener('abort', listener);
  signal.addEventListener('abort', listener, {once: true});
  forgotten.register(owner, remove, remove);
  return () => {
    forgotten.unregister(remove);
    remove();
  };
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** Lets go of what a reader reads. */
export const lettingGo =
  (reader: Reader, reason?: unknown): (() => void) =>
  () =>
    void reader.cancel(reason).catch(() => undefined);

/** How to stop what is read; nothing once it is over. */
type Reading = {stop: ((reason: unknown) => void) | undefined};

const stopped = ({stop}: Reading, reason: unknown): void => stop?.(reason);

/**
 * What a reader reads as a stream, cancelled and failed with the signal's reason when it aborts, and let go of when
 * nobody holds the stream any more. Leaves no listener behind.
 */
export function abortable(source: Reader, signal?: AbortSignal): ReadableStream<Uint8Array> {
  const reading: Reading = {stop: undefined};
  const stopListening = signal && onAbort(signal, reading, stopped);
  // What the stream is made of holds `reading`, which the signal does not.
  const end = (): void => {
    reading.stop = undefined;
    stopListening?.();
    forgotten.unregister(source);
  };
  const start = (controller: ReadableByteStreamController): void => {
    reading.stop = reason => {
      end();
      controller.error(reason);
      lettingGo(source, reason)();
    };
    if (signal?.aborted) stopped(reading, signal.reason);
  };
  const pull = async (controller: ReadableByteStreamController): Promise<void> => {
    try {
      let next = await source.read();
      while (next.value?.length === 0) next = await source.read();
      // A copy: enqueuing takes the memory away from whoever made the chunk.
      if (!next.done) return controller.enqueue(new Uint8Array(next.value));
      end();
      closeBytes(controller);
    } catch (error) {
      // Where the signal or a cancel has come meanwhile, this changes nothing any more.
      end();
      controller.error(error);
    }
  };
  const cancel = (reason: unknown): Promise<void> => {
    end();
    return source.cancel(reason);
  };
  forgotten.unregister(source);
  // Not the stream: Chromium collects the object that stands for one while its own readers go on reading.
  forgotten.register(reading, lettingGo(source), source);
  return new ReadableStream({type: 'bytes', start, pull, cancel}, {highWaterMark: 0});
}

/** The promise's outcome, or the signal's reason if that comes first. Leaves no listener behind. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return signal === undefined ? promise : untilAborted(promise, signal);
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    // Nobody waits for it any more, so nobody else hears of its failure.
    promise.catch(() => undefined);
    throw signal.reason;
  }
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, {once: true});
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The same for an answer: one that comes too late is let go of. */
export async function answerUnlessAborted(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  try {
    return await unlessAborted(answer, signal);
  } catch (error) {
    answer.then(({body}) => discard(body)).catch(() => undefined);
    throw error;
  }
}
