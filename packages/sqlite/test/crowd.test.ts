// What a resource takes that many users have: a quarter of the room, and no look at all of it to find that out.

import {createHash} from 'node:crypto';
import {DatabaseSync} from 'node:sqlite';
import {type Clause, type ClearHow, shareable} from 'limpid/store';
import {expect, test} from 'vitest';
import {allIn, idsOf, keep, newFile, storeAt, usesAreWritten} from './place.ts';

const resource = 'https://a.example/me';
const remove: ClearHow = {action: 'remove', through: false, exact: false};

/** A pseudonym, like those of credentials. */
const user = (number: number): string =>
  `credentials:~${createHash('sha256').update(String(number)).digest('hex').slice(0, 32)}`;

function asked(file: string, sql: string): unknown {
  const database = new DatabaseSync(file);
  const row = database.prepare(sql).get();
  database.close();
  return row && Object.values(row)[0];
}

const taken = `SELECT sum(cost) FROM responses WHERE resource = '${resource}'`;

test('all users of a resource together take a quarter of the room, and nobody else gives way', async () => {
  const file = newFile();
  const store = storeAt(file, {maxBytes: 1_000_000});
  const others = [];
  for (let count = 0; count < 20; count++) others.push((await keep(store, {}, 10_000)).id);
  let most = 0;
  for (let count = 0; count < 300; count++) {
    await keep(store, {resource, partition: user(count)}, 1_000);
    most = Math.max(most, Number(asked(file, taken)));
  }
  expect(most).toBeGreaterThan(240_000);
  expect(most).toBeLessThanOrEqual(250_000);
  const left = new Set((await allIn(store)).map(({id}) => id));
  expect(others.filter(id => left.has(id)).length).toBe(20);
});

test('a few variants of a resource together take a quarter of the room, and the last used stay', async () => {
  let now = 1_000_000;
  const store = storeAt(newFile(), {maxBytes: 1_000_000, now: () => (now += 10)});
  const kept = [];
  for (const partition of ['', '', 'one', '', shareable])
    kept.push((await keep(store, {resource, partition}, 70_000)).id);
  expect(await idsOf(store, resource)).toEqual(kept.slice(-3).toSorted());
});

test('what replaces the one response that takes a quarter makes no other go', async () => {
  const store = storeAt(newFile(), {maxBytes: 1_000_000});
  const {id} = await keep(store, {resource, partition: 'one'}, 10);
  await keep(store, {resource, partition: 'two', key: 'k'}, 240_000);
  const again = await keep(store, {resource, partition: 'two', key: 'k'}, 240_000);
  expect(await idsOf(store, resource)).toEqual([id, again.id].toSorted());
});

test('what is replaced does not make room by going before', async () => {
  let now = 1_000_000;
  const store = storeAt(newFile(), {maxBytes: 1_000_000, now: () => (now += 10)});
  const kept = [];
  for (const key of ['a', 'b', 'c']) kept.push((await keep(store, {resource, key}, 70_000)).id);
  const evicted: string[] = [];
  store.onEvict(({id}) => evicted.push(id));
  const {id} = await keep(store, {resource, key: 'a'}, 120_000);
  expect(await idsOf(store, resource)).toEqual([kept[2], id].toSorted());
  expect(evicted).toEqual([kept[1]]);
});

test('of a crowd, what nobody has used for long goes, whoever it belongs to', async () => {
  let now = 1_000_000;
  const store = storeAt(newFile(), {maxBytes: 1_000_000, now: () => (now += 10)});
  const favourite = await keep(store, {resource, partition: user(1_000)}, 1_000);
  const kept = [];
  for (let count = 0; count < 600; count++) {
    // In the order of keys these come in no order of time.
    kept.push((await keep(store, {resource, partition: user(count), key: user(-1 - count)}, 1_000)).id);
    await store.body(favourite);
    await usesAreWritten(store);
  }
  const left = new Set(await idsOf(store, resource));
  expect(left.has(favourite.id)).toBe(true);
  expect(left.size).toBeGreaterThan(90);
  const lately = kept.slice(-2 * left.size).filter(id => left.has(id));
  expect(lately.length).toBeGreaterThan(0.9 * left.size);
});

test('of a crowd that has to make much room, what was used lately stays', async () => {
  let now = 1_000_000;
  const store = storeAt(newFile(), {maxBytes: 1_000_000, now: () => (now += 10)});
  const kept = [];
  for (let count = 0; count < 100; count++) kept.push(await keep(store, {resource, partition: user(count)}, 1_000));
  const favourites = kept.filter((_, index) => index % 7 === 0);
  for (const favourite of favourites) await store.body(favourite);
  await usesAreWritten(store);
  await keep(store, {resource, partition: user(1_000)}, 120_000);
  const left = await idsOf(store, resource);
  expect(left.length).toBeLessThan(60);
  expect(favourites.filter(({id}) => left.includes(id))).toEqual(favourites);
});

test('variants of one user have their turn among those of others', async () => {
  const store = storeAt(newFile(), {maxBytes: 1_000_000});
  // By how they are kept these come in the order of their cost.
  for (let count = 0; count < 60; count++) await keep(store, {resource, partition: ''}, 1_000 + count);
  for (let count = 0; count < 600; count++) await keep(store, {resource, partition: user(count)}, 1_000);
  expect((await idsOf(store, resource, '')).length).toBeLessThan(10);
});

test('more than one transaction should remove goes in several', async () => {
  const store = storeAt(newFile(), {maxBytes: 1_000_000});
  for (let count = 0; count < 140; count++) await keep(store, {resource, partition: user(count)}, 100);
  // What one transaction removed is told at once.
  const evicted: string[][] = [];
  let isTelling = false;
  store.onEvict(({id}) => {
    if (!isTelling) evicted.push([]);
    isTelling = true;
    queueMicrotask(() => {
      isTelling = false;
    });
    evicted.at(-1)?.push(id);
  });
  const {id} = await keep(store, {resource, partition: user(1_000)}, 245_000);
  expect(await idsOf(store, resource)).toContain(id);
  expect(evicted.flat().length).toBeGreaterThan(130);
  for (const together of evicted) expect(together.length).toBeLessThan(100);
});

test('what a crowd and what credentials take is known exactly, whatever happens to them', async () => {
  const file = newFile();
  const store = storeAt(file, {maxBytes: 1_000_000});
  const known = (): unknown => [
    asked(file, `SELECT cost - (${taken}) FROM crowds WHERE resource = '${resource}'`),
    asked(file, 'SELECT derived - (SELECT sum(cost) FROM responses WHERE derived = 1) FROM state'),
    asked(file, 'SELECT cost - (SELECT sum(cost) FROM responses) FROM state'),
  ];
  for (let count = 0; count < 100; count++) {
    await keep(store, {resource, partition: count % 3 === 0 ? `name ${count}` : user(count), tags: ['t']}, 1_500);
  }
  expect(known()).toEqual([0, 0, 0]);
  await keep(store, {resource, partition: user(1), key: 'k'}, 10);
  await keep(store, {resource, partition: user(1), key: 'k'}, 3_000);
  expect(known()).toEqual([0, 0, 0]);
  const [stored] = await store.list(resource);
  if (stored === undefined) throw new Error('nothing is stored');
  expect(await store.update({...stored, tags: ['a longer one'], groups: ['g']})).toBe('stored');
  const anybodys = await keep(store, {resource, partition: shareable}, 50_000);
  expect(await store.update({...anybodys, partition: user(2)})).toBe('stored');
  expect(known()).toEqual([0, 0, 0]);
  const clear = async (clause: Clause): Promise<void> => {
    await store.clear([clause], remove);
    await store.size(); // Sweeps.
  };
  await clear({type: 'scope', scope: {type: 'partition', partition: user(2)}});
  expect(known()).toEqual([0, 0, 0]);
  await clear({type: 'scope', scope: {type: 'resource', resource}});
  expect(asked(file, 'SELECT count(*) FROM crowds')).toBe(0);
  expect(asked(file, 'SELECT derived FROM state')).toBe(0);
});
