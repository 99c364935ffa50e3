// A file that an earlier version of this package wrote: `version-1.db.gz` came of the last one with that schema.

import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {gunzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {schemaVersion} from '../src/schema.ts';
import {clientOf, idsOf, keep, newFile, storeAt, textOf} from './place.ts';

const me = 'https://a.example/me';
const as = (name: string): RequestInit => ({headers: {authorization: name}});

/** Holds what one, two, three and nobody were given of `/me`, and of `/shared` what one was given for everybody. */
function earlier(): string {
  const file = newFile();
  writeFileSync(file, gunzipSync(readFileSync(join(import.meta.dirname, 'version-1.db.gz'))));
  return file;
}

function asked(file: string, sql: string): unknown {
  const database = new DatabaseSync(file);
  const row = database.prepare(sql).get();
  database.close();
  return row && Object.values(row)[0];
}

test('a file of version 1 is brought up to date, and what it holds is served', async () => {
  const file = earlier();
  expect(asked(file, 'PRAGMA user_version')).toBe(1);
  const client = clientOf(storeAt(file));
  expect(asked(file, 'PRAGMA user_version')).toBe(schemaVersion);
  // Nothing answers at this address: all of it comes out of the file.
  for (const name of ['one', 'two', 'three']) expect(await textOf(client, me, as(name))).toBe(`for ${name}`);
  expect(await textOf(client, me)).toBe('for nobody');
  expect(await textOf(client, 'https://a.example/shared', as('three'))).toBe('for one');
  await client.cache.clear({tag: 't'});
  expect(await client.cache.stats()).toMatchObject({size: {count: 0, bytes: 0}});
});

test('a file of version 1 knows afterwards what credentials take together', async () => {
  const file = earlier();
  const store = storeAt(file);
  const known = 'SELECT derived - (SELECT sum(cost) FROM responses WHERE derived = 1) FROM state';
  expect(asked(file, 'SELECT derived > 3000 FROM state')).toBe(1);
  expect(asked(file, known)).toBe(0);
  await keep(store, {resource: me, partition: `~${'0'.repeat(32)}`});
  expect(asked(file, known)).toBe(0);
});

test('processes that open a file of version 1 share it', async () => {
  const file = earlier();
  const [one, other] = [storeAt(file), storeAt(file)];
  const {id} = await keep(one, {resource: me, partition: 'four'});
  expect(await idsOf(other, me, 'four')).toEqual([id]);
  expect((await idsOf(other, me)).length).toBe(5);
});
