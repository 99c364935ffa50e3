// What happens while a clear by predicate searches: it is not over yet, and afterwards nothing it selected is there.

import type {Clause, ClearHow, StoredResponse} from 'limpid/store';
import {describe, expect, test} from 'vitest';
import type {SqliteStore} from '../src/index.ts';
import {headFor} from './crash-bodies.ts';
import {allIn, keep, newFile, storeAt} from './place.ts';

const remove: ClearHow = {action: 'remove', through: false, exact: false};
const url = 'https://a.example/';

async function filled(store: SqliteStore): Promise<StoredResponse> {
  const sink = store.put(headFor(url, 'x-1', await store.tick()));
  await sink.write(new Uint8Array(3));
  expect(await sink.commit()).toBe('stored');
  const [stored] = await store.list(url);
  if (stored === undefined) throw new Error('nothing was stored');
  return stored;
}

const matching = (where: (stored: StoredResponse) => boolean): Clause => ({
  type: 'match',
  within: {type: 'all'},
  conditions: {where},
  test: where,
  covers: undefined,
});

describe.each(['the same', 'another'])('for %s process', whose => {
  test('what is freshened meanwhile is cleared all the same', async () => {
    const file = newFile();
    const store = storeAt(file);
    const other = whose === 'another' ? storeAt(file) : store;
    await filled(store);
    let freshened: Promise<string> | undefined;
    const freshen = async (stored: StoredResponse): Promise<string> =>
      other.update({...stored, began: await other.tick(), requestTime: stored.requestTime + 1});
    const clear = matching(stored => {
      freshened ??= freshen(stored);
      return true;
    });
    await store.clear([clear], remove);
    expect(await freshened).toBe('gone');
    expect(await other.list(url)).toEqual([]);
  });

  test('what is listed meanwhile is listed under another tick than afterwards', async () => {
    const file = newFile();
    const store = storeAt(file);
    const other = whose === 'another' ? storeAt(file) : store;
    const stored = await filled(store);
    const ticks = new Set([await other.tick()]);
    const {tick} = await store.clear([matching(() => Boolean(ticks.add(other.tick() as number)))], remove);
    expect(ticks.size).toBe(2);
    expect(ticks.has(tick)).toBe(true);
    expect(ticks.has(await other.tick())).toBe(false);
    expect(await other.body(stored)).toBeUndefined();
  });
});

test('what is freshened after the search of another process is freshened', async () => {
  const file = newFile();
  const [store, other] = [storeAt(file), storeAt(file)];
  const stored = await filled(store);
  await store.clear([matching(() => false)], remove);
  expect(await other.update({...stored, began: await other.tick()})).toBe('stored');
  expect(await store.list(url)).toMatchObject([{began: await store.tick()}]);
});

test('a clear by URL that has to get through marks the resource it found under fewer parameters', async () => {
  const store = storeAt(newFile());
  const full = `${url}?ignored=1`;
  await store.put({...headFor(url, 'x-1', await store.tick()), url: full}).commit();
  const what: readonly Clause[] = [{type: 'scope', scope: {type: 'resource', resource: full}}];
  const {tick} = await store.clear(what, {...remove, through: true});
  expect(await store.through(url, `${url}?ignored=2`)).toBe(tick);
});

test('entries show nothing that another process has cleared, and what it has expired as stale', async () => {
  const file = newFile();
  const [one, other] = [storeAt(file), storeAt(file)];
  const all: readonly Clause[] = [{type: 'scope', scope: {type: 'all'}}];
  const shown = async (): Promise<readonly boolean[]> => (await allIn(one)).map(({expired}) => expired);
  await keep(one, {});
  expect(await shown()).toEqual([false]);
  await other.clear(all, {action: 'expire', through: false, exact: false});
  expect(await shown()).toEqual([true]);
  await other.clear(all, {action: 'remove', through: false, exact: false});
  expect(await shown()).toEqual([]);
});
