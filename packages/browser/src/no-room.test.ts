// A database in which nothing more can be written: what is to be removed can be, and what would need a mark is refused.

import * as fake from 'fake-indexeddb';
import type {Clause, ClearHow, StoredResponse} from 'limpid/store';
import {storedResponse} from 'limpid/store-contract';
import {expect, onTestFinished, test, vi} from 'vitest';
import {IndexedDbStore} from './index.ts';

Object.assign(globalThis, fake, {indexedDB: fake.default});

let made = 0;
const remove: ClearHow = {action: 'remove', through: false, exact: false};
const tagged: Clause = {type: 'scope', scope: {type: 'tag', tag: 't'}};

function open(): IndexedDbStore {
  const store = new IndexedDbStore({name: `no-room-${++made}`});
  onTestFinished(() => store.close());
  return store;
}

async function put(store: IndexedDbStore, stored: StoredResponse): Promise<string> {
  const sink = store.put(stored);
  await sink.write(new Uint8Array(10));
  return sink.commit();
}

/** From now on there is no more room; the result ends that. */
function fill(): () => void {
  const puts = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('no more', 'QuotaExceededError');
  });
  onTestFinished(() => puts.mockRestore());
  return () => puts.mockRestore();
}

test('a clear removes everything, and fences what is under way', async () => {
  const store = open();
  const others = await store.tick();
  expect(await put(store, storedResponse({began: others, tags: ['t']}))).toBe('stored');
  expect(await put(store, storedResponse({began: others, key: 'of no tag'}))).toBe('stored');
  const underWay = storedResponse({began: await store.tick(), tags: ['t'], key: 'under way'});
  const release = fill();
  await store.clear([tagged], remove);
  release();
  expect(await store.size()).toEqual({count: 0, bytes: 0});
  expect(await put(store, underWay)).toBe('fenced');
  expect(await put(store, {...underWay, began: await store.tick()})).toBe('stored');
});

test('an expiry rejects, and changes nothing', async () => {
  const store = open();
  expect(await put(store, storedResponse({began: await store.tick(), tags: ['t']}))).toBe('stored');
  const release = fill();
  await expect(store.clear([tagged], {...remove, action: 'expire'})).rejects.toThrow('no more room');
  release();
  expect(await store.size()).toEqual({count: 1, bytes: 10});
  expect((await store.list('https://a.example/')).map(({expired}) => expired)).toEqual([false]);
});

test('a clear that is to get through rejects, and has removed everything here', async () => {
  const store = open();
  expect(await put(store, storedResponse({began: await store.tick(), tags: ['t']}))).toBe('stored');
  const release = fill();
  await expect(store.clear([tagged], {...remove, through: true})).rejects.toThrow('no more room');
  release();
  expect(await store.size()).toEqual({count: 0, bytes: 0});
});

test('who empties the database takes the secret, and no tab names users by the old one', async () => {
  const name = `emptied-${++made}`;
  const [one, other] = [new IndexedDbStore({name}), new IndexedDbStore({name})];
  onTestFinished(async () => void (await Promise.all([one.close(), other.close()])));
  const before = await one.pseudonym('secret');
  expect(await one.pseudonym('secret')).toBe(before);
  await new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.addEventListener('error', reject);
    opening.addEventListener('success', () => {
      const {result} = opening;
      const names = [...result.objectStoreNames];
      const transaction = result.transaction(names, 'readwrite');
      for (const store of names) transaction.objectStore(store).clear();
      transaction.addEventListener('complete', resolve);
      result.close();
    });
  });
  const after = await other.pseudonym('secret');
  expect(after).not.toBe(before);
  expect(await one.pseudonym('secret')).toBe(after);
});
