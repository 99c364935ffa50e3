// Streams and answers that end for their one reader when its signal says so.

import type {BodySource} from '../model/messages.ts';
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
 * every body that nobody reads. Call the result to stop listening.
 */
export function onAbort<Owner extends object>(
  signal: AbortSignal,
  owner: Owner,
  act: (owner: Owner) => void,
): () => void {
  const weak = weakly(owner);
  const listener = (): void => {
    const alive = weak.deref();
    if (alive !== undefined) act(alive);
  };
  const remove = (): void => signal.removeEventListener('abort', listener);
  signal.addEventListener('abort', listener, {once: true});
  forgotten.register(owner, remove, remove);
  return () => {
    forgotten.unregister(remove);
    remove();
  };
}

/** The same stream, cancelled and failed with the signal's reason when it aborts. Leaves no listener behind. */
export function abortable(stream: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
  // Locked no sooner than it is read: else Node would not let go of a body that nobody wants.
  let source: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const reading = {stop: (): void => undefined};
  const done = onAbort(signal, reading, ({stop}) => stop());
  return new ReadableStream<Uint8Array>(
    {
      start: controller => {
        reading.stop = () => {
          done();
          controller.error(signal.reason);
          void (source ?? stream).cancel(signal.reason).catch(() => undefined);
        };
        if (signal.aborted) reading.stop();
      },
      pull: async controller => {
        try {
          source ??= stream.getReader();
          const {done: ended, value} = await source.read();
          if (signal.aborted) return;
          if (!ended) return controller.enqueue(value);
          done();
          controller.close();
        } catch (error) {
          done();
          if (!signal.aborted) controller.error(error);
        }
      },
      // Holds `reading` for as long as the stream itself is held.
      cancel: reason => {
        reading.stop = () => undefined;
        done();
        return (source ?? stream).cancel(reason);
      },
    },
    {highWaterMark: 0},
  );
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
    const letGo = ({body}: Answer): unknown => (body instanceof ReadableStream ? body.cancel() : undefined);
    answer.then(letGo).catch(() => undefined);
    throw error;
  }
}

/** Lets go of a body nobody will read, so that its connection is free. */
export function discard(body: BodySource): void {
  if (body instanceof ReadableStream && !body.locked) void body.cancel().catch(() => undefined);
}
