// A hundred equal requests at once for what is not stored. The origin answers slowly, in two halves.

import {performance} from 'node:perf_hooks';
import {median} from '../statistics.ts';
import type {Client} from '../subject.ts';
import type {Task} from '../task.ts';

const width = 100;

type Read = {readonly firstByte: number; readonly end: number};

/** Milliseconds from `start` to the first chunk and to the end. */
async function read(client: Client, url: string, start: number): Promise<Read> {
  if (client.stream === undefined) {
    await client.bytes(url);
    const end = performance.now() - start;
    return {firstByte: end, end};
  }
  let firstByte: number | undefined;
  for await (const _ of await client.stream(url)) firstByte ??= performance.now() - start;
  const end = performance.now() - start;
  return {firstByte: firstByte ?? end, end};
}

async function atOnce(client: Client, url: string, count: number): Promise<Read> {
  const start = performance.now();
  const reads = await Promise.all(Array.from({length: count}, () => read(client, url, start)));
  return {firstByte: median(reads.map(({firstByte}) => firstByte)), end: Math.max(...reads.map(({end}) => end))};
}

export const task: Task = {
  async prepare(client, {origin, options: {size = 16_384}, reached}) {
    let count = 0;
    const next = (): string => `${origin}/slow/${size}/${process.pid}-${Date.now().toString(36)}-${count++}`;
    await atOnce(client, next(), width);
    let all: Read = {firstByte: 0, end: 0};
    let alone: Read = all;
    // One round of requests answers all of them; they are asked in this order.
    return {
      origin: async () => {
        const before = await reached();
        all = await atOnce(client, next(), width);
        return (await reached()) - before;
      },
      all: async () => all.end,
      'first byte': async () => all.firstByte,
      one: async () => {
        alone = await atOnce(client, next(), 1);
        return alone.end;
      },
      'first byte of one': async () => alone.firstByte,
    };
  },
};
