// Hits, inserts and clears of one, as what is stored becomes more. Nothing here reaches the network.

import {uniform} from '../random.ts';
import type {Measure, Task} from '../task.ts';
import {costOf, durationOf} from '../timing.ts';

const some = 2000;

export const task: Task = {
  environment: {inProcess: true},
  async prepare(client, {origin, options: {size = 64, count = 1000, tags}}) {
    const asked = tags === undefined ? '' : `?tags=${Array.from({length: tags}, (_, tag) => `t${tag}`).join(',')}`;
    const urlOf = (index: number): string => `${origin}/fresh/${size}/${index}${asked}`;
    const insert = async (from: number, howMany: number): Promise<void> => {
      for (let index = from; index < from + howMany; index++) await client.bytes(urlOf(index));
    };
    await insert(0, count);
    let stored = count;
    const urls = uniform(count, 65_536).map(urlOf);
    let next = 0;
    const once = (): Promise<unknown> => client.bytes(urls[next++ % urls.length] ?? '');
    await costOf(once, 300);
    const one = client.clears?.one;
    const clear = async (): Promise<number> => {
      stored -= some;
      const duration = await durationOf(async () => {
        for (let index = stored; index < stored + some; index++) await one?.(urlOf(index));
      });
      return duration / some;
    };
    const measures: Readonly<Record<string, Measure>> = {
      hit: milliseconds => costOf(once, milliseconds),
      insert: async () => {
        const duration = await durationOf(() => insert(stored, some));
        stored += some;
        return duration / some;
      },
    };
    return one === undefined ? measures : {...measures, clear};
  },
};
