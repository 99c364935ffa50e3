// An older copy of the file knows nothing of the clears that came after it: what they cleared must not come back with it.

import {renameSync, rmSync} from 'node:fs';
import {backup, DatabaseSync} from 'node:sqlite';
import type {CompiledSelection} from 'limpid/store';
import {expect, test} from 'vitest';
import {clear, expectShared, idsOf, keep, newFile, storeAt, toBeNoticed} from './place.ts';

async function copied(from: string, to: string): Promise<void> {
  const database = new DatabaseSync(from);
  await backup(database, to);
  database.close();
}

const nothing: CompiledSelection = [{type: 'scope', scope: {type: 'tag', tag: 'of nothing'}}];

async function moved(copy: string, file: string): Promise<void> {
  for (const part of ['-wal', '-shm']) rmSync(file + part);
  renameSync(copy, file);
}

test.each([
  ['moved into its place', moved],
  ['restored into it', copied],
])('what was cleared does not come back with an older copy that is %s', async (_, put) => {
  const file = newFile();
  const [one, other] = [storeAt(file), storeAt(file)];
  const {id, resource} = await keep(one);
  await copied(file, `${file}.copy`);
  await clear(one);
  await put(`${file}.copy`, file);
  await toBeNoticed();
  expect(await idsOf(one, resource)).toEqual([]);
  await one.tick();
  await toBeNoticed();
  // Also for those who know nothing of the clear.
  expect(await idsOf(storeAt(file), resource)).toEqual([]);
  expect(await idsOf(other, resource)).toEqual([]);
  expect(await one.size()).toEqual({count: 0, bytes: 0});
  await expectShared(one, other);
  expect(await idsOf(one, resource)).not.toContain(id);
});

test.each([
  ['moved into its place', moved],
  ['restored into it', copied],
])('nor where an older copy is %s and the next thing is another clear', async (_, put) => {
  const file = newFile();
  const store = storeAt(file);
  const {resource} = await keep(store);
  await copied(file, `${file}.copy`);
  await clear(store);
  await put(`${file}.copy`, file);
  // The counter of the copy is where it was before, or beyond.
  for (let count = 0; count < 3; count++) await clear(store, nothing);
  expect(await idsOf(store, resource)).toEqual([]);
  await expectShared(store, storeAt(file));
});

test('the counter does not go back with an older copy', async () => {
  const file = newFile();
  const store = storeAt(file);
  await copied(file, `${file}.copy`);
  await clear(store);
  const tick = await store.tick();
  await copied(`${file}.copy`, file);
  expect(await store.tick()).toBeGreaterThanOrEqual(tick);
  expect(await store.tick()).toBeGreaterThan(tick);
});
