// What a reader of a large stored body holds while it is half-way.

import {setTimeout as later} from 'node:timers/promises';
import type {Task} from '../task.ts';

const readers = 8;

export const task: Task = {
  async prepare(client, {origin, options: {size = 10 * 1024 ** 2}, reached}) {
    const url = `${origin}/fresh/${size}/stream`;
    const {stream} = client;
    if (stream === undefined) return {};
    // Not by `bytes`: ky then asks for another variant, and what was to be a hit would be a miss.
    await readUpTo((await stream(url))[Symbol.asyncIterator](), Number.POSITIVE_INFINITY);
    const settled = async (): Promise<number> => {
      for (let i = 0; i < 3; i++) {
        globalThis.gc?.();
        await later(10);
      }
      const {heapUsed, external} = process.memoryUsage();
      return heapUsed + external;
    };
    return {
      held: async () => {
        const sent = await reached();
        const before = await settled();
        const bodies = await Promise.all(Array.from({length: readers}, () => stream(url)));
        const reading = bodies.map(body => body[Symbol.asyncIterator]());
        await Promise.all(reading.map(chunks => readUpTo(chunks, size / 2)));
        const held = (await settled()) - before;
        for (const chunks of reading) await chunks.return?.();
        if ((await reached()) > sent) throw new Error('its hits reached the origin');
        return held / readers / 1024;
      },
    };
  },
};

async function readUpTo(chunks: AsyncIterator<Uint8Array>, size: number): Promise<void> {
  for (let read = 0; read < size; ) {
    const {done, value} = await chunks.next();
    if (done) return;
    read += value.byteLength;
  }
}
