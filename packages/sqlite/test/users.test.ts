// A resource that many users have: what each of them sees of it, and how many responses each may have.

import {DatabaseSync, StatementSync} from 'node:sqlite';
import {MemoryStore, tiered} from 'limpid';
import {type Clause, type ClearHow, shareable} from 'limpid/store';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {idsOf, keep, newFile, storeAt, usesAreWritten} from './place.ts';

const resource = 'https://a.example/me';
const remove: ClearHow = {action: 'remove', through: false, exact: false};
const users = (count: number): readonly string[] => Array.from({length: count}, (_, index) => `user-${index}`);

test('what is listed for a user is the user’s own and what anybody may reuse', async () => {
  const store = storeAt(newFile());
  const own = await keep(store, {resource, partition: 'one'});
  const others = await keep(store, {resource, partition: 'two'});
  const nobodys = await keep(store, {resource, partition: ''});
  const anybodys = await keep(store, {resource, partition: shareable});
  await keep(store, {partition: 'one'});
  expect(await idsOf(store, resource, 'one')).toEqual([own.id, anybodys.id].toSorted());
  expect(await idsOf(store, resource, 'two')).toEqual([others.id, anybodys.id].toSorted());
  expect(await idsOf(store, resource, '')).toEqual([nobodys.id, anybodys.id].toSorted());
  expect(await idsOf(store, resource, 'three')).toEqual([anybodys.id]);
  expect(await idsOf(store, resource)).toEqual([own.id, others.id, nobodys.id, anybodys.id].toSorted());
});

test('what is narrowed is no longer everybody’s for who has just listed it', async () => {
  const file = newFile();
  const near = tiered(new MemoryStore(), storeAt(file));
  const store = storeAt(file);
  const listed = async (): Promise<readonly string[]> =>
    (await near.list(resource, await near.tick(), 'two')).map(({partition}) => partition);
  const shared = await keep(store, {resource, partition: shareable, requestTime: 1});
  expect(await listed()).toEqual([shareable]);
  expect(await store.update({...shared, requestTime: 2, partition: 'one'})).toBe('stored');
  expect(await listed()).not.toContain(shareable);
});

test('two hundred users of one resource keep what is theirs', async () => {
  const store = storeAt(newFile());
  const kept = new Map<string, string>();
  for (const partition of users(200)) kept.set(partition, (await keep(store, {resource, partition})).id);
  for (const [partition, id] of kept) expect(await idsOf(store, resource, partition)).toEqual([id]);
  expect((await idsOf(store, resource)).length).toBe(200);
});

test('a user has at most 64 variants of a resource, those used last, and displaces nobody', async () => {
  let now = 1_000_000;
  const store = storeAt(newFile(), {now: () => (now += 10)});
  const others = new Map<string, string>();
  for (const partition of users(10)) others.set(partition, (await keep(store, {resource, partition})).id);
  const anybodys = await keep(store, {resource, partition: shareable});
  const evicted: string[] = [];
  store.onEvict(({id}) => evicted.push(id));
  const variants: string[] = [];
  for (let count = 0; count < 70; count++) {
    variants.push((await keep(store, {resource, partition: 'many'})).id);
    const [first] = (await store.list(resource, await store.tick(), 'many')).filter(({id}) => id === variants[0]);
    if (first !== undefined) await store.body(first);
    await usesAreWritten(store);
  }
  const gone = variants.splice(1, 6);
  expect(await idsOf(store, resource, 'many')).toEqual([...variants, anybodys.id].toSorted());
  expect(evicted).toEqual(gone);
  for (const [partition, id] of others)
    expect(await idsOf(store, resource, partition)).toEqual([id, anybodys.id].toSorted());
});

test('what replaces a variant makes no other go', async () => {
  const store = storeAt(newFile());
  for (let count = 0; count < 64; count++) await keep(store, {resource, partition: 'many', key: `variant ${count}`});
  const before = await idsOf(store, resource, 'many');
  const {id} = await keep(store, {resource, partition: 'many', key: 'variant 5'});
  const after = await idsOf(store, resource, 'many');
  expect(after.length).toBe(64);
  expect(after.filter(one => !before.includes(one))).toEqual([id]);
});

describe.each(['the same', 'another'])('lists that are remembered are right after what %s process does', whose => {
  const everyone: readonly (string | undefined)[] = [...users(3), undefined];

  test('when one user’s response is stored, replaced or freshened', async () => {
    const file = newFile();
    const store = storeAt(file);
    const other = whose === 'another' ? storeAt(file) : store;
    const seen = async (): Promise<unknown> => Promise.all(everyone.map(async who => idsOf(store, resource, who)));
    expect(await seen()).toEqual([[], [], [], []]);
    const first = await keep(other, {resource, partition: 'user-0', key: 'k'});
    expect(await seen()).toEqual([[first.id], [], [], [first.id]]);
    const second = await keep(other, {resource, partition: 'user-0', key: 'k'});
    expect(await seen()).toEqual([[second.id], [], [], [second.id]]);
    const third = await keep(other, {resource, partition: 'user-1'});
    const all = [second.id, third.id].toSorted();
    expect(await seen()).toEqual([[second.id], [third.id], [], all]);
    const requestTime = second.requestTime + 5;
    expect(await other.update({...second, requestTime})).toBe('stored');
    expect(await store.list(resource, await store.tick(), 'user-0')).toMatchObject([{id: second.id, requestTime}]);
    expect(await seen()).toEqual([[second.id], [third.id], [], all]);
  });

  test('when it is shareable, and from a 304 on is not', async () => {
    const file = newFile();
    const store = storeAt(file);
    const other = whose === 'another' ? storeAt(file) : store;
    const seen = async (): Promise<unknown> => Promise.all(everyone.map(async who => idsOf(store, resource, who)));
    await seen();
    const stored = await keep(other, {resource, partition: shareable});
    expect(await seen()).toEqual([[stored.id], [stored.id], [stored.id], [stored.id]]);
    expect(await other.update({...stored, partition: 'user-1'})).toBe('stored');
    expect(await seen()).toEqual([[], [stored.id], [], [stored.id]]);
  });

  const scopes: readonly Clause[] = [
    {type: 'scope', scope: {type: 'resource', resource}},
    {type: 'scope', scope: {type: 'tag', tag: 't'}},
    {type: 'match', within: {type: 'all'}, conditions: {}, test: () => true, covers: undefined},
  ];
  test.each(scopes)('when it is cleared: %j', async clause => {
    const file = newFile();
    const store = storeAt(file);
    const other = whose === 'another' ? storeAt(file) : store;
    for (const partition of [...users(3), shareable]) await keep(store, {resource, partition, tags: ['t']});
    const seen = async (): Promise<unknown> =>
      Promise.all(everyone.map(async who => (await idsOf(store, resource, who)).length));
    expect(await seen()).toEqual([2, 2, 2, 4]);
    await other.clear([clause], remove);
    expect(await seen()).toEqual([0, 0, 0, 0]);
  });

  test('when it is one user’s that is cleared', async () => {
    const file = newFile();
    const store = storeAt(file);
    const other = whose === 'another' ? storeAt(file) : store;
    for (const partition of users(3)) await keep(store, {resource, partition});
    const seen = async (): Promise<unknown> =>
      Promise.all(everyone.map(async who => (await idsOf(store, resource, who)).length));
    expect(await seen()).toEqual([1, 1, 1, 3]);
    await other.clear([{type: 'scope', scope: {type: 'partition', partition: 'user-1'}}], remove);
    expect(await seen()).toEqual([1, 0, 1, 2]);
  });
});

test('what a user was shown is not looked up again before its body is read, whoever is shown theirs meanwhile', async () => {
  const store = storeAt(newFile());
  for (const partition of [...users(2), shareable]) await keep(store, {resource, partition});
  const began = await store.tick();
  const [own, anybodys] = (await store.list(resource, began, 'user-0')).toSorted(({partition}) =>
    partition === shareable ? 1 : -1,
  );
  if (own === undefined || anybodys === undefined) throw new Error('something is not listed');
  const asked = vi.spyOn(StatementSync.prototype, 'get');
  onTestFinished(() => asked.mockRestore());
  await store.body(anybodys);
  expect(asked.mock.calls.length).toBe(1);
  await store.list(resource, began, 'user-1');
  asked.mockClear();
  await store.body(own);
  await store.body(anybodys);
  expect(asked.mock.calls.length).toBe(2);
});

test('of a row that was given to another response since it was listed, nothing is read', async () => {
  const file = newFile();
  const [store, other] = [storeAt(file), storeAt(file)];
  const mine = await keep(store, {resource, partition: 'one', key: 'k'});
  const [listed] = await store.list(resource, await store.tick(), 'one');
  const theirs = await keep(other, {resource, partition: 'two', key: 'k'});
  const database = new DatabaseSync(file);
  onTestFinished(() => database.close());
  // The row of what was replaced is free, and given to what comes next.
  expect(database.prepare('SELECT row, id FROM responses').all()).toEqual([{row: 1, id: theirs.id}]);
  expect(listed?.id).toBe(mine.id);
  expect(await store.body(mine)).toBeUndefined();
});
