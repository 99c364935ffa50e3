// The hash of the marks has bounds, and so has each script that writes there.

import type {Server} from '@limpid/redis-servers';
import type {ClearHow, CompiledSelection} from 'limpid/store';
import {expect, onTestFinished, test} from 'vitest';
import {RedisStore} from '../src/index.ts';
import {type Command, commanded} from './commanded.ts';
import {keep, url} from './stored.ts';

const control = 'limpid:{limpid}';
const remove: ClearHow = {action: 'remove', through: false, exact: false};

const resources = (count: number): CompiledSelection =>
  Array.from({length: count}, (_, page) => ({type: 'scope', scope: {type: 'resource', resource: `${url}${page}`}}));

const fieldsOf = async ({tell}: Server): Promise<number> => Number(await tell('HLEN', control));

/** What a script is told to mark, if that is what it does. */
function markedBy({args}: Command): readonly string[] | undefined {
  const order = args.find(arg => arg.includes('"scopes":'));
  return order === undefined ? undefined : (JSON.parse(order) as {scopes: readonly string[]}).scopes;
}

async function fill({tell}: Server, count: number, field: (index: number) => readonly [string, string]): Promise<void> {
  for (let from = 0; from < count; from += 5_000) {
    const some = Array.from({length: Math.min(5_000, count - from)}, (_, index) => field(from + index));
    await tell('HSET', control, ...some.flat());
  }
}

test('answers that have come end to end are noted within the room there is', async () => {
  const {server, store} = await commanded();
  await store.clear([{type: 'scope', scope: {type: 'origin', origin: 'https://a.example'}}], {
    ...remove,
    through: true,
  });
  const began = await store.tick();
  await fill(server, 20_000, page => [`d ${url}${page}`, String(began)]);
  await store.reached(`${url}new`, `${url}new`, began);
  expect(await fieldsOf(server)).toBeLessThanOrEqual(20_000);
});

test('notes of answers make room before a mark does', async () => {
  const {server, store} = await commanded();
  await keep(store);
  await store.clear([{type: 'scope', scope: {type: 'tag', tag: 'early'}}], remove);
  await fill(server, 20_000, page => [`d ${url}${page}`, String(Date.now() * 1000)]);
  await store.clear([{type: 'scope', scope: {type: 'tag', tag: 'late'}}], remove);
  expect(await fieldsOf(server)).toBeLessThanOrEqual(20_000);
  const marks = ['m tag early', 'm tag late', 'forgotten'];
  const told = await Promise.all(marks.map(mark => server.tell('HEXISTS', control, mark)));
  expect(told).toEqual(['1', '1', '0']);
  expect(await store.list(url)).toHaveLength(1);
});

test('a clear of many URLs is many scripts, and one clear', async () => {
  const sizes: number[] = [];
  const {store} = await commanded(given => {
    const marked = markedBy(given);
    if (marked !== undefined && given.args[0] === 'EVALSHA') sizes.push(marked.length);
    return given.send();
  });
  const before = await store.tick();
  await keep(store, {resource: `${url}2000`});
  const outcome = await store.clear(resources(2_001), remove);
  expect(sizes).toEqual([500, 500, 500, 500, 1]);
  expect(outcome).toMatchObject({tick: await store.tick(), before});
  expect(await store.list(`${url}2000`)).toEqual([]);
});

test('where somebody else clears between the scripts, what began before is fenced', async () => {
  let marks = 0;
  const {server, store} = await commanded(async given => {
    if (markedBy(given) !== undefined && ++marks === 3) await other.clear(resources(1), remove);
    return given.send();
  });
  const other = new RedisStore({url: server.url, timeout: 5_000});
  onTestFinished(() => other.close());
  const began = await store.tick();
  const {tick, before} = await store.clear(resources(2_000), remove);
  expect(before).toBeGreaterThan(began);
  expect(before).toBeLessThan(tick);
});

test('a clear that fails between the scripts rejects, and what was marked stays marked', async () => {
  let isLost = false;
  const {store} = await commanded(async given => {
    if (isLost && markedBy(given)?.includes(`resource ${url}600`)) throw new Error('connection lost');
    return given.send();
  });
  await keep(store, {resource: `${url}0`});
  await keep(store, {resource: `${url}600`});
  isLost = true;
  await expect(store.clear(resources(1_000), remove)).rejects.toThrow('connection lost');
  expect([(await store.list(`${url}0`)).length, (await store.list(`${url}600`)).length]).toEqual([0, 1]);
});

test('of more clears by predicate than are remembered, all hold against what is on its way', async () => {
  const {server, store} = await commanded();
  const other = new RedisStore({url: server.url, timeout: 5_000});
  onTestFinished(() => other.close());
  const began = await store.tick();
  const prefixes = Array.from({length: 300}, (_, page): CompiledSelection[number] => ({
    type: 'match',
    within: {type: 'all'},
    conditions: {prefix: `${url}${page}`},
    test: stored => stored.url.startsWith(`${url}${page}`),
    covers: undefined,
  }));
  await store.clear(prefixes, remove);
  expect(JSON.parse(await server.tell('HGET', control, 'log'))).toHaveLength(1);
  await expect(keep(other, {began, url: `${url}0`, resource: `${url}0`})).rejects.toThrow('fenced');
});
