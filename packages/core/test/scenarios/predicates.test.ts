// Predicates of the application's own that throw: they cost what they decide, and nothing else.

import {expect} from 'vitest';
import type {Selection} from '../../src/options/selection.ts';
import {settled} from './clock.ts';
import {everywhere} from './driver.ts';

const broken = (): never => {
  throw new Error('mine');
};

const selections: readonly (readonly [name: string, selection: Selection])[] = [
  ['where', {where: broken}],
  ['where within an origin', {origin: 'https://a.example', where: broken}],
  ['a pattern', {pattern: {test: broken}}],
  ['a pattern of its own', {test: broken}],
];

for (const [name, clears] of selections) {
  everywhere(`${name} that throws in clears hides what it may mean until that is cleared, no longer`, async open => {
    const {cache, clock, origin, ask} = await open();
    const errors: string[] = [];
    cache.on('error', ({during}) => errors.push(during));
    origin.answering = ({method}) => ({body: method});
    await ask('/a');
    await cache.idle();
    expect(await ask({url: '/b', method: 'POST', options: {clears}})).toMatchObject({status: 200, body: 'POST'});
    expect(errors).toEqual(['clear']);
    expect((await ask('/a')).was).toBe('fwd=uri-miss; stored; detail=unapplied');
    await clock.advance(2);
    await ask('/a');
    await settled();
    await ask('/a');
    await cache.idle();
    expect((await ask('/a')).was).toBe('hit; ttl=60');
    expect(await cache.match('https://a.example/a')).toBeDefined();
    expect(await cache.explain('https://a.example/a')).toMatchObject({decision: 'reuse'});
  });
}

everywhere('a pattern that throws later, cleared through, asks the origin once for each resource', async open => {
  const {cache, origin, ask} = await open();
  const pattern = {test: (): boolean => false};
  origin.answering = () => ({});
  await ask('/a');
  await cache.idle();
  await cache.clear({pattern}, {through: true});
  pattern.test = broken;
  expect(await ask('/a')).toMatchObject({was: 'fwd=request; stored; detail=through'});
  await cache.idle();
  expect(await ask('/a')).toMatchObject({was: 'hit; ttl=60'});
  expect(await ask('/b')).toMatchObject({was: 'fwd=uri-miss; stored; detail=through'});
  await cache.idle();
  expect(await ask('/b')).toMatchObject({was: 'hit; ttl=60'});
});
