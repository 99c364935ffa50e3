// Options of one request say what becomes of its answer: only requests that want the same share a flight.

import {expect} from 'vitest';
import type {RequestOptions} from '../../src/options/request-options.ts';
import {settled, until} from './clock.ts';
import {everywhere} from './driver.ts';

const wanted = (): boolean => true;

const alike: readonly (readonly [name: string, make: () => RequestOptions])[] = [
  ['tags', () => ({tags: ['t']})],
  ['ttl', () => ({ttl: '1h'})],
  ['staleIfError', () => ({staleIfError: '1m'})],
  ['storeIf', () => ({storeIf: wanted})],
  ['waitUntil', () => ({waitUntil: () => undefined})],
];

for (const [name, make] of alike) {
  everywhere(`requests with equal ${name} share a flight`, async open => {
    const {origin, ask} = await open();
    const held = origin.hold();
    const both = Promise.all([ask({url: '/a', options: make()}), ask({url: '/a', options: make()})]);
    await settled();
    const {waiting} = held;
    for (const _ of [1, 2]) await held.answer({});
    expect((await both).map(({body}) => body)).toEqual(['hello', 'hello']);
    expect(waiting).toBe(1);
  });
}

everywhere('adapters with and without defaults that say the same share a flight', async open => {
  const {origin, ask} = await open();
  const held = origin.hold();
  const both = Promise.all([ask({url: '/a', defaults: {}}), ask({url: '/a'})]);
  await settled();
  const {waiting} = held;
  for (const _ of [1, 2]) await held.answer({});
  expect((await both).map(({body}) => body)).toEqual(['hello', 'hello']);
  expect(waiting).toBe(1);
});

const apart: readonly (readonly [name: string, options: RequestOptions])[] = [
  ['tags', {tags: ['t']}],
  ['ttl', {ttl: '1h'}],
  ['storeIf', {storeIf: () => false}],
  ['clears', {clears: {tag: 't'}}],
];

for (const [name, options] of apart) {
  everywhere(`a request with ${name} of its own does not join one without, nor the other way round`, async open => {
    for (const [leading, following] of [
      [undefined, options],
      [options, undefined],
    ]) {
      const {origin, ask} = await open();
      const held = origin.hold();
      const leader = ask({url: '/a', ...(leading && {options: leading})});
      await until(() => held.waiting === 1);
      const follower = ask({url: '/a', ...(following && {options: following})});
      await settled();
      const {waiting} = held;
      for (const _ of [1, 2]) await held.answer({});
      await Promise.all([leader, follower]);
      expect(waiting).toBe(2);
    }
  });
}

everywhere('what a follower asked for becomes of what is stored', async open => {
  const {cache, origin, ask} = await open();
  const held = origin.hold();
  const both = Promise.all([ask('/a'), ask({url: '/a', options: {tags: ['t']}})]);
  await settled();
  for (const _ of [1, 2]) await held.answer({});
  await both;
  await cache.idle();
  expect(await cache.clear({tag: 't'})).toMatchObject({count: 1});
});

everywhere('clears of a request that comes second is obeyed', async open => {
  const {cache, origin, ask} = await open();
  origin.script([{}]);
  await ask({url: '/tagged', options: {tags: ['t']}});
  await cache.idle();
  const held = origin.hold();
  const both = Promise.all([ask('/a'), ask({url: '/a', options: {clears: {tag: 't'}}})]);
  await settled();
  for (const _ of [1, 2]) await held.answer({});
  await both;
  origin.script([{body: 'new'}]);
  expect((await ask('/tagged')).body).toBe('new');
});

everywhere('a flight that failed does not keep the next requests apart', async open => {
  const {origin, ask} = await open();
  const held = origin.hold();
  const failing = [ask('/a'), ask('/a')].map(asked => asked.catch((error: Error) => error.message));
  await settled();
  for (const _ of failing) await held.answer({error: new Error('down')});
  expect(await Promise.all(failing)).toEqual(['down', 'down']);
  const next = Promise.all([ask('/a'), ask('/a'), ask('/a')]);
  await settled();
  const {waiting} = held;
  for (const _ of [1, 2, 3]) await held.answer({});
  await next;
  expect(waiting).toBe(1);
});
