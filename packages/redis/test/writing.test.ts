// A write is refused when it may have missed a clear. A slow moment, or many writes at once, must not be taken for that.

import {setTimeout as sleep} from 'node:timers/promises';
import {storedResponse} from 'limpid/store-contract';
import {expect, test} from 'vitest';
import type {RedisStore} from '../src/index.ts';
import {commanded} from './commanded.ts';

/** A store whose commands wait for what `before` gives. */
async function place(before: (args: readonly string[]) => Promise<unknown> | undefined): Promise<RedisStore> {
  const {store} = await commanded(async ({args, send}) => {
    await before(args);
    return send();
  });
  return store;
}

const isCommit = (args: readonly string[]): boolean => args.some(arg => arg.startsWith('e['));

test('what comes too late once is looked at again, and stored', async () => {
  let commits = 0;
  const store = await place(args => (isCommit(args) && ++commits === 1 ? sleep(130) : undefined));
  const stored = storedResponse({key: '[]', began: await store.tick()});
  expect(await store.put(stored).commit()).toBe('stored');
  const updated = {...stored, requestTime: stored.requestTime + 1};
  commits = 0;
  expect(await store.update(updated)).toBe('stored');
  expect(commits).toBeGreaterThan(1);
});

test('of many writes at once few are under way, or they would make each other late', async () => {
  const writes = 200;
  const begun = new Set<string>();
  let most = 0;
  const store = await place(args => {
    // The clock of a slot is asked for first, and the response is written last.
    const [, , , key = ''] = args;
    if (!key.startsWith('limpid:{')) return undefined;
    if (isCommit(args)) begun.delete(key);
    else if (args.length === 4) begun.add(key);
    most = Math.max(most, begun.size);
    return undefined;
  });
  const began = await store.tick();
  const outcomes = await Promise.all(
    Array.from({length: writes}, async (_, page) => {
      const resource = `https://a.example/${page}`;
      const sink = store.put(storedResponse({id: `id ${page}`, key: '[]', resource, url: resource, began}));
      return sink.commit();
    }),
  );
  expect(outcomes.filter(outcome => outcome === 'stored')).toHaveLength(writes);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(16);
});
