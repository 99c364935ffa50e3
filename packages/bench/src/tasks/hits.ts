// Requests that are all answered from what is stored.

import {uniform, zipf} from '../random.ts';
import type {Client} from '../subject.ts';
import type {Context, Measure, Options, Task} from '../task.ts';
import {costOf, inParallel} from '../timing.ts';

const picked = 65_536;

/** Reads in the given way to the end. */
function reader(client: Client, read: 'bytes' | 'json' | 'stream'): ((url: string) => Promise<unknown>) | undefined {
  if (read !== 'stream') return url => client[read](url);
  const {stream} = client;
  if (stream === undefined) return undefined;
  return async url => {
    let length = 0;
    for await (const chunk of await stream(url)) length += chunk.byteLength;
    return length;
  };
}

/** Which of the stored responses are asked for, in turn. */
function picksOf({count = 1, picks = 'uniform'}: Options): readonly number[] {
  if (count === 1) return [0];
  return picks === 'zipf' ? zipf(count, picked) : uniform(count, picked);
}

export const task: Task = {
  async prepare(client, context) {
    const {count = 1, reads = ['bytes', 'json'], together = 0} = context.options;
    const picks = picksOf(context.options);
    const measures: Record<string, Measure> = {};
    for (const read of reads) {
      const get = reader(client, read);
      if (get === undefined) continue;
      const urls = Array.from({length: count}, (_, index) => urlOf(context, read, index));
      await inParallel(count, 8, index => get(urls[index] ?? ''));
      let next = 0;
      const once = (): Promise<unknown> => {
        next = next + 1 < picks.length ? next + 1 : 0;
        return get(urls[picks[next] ?? 0] ?? '');
      };
      measures[read] = milliseconds => withoutNetwork(context, () => costOf(once, milliseconds));
      if (together === 0) continue;
      const all = (): Promise<unknown> => Promise.all(Array.from({length: together}, once));
      measures[`${together} at once`] = milliseconds =>
        withoutNetwork(context, async () => (await costOf(all, milliseconds)) / together);
    }
    return measures;
  },
};

function urlOf({origin, options: {size = 1024, tags}}: Context, read: string, index: number): string {
  const asked = tags === undefined ? '' : `?tags=${Array.from({length: tags}, (_, tag) => `t${tag}`).join(',')}`;
  return `${origin}/fresh/${size}/${read}-${index}${asked}`;
}

/** @throws Error when a request reached the origin: then it was no hit. */
async function withoutNetwork(context: Context, measure: () => Promise<number>): Promise<number> {
  const before = await context.reached();
  const cost = await measure();
  const sent = (await context.reached()) - before;
  if (sent > 0) throw new Error(`${sent} of its hits reached the origin`);
  return cost;
}
