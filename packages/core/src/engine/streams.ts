// Streams and answers that end for their one reader when its signal says so.

import type {Answer} from '../model/transport.ts';

/** The same stream, cancelled and failed with the signal's reason when it aborts. Leaves no listener behind. */
export function abortable(stream: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const source = stream.getReader();
  let stop: () => void = () => undefined;
  const done = (): void => signal.removeEventListener('abort', stop);
  return new ReadableStream<Uint8Array>(
    {
      start: controller => {
        stop = () => {
          controller.error(signal.reason);
          void source.cancel(signal.reason).catch(() => undefined);
        };
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, {once: true});
      },
      pull: async controller => {
        try {
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
      cancel: reason => {
        done();
        return source.cancel(reason);
      },
    },
    {highWaterMark: 0},
  );
}

/** The promise's outcome, or the signal's reason if that comes first. Leaves no listener behind. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
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
