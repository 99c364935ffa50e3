// What long bodies leave in the file when they go, however they go, does not make it grow.

import {statSync} from 'node:fs';
import {DatabaseSync} from 'node:sqlite';
import {expect, onTestFinished, test} from 'vitest';
import type {SqliteStore} from '../src/index.ts';
import {headFor} from './crash-bodies.ts';
import {keep, newFile, storeAt} from './place.ts';

const maxBytes = 8_000_000;
const mebibyte = 1_048_576;

/** What the chunks in a file take, in bytes. */
function chunksIn(file: string): () => number {
  const database = new DatabaseSync(file, {readOnly: true});
  onTestFinished(() => database.close());
  return () => Number(database.prepare('SELECT coalesce(sum(size), 0) AS size FROM chunks').get()?.size);
}

test('bodies that gave way to others are freed while the store is used', async () => {
  const file = newFile();
  const store = storeAt(file, {maxBytes});
  let longest = 0;
  for (let count = 0; count < 60; count++) {
    await keep(store, {}, mebibyte);
    longest = Math.max(longest, statSync(file).size);
  }
  expect(longest).toBeLessThan(2 * maxBytes);
  await expect.poll(chunksIn(file)).toBe((await store.size()).bytes);
});

test('bodies that are replaced are freed', async () => {
  const file = newFile();
  const store = storeAt(file, {maxBytes});
  for (let count = 0; count < 30; count++) await keep(store, {resource: 'https://a.example/', key: 'one'}, mebibyte);
  await expect.poll(chunksIn(file)).toBe(mebibyte);
  expect(statSync(file).size).toBeLessThan(maxBytes);
});

async function written(store: SqliteStore, id: string) {
  const sink = store.put(headFor(`https://a.example/${id}`, id, await store.tick()));
  for (let part = 0; part < 8; part++) await sink.write(new Uint8Array(mebibyte / 4));
  return sink;
}

test('bodies that are given up, and those that turn out too long, are freed', async () => {
  const file = newFile();
  const store = storeAt(file, {maxBytes});
  for (let count = 0; count < 10; count++) {
    (await written(store, `given-up-${count}`)).abort();
    const tooLong = await written(store, `too-long-${count}`);
    await tooLong.write(new Uint8Array(mebibyte));
    expect(await tooLong.commit()).toBe('full');
  }
  await expect.poll(chunksIn(file)).toBe(0);
  expect(statSync(file).size).toBeLessThan(maxBytes);
});

test('what many write at the same time takes the place of what is to be freed', async () => {
  const file = newFile();
  const store = storeAt(file, {maxBytes});
  let longest = 0;
  const writers = Array.from({length: 8}, async () => {
    for (let count = 0; count < 15; count++) {
      await keep(store, {}, mebibyte);
      longest = Math.max(longest, statSync(file).size);
    }
  });
  await Promise.all(writers);
  // What is being written comes on top.
  expect(longest).toBeLessThan(3 * maxBytes);
});

test('most free pages go back to the disk, and a few stay', async () => {
  const file = newFile();
  const store = storeAt(file);
  for (let count = 0; count < 20; count++) await keep(store, {}, mebibyte);
  expect(chunksIn(file)()).toBe(20 * mebibyte);
  await store.clear([{type: 'scope', scope: {type: 'all'}}], {action: 'remove', through: false, exact: false});
  await expect.poll(() => statSync(file).size).toBeLessThan(10 * mebibyte);
  expect(statSync(file).size).toBeGreaterThan(mebibyte);
});
