// Loops that are timed. Collection is never forced inside them: what a subject leaves behind, it pays for.

import {performance} from 'node:perf_hooks';
import {setImmediate as macrotask} from 'node:timers/promises';

/** How long a batch lasts between two macrotasks, in milliseconds. */
const batchTime = 0.5;

const microseconds = 1000;

/**
 * The mean cost of `once` over a slot, in microseconds.
 *
 * Between batches a macrotask lets timers, sockets and finalisers run, which a loop of awaits alone would starve.
 */
export async function costOf(once: () => Promise<unknown>, milliseconds: number): Promise<number> {
  const start = performance.now();
  const end = start + milliseconds;
  let [count, batch, now] = [0, 1, start];
  while (now < end) {
    for (let i = 0; i < batch; i++) await once();
    count += batch;
    await macrotask();
    const then = performance.now();
    if (then - now < batchTime) batch *= 2;
    else if (then - now > 4 * batchTime && batch > 1) batch = Math.ceil(batch / 2);
    now = then;
  }
  return ((now - start) / count) * microseconds;
}

/** What an action takes, in microseconds. */
export async function durationOf(action: () => unknown): Promise<number> {
  const start = performance.now();
  const result = action();
  if (result instanceof Promise) await result;
  return (performance.now() - start) * microseconds;
}

/** Does all of `count`, at most `width` at a time. */
export async function inParallel(
  count: number,
  width: number,
  action: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await action(next++);
  };
  await Promise.all(Array.from({length: width}, worker));
}
