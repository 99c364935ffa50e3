// What a stored response keeps, and whether a hit keeps anything. Here collection is forced: what counts is what stays.

import {setTimeout as later} from 'node:timers/promises';
import type {Task} from '../task.ts';
import {inParallel} from '../timing.ts';

const hits = 20_000;

/** Bytes in use in the heap and in buffers outside it, once everything that can go has gone. */
async function inUse(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await later(20);
  }
  const {heapUsed, external} = process.memoryUsage();
  return heapUsed + external;
}

export const task: Task = {
  async prepare(client, {origin, options: {count = 100_000, size = 1024}}) {
    const fill = (from: number, howMany: number): Promise<void> =>
      inParallel(howMany, 16, index => client.bytes(`${origin}/fresh/${size}/${from + index}`));
    // Code, sockets and whatever else the first requests bring along is not what a stored response keeps.
    await fill(0, 1000);
    return {
      stored: async () => {
        const before = await inUse();
        await fill(1000, count);
        return ((await inUse()) - before) / count;
      },
      'per hit': async () => {
        const url = `${origin}/fresh/${size}/7`;
        for (let i = 0; i < 1000; i++) await client.bytes(url);
        const before = await inUse();
        for (let i = 0; i < hits; i++) await client.bytes(url);
        return ((await inUse()) - before) / hits;
      },
    };
  },
};
