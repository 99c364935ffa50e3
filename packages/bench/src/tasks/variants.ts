// Hits of a resource that has many variants, or that many users have, each their own.

import type {Task} from '../task.ts';
import {costOf} from '../timing.ts';

export const task: Task = {
  environment: {inProcess: true},
  async prepare(client, {origin, options: {size = 1024, variants = 1, users}}) {
    const field = users === undefined ? 'x-variant' : 'authorization';
    const url = `${origin}/fresh/${size}/varied${users === undefined ? `?vary=${field}` : ''}`;
    const get = client.with;
    if (get === undefined) return {};
    const values = Array.from({length: users ?? variants}, (_, index) => `v${index}`);
    for (const value of values) await get(url, field, value);
    let next = 0;
    return {
      bytes: milliseconds => costOf(() => get(url, field, values[next++ % values.length] ?? ''), milliseconds),
    };
  },
};
