// Async functions where none are allowed: each is refused, and its promise is never an unhandled rejection.

import {expect, test} from 'vitest';
import {MemoryStore} from '../../src/stores/memory.ts';
import {Clock} from './clock.ts';
import {everywhere} from './driver.ts';
import {scripted} from './world.ts';

const rejecting = (): never => Promise.reject(new Error('mine')) as never;

const refused = expect.objectContaining({
  message: expect.stringContaining('is a Promise; allowed: '),
});

everywhere('a rejecting function in a selection is refused', async open => {
  const {cache, ask, origin} = await open();
  origin.script([{}]);
  await ask('/a');
  await cache.idle();
  for (const selection of [{where: rejecting}, {test: rejecting}, {pattern: {test: rejecting}}])
    await expect(cache.clear(selection)).rejects.toEqual(refused);
});

everywhere('a rejecting clears is refused', async open => {
  const {ask, origin} = await open();
  origin.script([{}]);
  await expect(ask({url: '/a', method: 'POST', options: {clears: rejecting}})).rejects.toEqual(refused);
});

everywhere('a rejecting waitUntil costs the worker its life, and the answer nothing', async open => {
  const {ask, cache, clock, origin} = await open({waitUntil: rejecting, staleWhileRevalidate: '1h'});
  const errors: unknown[] = [];
  cache.on('error', ({error}) => void errors.push(error));
  origin.script([{}, {}]);
  await ask('/a');
  await cache.idle();
  await clock.advance(70);
  expect((await ask('/a')).was).toMatch(/^hit/);
  await cache.idle();
  expect(errors).toContainEqual(new Error('mine'));
});

test.each([
  ['partition', {partition: rejecting}],
  ['the partition of a rule', {rules: [{partition: rejecting}]}],
  ['the pattern of a rule', {rules: [{for: {test: rejecting}, ttl: 1}]}],
])('a rejecting %s is refused', async (_, options) => {
  const clock = new Clock();
  const {ask, origin} = scripted(new MemoryStore({now: () => clock.now}), clock, 'bytes', options);
  origin.script([{}]);
  await expect(ask('/a')).rejects.toEqual(refused);
});
