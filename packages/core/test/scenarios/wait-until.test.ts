// Work that goes on when the answer has been handed over, and the worker that must live for it.

import {describe, expect, test} from 'vitest';
import {MemoryStore} from '../../src/stores/memory.ts';
import {SlowStore} from '../slow-store.ts';
import {Clock} from './clock.ts';
import {everywhere} from './driver.ts';
import {scripted, type World} from './world.ts';

const swr = {fields: {'cache-control': 'max-age=60, stale-while-revalidate=600'}};

/** A cache over a store that answers later, and what it wants the worker to live for. */
function working(bodies: 'bytes' | 'streams'): World & {readonly lived: Promise<unknown>[]} {
  const clock = new Clock();
  const lived: Promise<unknown>[] = [];
  const store = new SlowStore(new MemoryStore({now: () => clock.now}), run => void setImmediate(run));
  return {...scripted(store, clock, bodies, {waitUntil: promise => void lived.push(promise)}), lived};
}

describe.each(['bytes', 'streams'] as const)('waitUntil, with bodies that are %s', bodies => {
  test('is given the write to a store that answers later', async () => {
    const {cache, origin, ask, lived} = working(bodies);
    origin.script([{}]);
    await ask('/a');
    expect(lived).toHaveLength(1);
    await Promise.all(lived);
    expect(await cache.stats()).toMatchObject({stored: 1, size: {count: 1}});
  });

  test('of a request is given its write instead', async () => {
    const {cache, origin, ask, lived} = working(bodies);
    const own: Promise<unknown>[] = [];
    origin.script([{}]);
    await ask({url: '/a', options: {waitUntil: promise => void own.push(promise)}});
    expect([own.length, lived.length]).toEqual([1, 0]);
    await Promise.all(own);
    expect(await cache.stats()).toMatchObject({stored: 1});
  });

  test('is given a validation behind a stale answer, until what it brought is written', async () => {
    const {cache, clock, origin, ask, lived} = working(bodies);
    origin.script([swr, {body: 'new'}]);
    await ask('/a');
    await cache.idle();
    await clock.advance(70);
    lived.length = 0;
    expect((await ask('/a')).was).toMatch(/^hit/);
    await Promise.all(lived);
    expect(await cache.stats()).toMatchObject({stored: 2});
  });
});

everywhere('a waitUntil that throws costs nobody the answer, and is an error event', async open => {
  const {cache, clock, origin, ask} = await open({
    waitUntil: () => {
      throw new TypeError('Illegal invocation');
    },
  });
  const errors: string[] = [];
  cache.on('error', ({error, during}) => errors.push(`${during}: ${(error as Error).message}`));
  origin.script([swr, {...swr, body: 'new'}]);
  expect((await ask('/a')).body).toBe('hello');
  await cache.idle();
  errors.length = 0;
  await clock.advance(70);
  expect(await ask('/a')).toMatchObject({body: 'hello', was: 'hit; ttl=-10'});
  expect(errors[0]).toBe('background: Illegal invocation');
  await cache.idle();
  expect(await ask('/a')).toMatchObject({body: 'new', was: 'hit; ttl=60'});
});
