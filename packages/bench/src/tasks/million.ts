// What very many stored responses cost who opens the store, hits, and clears. Nothing here reaches the network.

import {setImmediate as macrotask} from 'node:timers/promises';
import {uniform} from '../random.ts';
import type {Client} from '../subject.ts';
import type {Task} from '../task.ts';
import {costOf, durationOf, inParallel} from '../timing.ts';

const perTag = 1000;

export const task: Task = {
  environment: {inProcess: true},
  async prepare(first, {origin, options: {size = 64, count = 1_000_000}}) {
    let client: Client = first;
    const urlOf = (index: number): string => `${origin}/fresh/${size}/${index}?tags=all,t${Math.floor(index / perTag)}`;
    // Answers come from this process: without macrotasks between, nothing would be written before the last has come.
    await inParallel(count, 100, async index => {
      await client.bytes(urlOf(index));
      await macrotask();
    });
    let next = 0;
    const urls = uniform(count - 10 * perTag > 0 ? count - 10 * perTag : count / 2, 65_536).map(urlOf);
    const hit = (): Promise<unknown> => client.bytes(urls[next++ % urls.length] ?? '');
    let tag = Math.floor((count - 1) / perTag);
    return {
      /** The first hit included: what a store puts off until then is not free. */
      open: async () => {
        const open = await client.reopen?.();
        const micros = await durationOf(async () => {
          if (open !== undefined) client = open();
          await hit();
        });
        return micros / 1000;
      },
      hit: milliseconds => costOf(hit, milliseconds),
      'clear of a tag': async () => (await durationOf(() => client.clears?.tag?.(`t${tag--}`))) / 1000,
      process: async () => process.memoryUsage().rss / 1024 ** 2,
      'file or server': async () => Number(await client.taken?.()) / 1024 ** 2,
    };
  },
};
