// What happens while a clear by predicate searches: it is not over yet, and afterwards nothing it selected is there.

import {DatabaseSync} from 'node:sqlite';
import {
  type Clause,
  type ClearHow,
  type CompiledSelection,
  type Scope,
  type StoredResponse,
  scopeText,
} from 'limpid/store';
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

describe.each([0, 1000])('what a killed process has only marked, among %i other marks', others => {
  const marks: Readonly<Record<string, {readonly clear: Scope; readonly expire: Scope}>> = {
    resource: {clear: {type: 'resource', resource: `${url}r-1`}, expire: {type: 'resource', resource: `${url}r-2`}},
    tag: {clear: {type: 'tag', tag: 't-1'}, expire: {type: 'tag', tag: 't-2'}},
    partition: {clear: {type: 'partition', partition: 'p-1'}, expire: {type: 'partition', partition: 'p-2'}},
    group: {
      clear: {type: 'group', origin: url.slice(0, -1), group: 'g-1'},
      expire: {type: 'group', origin: url.slice(0, -1), group: 'g-2'},
    },
    origin: {clear: {type: 'origin', origin: 'https://o-1'}, expire: {type: 'origin', origin: 'https://o-2'}},
  };

  test.each(Object.keys(marks))('is found or not by its %s, as a lookup finds it', async type => {
    const file = newFile();
    const store = storeAt(file);
    for (const place of [1, 2, 3]) {
      await keep(store, {resource: `${url}r-${place}`, url: `${url}r-${place}`, id: `resource-${place}`});
      await keep(store, {tags: [`t-${place}`], id: `tag-${place}`});
      await keep(store, {partition: `p-${place}`, id: `partition-${place}`});
      await keep(store, {groups: [`g-${place}`], id: `group-${place}`});
      await keep(store, {resource: `https://o-${place}/`, url: `https://o-${place}/`, id: `origin-${place}`});
    }
    const before = await allIn(store);
    expect(before).toHaveLength(15);
    const tick = (await store.tick()) + 1;
    const killed = new DatabaseSync(file);
    killed.exec(`UPDATE state SET tick = ${tick}`);
    const mark = killed.prepare('INSERT INTO marks VALUES (?, ?, ?, 0)');
    const {clear, expire} = marks[type] ?? {};
    if (clear === undefined || expire === undefined) throw new Error(`no marks for ${type}`);
    mark.run(scopeText(clear), tick, 0);
    mark.run(scopeText(expire), 0, tick);
    for (let other = 0; other < others; other++) mark.run(`tag other-${other}`, 0, tick);
    killed.close();
    const younger = await keep(store);
    const shown = new Map((await allIn(store)).map(({id, expired}) => [id, expired]));
    const all = [...before, younger];
    const meant = all.map(({id}) => id).filter(id => id !== `${type}-1`);
    expect(shown).toEqual(new Map(meant.map(id => [id, id === `${type}-2`])));
    const listed = await Promise.all(all.map(async ({resource}) => store.list(resource)));
    expect(new Map(listed.flat().map(({id, expired}) => [id, expired]))).toEqual(shown);
  });
});

test.each<readonly [string, Scope, 'by URI' | 'by predicate', number]>([
  ['everything', {type: 'all'}, 'by URI', 1200],
  ['everything', {type: 'all'}, 'by predicate', 1200],
  ['a partition', {type: 'partition', partition: 'p'}, 'by URI', 600],
  ['a partition', {type: 'partition', partition: 'p'}, 'by predicate', 600],
  ['an origin', {type: 'origin', origin: url.slice(0, -1)}, 'by URI', 1200],
])('a search of %s %o finds all of many %s', async (_, within, how, count) => {
  const store = storeAt(newFile());
  const began = await store.tick();
  const commits = Array.from({length: 1200}, async (_one, at) => {
    const stored = headFor(`${url}${at}`, `many-${at}`, began);
    return store.put({...stored, partition: at % 2 === 0 ? 'p' : ''}).commit();
  });
  await Promise.all(commits);
  const isMeant = ({partition}: StoredResponse): boolean =>
    within.type !== 'partition' || partition === within.partition;
  const covers = how === 'by URI' ? () => true : undefined;
  const what: CompiledSelection = [{type: 'match', within, conditions: {}, test: isMeant, covers}];
  expect(await store.clear(what, {...remove, action: 'count', exact: true})).toMatchObject({count});
  expect(await store.clear(what, remove)).toMatchObject({count});
  expect(await allIn(store)).toHaveLength(1200 - count);
});

test('a search by URI finds names that no file can hold as they are', async () => {
  const store = storeAt(newFile());
  const names = [`${url}\ud800`, `${url}a\0b`, '\u0001'];
  for (const resource of names) await keep(store, {resource, url: resource});
  for (const name of names) {
    const covers = (uri: string): boolean => uri === name;
    const what: CompiledSelection = [
      {type: 'match', within: {type: 'all'}, conditions: {}, test: stored => covers(stored.url), covers},
    ];
    expect(await store.clear(what, remove)).toMatchObject({count: 1});
  }
});

test('a search by URI reads the records of what it means alone, whichever name that has', async () => {
  const store = storeAt(newFile());
  await keep(store, {resource: `${url}a`, url: `${url}a?ignored=1`, id: 'by-url'});
  await keep(store, {resource: `${url}b`, url: `${url}b?other=1`, id: 'by-resource'});
  await keep(store, {resource: `${url}b`, url: `${url}b`, id: 'by-both'});
  for (let other = 0; other < 3000; other++) await keep(store, {}, 0);
  const asked: string[] = [];
  const covers = (uri: string, resource: string): boolean => {
    asked.push(uri);
    return uri.endsWith('?ignored=1') || resource.endsWith('/b');
  };
  const tested: string[] = [];
  const isMeant = ({url: uri, resource, id}: StoredResponse): boolean => {
    tested.push(id);
    return covers(uri, resource);
  };
  const {count} = await store.clear(
    [{type: 'match', within: {type: 'origin', origin: url.slice(0, -1)}, conditions: {}, test: isMeant, covers}],
    remove,
  );
  expect(count).toBe(3);
  expect(new Set(asked).size).toBe(3003);
  expect(tested.toSorted()).toEqual(['by-both', 'by-resource', 'by-url']);
  expect((await allIn(store)).length).toBe(3000);
});
