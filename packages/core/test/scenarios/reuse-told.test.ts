// Answers that came neither from a plain hit nor from the network: listeners and counters hear of them all the same.

import {expect} from 'vitest';
import type {CacheEvent} from '../../src/engine/events.ts';
import type {HttpCache} from '../../src/engine/http-cache.ts';
import {settled} from './clock.ts';
import {everywhere} from './driver.ts';
import type {Reply} from './scripted-origin.ts';
import type {World} from './world.ts';

const sie = {fields: {'cache-control': 'max-age=60, stale-if-error=600'}};
const of = {method: 'GET', url: 'https://a.example/a'};

function heard(cache: HttpCache, type: 'hit' | 'miss'): CacheEvent[] {
  const events: CacheEvent[] = [];
  cache.on(type, event => void events.push(event));
  return events;
}

/** With an answer stored that has outlived its minute by ten seconds. */
async function outlived(world: World, reply: Reply): Promise<World> {
  world.origin.script([reply]);
  await world.ask('/a');
  await world.cache.idle();
  await world.clock.advance(70);
  return world;
}

everywhere('an answer in place of an error is told', async open => {
  const {cache, origin, ask} = await outlived(await open(), sie);
  origin.script([{error: new Error('down')}, {status: 503}]);
  const events = heard(cache, 'hit');
  for (const _ of ['error', '503']) expect((await ask('/a')).was).toMatch(/detail=stale-if-error/);
  const told = {type: 'hit', ...of, status: 200, age: 70, ttl: -10, stale: true, collapsed: false, instead: 'error'};
  expect(events).toEqual([told, told]);
  expect(await cache.stats()).toMatchObject({hits: 0, stale: 2, misses: 3, failed: 0});
});

everywhere('an answer in place of an error is told to those who joined, too', async open => {
  const {cache, origin, ask} = await outlived(await open(), sie);
  const events = heard(cache, 'hit');
  const held = origin.hold();
  const both = Promise.all([ask('/a'), ask('/a')]);
  await settled();
  await held.answer({error: new Error('down')});
  const detail = expect.stringContaining('detail=stale-if-error');
  expect(await both).toMatchObject([{was: detail}, {was: detail}]);
  expect(events).toHaveLength(2);
  for (const collapsed of [false, true]) {
    expect(events).toContainEqual(expect.objectContaining({collapsed, stale: true, instead: 'error'}));
  }
  expect(await cache.stats()).toMatchObject({hits: 0, stale: 2, collapsed: 1});
});

everywhere('a validation behind an answer that fails is an error, and no answer more', async open => {
  const both = {fields: {'cache-control': 'max-age=60, stale-while-revalidate=600, stale-if-error=600'}};
  const {cache, origin, ask} = await outlived(await open(), both);
  origin.script([{status: 503}, {error: new Error('down')}]);
  const hits = heard(cache, 'hit');
  const errors: unknown[] = [];
  cache.on('error', ({error, during}) => void errors.push([during, (error as Error).message]));
  for (const _ of ['503', 'error']) {
    expect((await ask('/a')).was).toMatch(/^hit; ttl=-10/);
    await cache.idle();
  }
  expect(hits).toMatchObject([{stale: true}, {stale: true}]);
  expect(await cache.stats()).toMatchObject({hits: 2, stale: 2, failed: 0});
  expect(errors).toEqual([['background', 'down']]);
});

everywhere('an answer because the network takes too long is told', async open => {
  const {cache, clock, origin, ask} = await outlived(await open({networkTimeout: '2s'}), sie);
  const events = heard(cache, 'hit');
  const held = origin.hold();
  const asked = ask('/a');
  await settled();
  await clock.advance(2);
  await asked;
  expect(events).toMatchObject([{...of, ttl: -12, stale: true, collapsed: false, instead: 'timeout'}]);
  expect(await cache.stats()).toMatchObject({hits: 0, stale: 1});
  await held.answer({});
  await cache.idle();
});

everywhere('what comes too late is counted no second time, whatever it is', async open => {
  const {cache, clock, origin, ask} = await outlived(await open({networkTimeout: '2s'}), sie);
  const events = heard(cache, 'hit');
  for (const late of [{status: 503}, {error: new Error('down')}]) {
    const held = origin.hold();
    const asked = ask('/a');
    await settled();
    await clock.advance(2);
    await asked;
    await held.answer(late);
    await cache.idle();
  }
  expect(events).toMatchObject([{instead: 'timeout'}, {instead: 'timeout'}]);
  expect(await cache.stats()).toMatchObject({hits: 0, stale: 2, failed: 0});
});

everywhere('a refusal by only-if-cached is told', async open => {
  const {cache, ask} = await open();
  const events = heard(cache, 'miss');
  expect(await ask({url: '/a', fields: {'cache-control': 'only-if-cached'}})).toMatchObject({status: 504});
  await expect(ask({url: '/a', mode: 'only-if-cached'})).rejects.toMatchObject({code: 'UNSATISFIABLE'});
  const told = {type: 'miss', ...of, because: 'request', detail: 'only-if-cached'};
  expect(events).toEqual([told, told]);
  expect(await cache.stats()).toMatchObject({unsatisfiable: 2, misses: 0, bypassed: 0, failed: 0});
});

everywhere('what was served while it is validated is a hit, and a stale one', async open => {
  const {cache, origin, ask} = await outlived(await open({staleWhileRevalidate: '10m'}), {});
  origin.script([{}]);
  const events = heard(cache, 'hit');
  await ask('/a');
  expect(events[0]).toMatchObject({type: 'hit', stale: true, instead: undefined});
  expect(await cache.stats()).toMatchObject({hits: 1, stale: 1});
  await cache.idle();
});
