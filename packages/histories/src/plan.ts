// What a worker does, from a seed: the same seed, the same operations in the same order.

import type {Named, User} from './history.ts';

export type Client = 'fetch' | 'ky' | 'axios';

export type Step =
  | {readonly type: 'request'; readonly path: string; readonly user: User; readonly client: Client}
  | {readonly type: 'clear' | 'expire'; readonly what: Named};

/** How many resources there are. */
export const paths = 24;
const users: readonly [User, ...User[]] = ['ada', 'bob', undefined];
const clients: readonly [Client, ...Client[]] = ['fetch', 'ky', 'axios'];

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const oneOf = <T>(values: readonly [T, ...T[]], random: () => number): T =>
  values[Math.floor(random() * values.length)] ?? values[0];

function named(random: () => number): Named {
  const path = `/r/${Math.floor(random() * paths)}`;
  const kind = random();
  if (kind < 0.4) return {type: 'url', path};
  if (kind < 0.6) return {type: 'tag', tag: oneOf(['even', 'odd', 'remainder-0', 'remainder-3'], random)};
  if (kind < 0.7) return {type: 'prefix', path};
  if (kind < 0.8) return {type: 'partition', user: oneOf(['ada', 'bob'], random)};
  if (kind < 0.85) return {type: 'pattern', digit: String(Math.floor(random() * 10))};
  if (kind < 0.9) return {type: 'where', tag: oneOf(['even', 'remainder-1'], random)};
  return {type: kind < 0.95 ? 'origin' : 'all'};
}

/** Mostly requests for a few favourites; a clear or an expiry now and then. */
export function* steps(seed: number): Generator<Step, never> {
  const random = randomFrom(seed);
  for (;;) {
    const kind = random();
    if (kind < 0.03) yield {type: kind < 0.018 ? 'clear' : 'expire', what: named(random)};
    else {
      const path = `/r/${Math.floor(random() ** 2 * paths)}`;
      yield {type: 'request', path, user: oneOf(users, random), client: oneOf(clients, random)};
    }
  }
}
