// What an insert costs while there is room, and at the size limit, where each has to evict.

import type {Task} from '../task.ts';
import {durationOf} from '../timing.ts';

const inserts = 2000;

export const task: Task = {
  environment: {inProcess: true},
  async prepare(_, {origin, options: {count = 10_000, size = 1024}, reopen}) {
    let next = 0;
    const client = await reopen({inProcess: true, maxCount: count});
    const insert = async (into: typeof client, howMany: number): Promise<void> => {
      for (let i = 0; i < howMany; i++) await into.bytes(`${origin}/fresh/${size}/${next++}`);
    };
    await insert(client, count + inserts);
    return {
      'with room': async () => {
        // The same number is stored as at the limit, but there is room for more, in bytes, too.
        const roomy = await reopen({inProcess: true, maxCount: 3 * count + inserts});
        await insert(roomy, count);
        return (await durationOf(() => insert(roomy, inserts))) / inserts;
      },
      evicting: async () => (await durationOf(() => insert(client, inserts))) / inserts,
    };
  },
};
