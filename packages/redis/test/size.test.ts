// A size is a walk over everything, and a cache that waits no longer for it does not end it.

import {expect, test} from 'vitest';
import {commanded} from './commanded.ts';
import {keep, url} from './stored.ts';

test('there is one walk at a time, and all who ask meanwhile get its result', async () => {
  let scans = 0;
  let hold: Promise<unknown> | undefined;
  const {store} = await commanded(async ({args, send}) => {
    if (args[0] === 'SCAN') {
      scans++;
      await hold;
    }
    return send();
  });
  await keep(store, {}, 'body');
  await keep(store, {resource: `${url}2`}, 'body');
  const {promise, resolve} = Promise.withResolvers<void>();
  hold = promise;
  const early = Array.from({length: 4}, () => store.size());
  await expect.poll(() => scans).toBe(1);
  const late = Array.from({length: 4}, () => store.size());
  // Each would have begun by now.
  await store.tick();
  expect(scans).toBe(1);
  resolve();
  expect(await Promise.all([...early, ...late])).toEqual(Array.from({length: 8}, () => ({count: 2, bytes: 8})));
  await keep(store, {resource: `${url}3`}, 'body');
  expect(await store.size()).toEqual({count: 3, bytes: 12});
});

test('a walk that failed is not the last', async () => {
  let isLost = true;
  const {store} = await commanded(async ({args, send}) => {
    if (args[0] === 'SCAN' && isLost) throw new Error('connection lost');
    return send();
  });
  await expect(store.size()).rejects.toThrow('connection lost');
  isLost = false;
  expect(await store.size()).toEqual({count: 0, bytes: 0});
});
