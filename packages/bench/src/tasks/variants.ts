// Hits of a resource that has many variants.

import type {Task} from '../task.ts';
import {costOf} from '../timing.ts';

export const task: Task = {
  environment: {inProcess: true},
  async prepare(client, {origin, options: {size = 1024, variants = 1}}) {
    const url = `${origin}/fresh/${size}/varied?vary=x-variant`;
    const get = client.with;
    if (get === undefined) return {};
    const values = Array.from({length: variants}, (_, index) => `v${index}`);
    for (const value of values) await get(url, 'x-variant', value);
    let next = 0;
    return {
      bytes: milliseconds => costOf(() => get(url, 'x-variant', values[next++ % variants] ?? ''), milliseconds),
    };
  },
};
