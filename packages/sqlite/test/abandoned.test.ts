// Of a long body whose writer has died, been suspended or lost the file, nothing is served and nothing stays.

import {rmSync} from 'node:fs';
import {DatabaseSync} from 'node:sqlite';
import type {BodySink} from 'limpid/store';
import {expect, onTestFinished, test} from 'vitest';
import {headFor} from './crash-bodies.ts';
import {allIn, keep, newFile, storeAt} from './place.ts';

const minute = 60_000;

function chunksIn(file: string): () => readonly unknown[] {
  const database = new DatabaseSync(file, {readOnly: true});
  onTestFinished(() => database.close());
  return () =>
    database
      .prepare('SELECT DISTINCT body FROM chunks ORDER BY body')
      .all()
      .map(({body}) => body);
}

/** A long body, of which the first half has been written. */
async function begun(file: string): Promise<BodySink> {
  const store = storeAt(file);
  const sink = store.put(headFor('https://a.example/long', 'long', await store.tick()));
  await sink.write(new Uint8Array(500_000));
  return sink;
}

test('chunks nobody has written to for ten minutes are removed, and what is whole stays', async () => {
  const file = newFile();
  const whole = await keep(storeAt(file), {}, 500_000);
  const sink = await begun(file);
  const chunks = chunksIn(file);
  expect(chunks()).toEqual(['long', whole.id]);

  const early = storeAt(file, {now: () => Date.now() + 9 * minute});
  expect((await allIn(early)).map(({id}) => id)).toEqual([whole.id]);
  await early.close();
  expect(chunks()).toEqual(['long', whole.id]);

  const late = storeAt(file, {now: () => Date.now() + 11 * minute});
  await expect.poll(chunks).toEqual([whole.id]);
  expect((await allIn(late)).map(({id}) => id)).toEqual([whole.id]);

  // Its writer was only slow: a body of which a part is gone is not stored.
  await sink.write(new Uint8Array(500_000));
  expect(await sink.commit()).not.toBe('stored');
  expect((await allIn(late)).map(({id}) => id)).toEqual([whole.id]);
});

test('of a body whose file was replaced in the middle, nothing is stored', async () => {
  const file = newFile();
  const sink = await begun(file);
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix);
  const other = storeAt(file);
  // How long a process may take to see it.
  await new Promise(resolve => setTimeout(resolve, 110));
  await sink.write(new Uint8Array(500_000));
  expect(await sink.commit()).not.toBe('stored');
  expect(await allIn(other)).toEqual([]);
  await expect.poll(chunksIn(file)).toEqual([]);
});

test('one that is slow but alive is left alone, however long it takes', async () => {
  const file = newFile();
  let time = Date.now();
  const store = storeAt(file, {now: () => time});
  const sink = store.put(headFor('https://a.example/long', 'long', await store.tick()));
  for (let part = 0; part < 4; part++) {
    await sink.write(new Uint8Array(500_000));
    time += 9 * minute;
    await storeAt(file, {now: () => time}).close();
  }
  expect(await sink.commit()).toBe('stored');
});
