// Promises and answers that end for who waits when its signal says so.

import {discard} from '../fetch-api/body-streams.ts';
import type {Answer} from '../model/transport.ts';

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
