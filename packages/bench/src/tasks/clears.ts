// Clearing among many stored responses, and what it does to requests meanwhile.

import {performance} from 'node:perf_hooks';
import {setImmediate as macrotask} from 'node:timers/promises';
import type {Client} from '../subject.ts';
import type {Measure, Task} from '../task.ts';
import {durationOf} from '../timing.ts';

/** A tenth of what is stored shares a prefix, and another tenth a tag. */
const shares = 10;

const ones = 1000;

/** The longest time that one request took, in milliseconds, while others than it were cleared. */
async function longestStall(client: Client, url: string, clear: () => unknown): Promise<number> {
  const progress = {isOver: false};
  let [longest, after] = [0, 0];
  const asking = (async () => {
    while (!progress.isOver || after++ < 20) {
      const start = performance.now();
      await macrotask();
      await client.bytes(url);
      longest = Math.max(longest, performance.now() - start);
    }
  })();
  await macrotask();
  await clear();
  progress.isOver = true;
  await asking;
  return longest;
}

/** What is stored, share by share; a tag goes through all shares. */
const urlsOf = (root: string, count: number): readonly (readonly string[])[] =>
  Array.from({length: shares}, (_, share) =>
    Array.from({length: count / shares}, (__, index) => `${root}/s${share}/${index}?tags=t${index % shares}`),
  );

/** One clear after another, each waited for only where there is something to wait for. */
async function clearEach(urls: readonly string[], one: (url: string) => unknown): Promise<void> {
  for (const url of urls) {
    const cleared = one(url);
    if (cleared instanceof Promise) await cleared;
  }
}

export const task: Task = {
  environment: {inProcess: true},
  async prepare(client, {origin, options: {count = 100_000, size = 64}}) {
    const root = `${origin}/fresh/${size}`;
    const urls = urlsOf(root, count);
    const all = urls.flat();
    const first = urls[0] ?? [];
    const other = `${root}/other`;
    const {one, prefix, tag, all: everything} = client.clears ?? {};
    const fill = async (given: readonly string[]): Promise<void> => {
      for (const url of given) await client.bytes(url);
    };
    /** What is cleared is stored again afterwards, so that each slot finds as much as the first. */
    const measuring = (name: string, cleared: readonly string[], clear: () => unknown): Record<string, Measure> => {
      const refilling = async (measure: () => Promise<number>): Promise<number> => {
        await fill([other]);
        const value = await measure();
        await fill(cleared);
        return value;
      };
      return {
        [name]: () => refilling(() => durationOf(clear)),
        [`stall: ${name}`]: () => refilling(() => longestStall(client, other, clear)),
      };
    };
    await fill(all);
    const some = first.slice(0, ones);
    const tagged = all.filter(url => url.endsWith('tags=t3'));
    return {
      ...(one && {
        one: async () => {
          const duration = await durationOf(() => clearEach(some, one));
          await fill(some);
          return duration / some.length;
        },
      }),
      ...(prefix && measuring('prefix', first, () => prefix(`${root}/s0/`))),
      ...(tag && measuring('tag', tagged, () => tag('t3'))),
      ...(everything && measuring('all', all, everything)),
    };
  },
};
