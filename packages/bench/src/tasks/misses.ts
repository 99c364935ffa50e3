// Requests that reach the origin: for something new, and for something that has to be validated.

import type {Task} from '../task.ts';
import {costOf} from '../timing.ts';

export const task: Task = {
  async prepare(client, {origin, options: {size = 1024}, reached}) {
    // Not the process's id alone: a subject with its cache and the same without one must not look alike to anybody.
    const run = `${process.pid}-${Date.now().toString(36)}`;
    let count = 0;
    const validated = `${origin}/validate/${size}/${run}`;
    await client.bytes(validated);
    const reaching = async (once: () => Promise<unknown>, milliseconds: number): Promise<number> => {
      let sent = 0;
      const before = await reached();
      const cost = await costOf(() => {
        sent += 1;
        return once();
      }, milliseconds);
      const arrived = (await reached()) - before;
      if (arrived !== sent) throw new Error(`${arrived} of its ${sent} requests reached the origin`);
      return cost;
    };
    return {
      miss: milliseconds => reaching(() => client.bytes(`${origin}/fresh/${size}/${run}-${count++}`), milliseconds),
      304: milliseconds => reaching(() => client.bytes(validated), milliseconds),
    };
  },
};
