// A path that is a link: all that belongs to the file lies beside the file itself, as SQLite has it.

import {existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {SqliteStore} from '../src/index.ts';
import {expectShared, folder, idsOf, isHeld, keep, storeAt, toBeNoticed} from './place.ts';

/** A link to where a file is to be, in another folder. */
function linked(): {readonly link: string; readonly file: string} {
  const place = folder();
  const [link, file] = [join(place, 'link.db'), join(place, 'data', 'cache.db')];
  mkdirSync(dirname(file));
  symlinkSync(file, link);
  return {link, file};
}

test('the file is made where the link leads, and all else beside it', async () => {
  const {link, file} = linked();
  await keep(storeAt(link));
  const made = ['cache.db', 'cache.db-lock', 'cache.db-shm', 'cache.db-wal'];
  expect(readdirSync(dirname(file)).toSorted()).toEqual(made);
  expect(readdirSync(dirname(link)).toSorted()).toEqual(['data', 'link.db']);
});

test('the folder that a link leads to is made, too', async () => {
  const {link, file} = linked();
  rmSync(dirname(file), {recursive: true});
  await keep(storeAt(link));
  expect(existsSync(file)).toBe(true);
});

test('who comes by the link and who comes by the path share the file', async () => {
  const {link, file} = linked();
  const [one, other] = [storeAt(link), storeAt(file)];
  await expectShared(one, other);
  await expectShared(other, one);
});

test('opening a link a second time does not let go of the locks that this process has', async () => {
  const {link, file} = linked();
  const [one, other] = [storeAt(link), storeAt(link)];
  await keep(one);
  expect(isHeld(file)).toBe(true);
  await expectShared(one, other);
});

test.each(['wal', 'shm'])('a file whose -%s is taken away is given up, also behind a link', async part => {
  const {link, file} = linked();
  const one = storeAt(link);
  const {resource} = await keep(one);
  rmSync(`${file}-${part}`);
  await toBeNoticed();
  expect(await idsOf(one, resource)).toEqual([]);
  await expectShared(one, storeAt(file));
  expect(statSync(link).ino).toBe(statSync(file).ino);
});

test('a link that is made to lead to another file is followed', async () => {
  const {link, file} = linked();
  const one = storeAt(link);
  const {resource} = await keep(one);
  symlinkSync(`${file}.next`, `${link}.next`);
  renameSync(`${link}.next`, link);
  await toBeNoticed();
  expect(await idsOf(one, resource)).toEqual([]);
  await expectShared(one, storeAt(`${file}.next`));
  expect((await idsOf(storeAt(file), resource)).length).toBe(1);
});

test('links that lead to each other keep nobody from starting', async () => {
  const link = join(folder(), 'link.db');
  symlinkSync(`${link}.next`, link);
  symlinkSync(link, `${link}.next`);
  const store = new SqliteStore({file: link});
  await expect(async () => store.tick()).rejects.toThrow(`${link} cannot be opened`);
  await store.close();
});
