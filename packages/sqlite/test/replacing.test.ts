// A file that is moved, removed or replaced is three files. No process is left with parts of two, whenever it comes.

import {copyFileSync, existsSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {DatabaseSync} from 'node:sqlite';
import type {CompiledSelection, StoredResponse} from 'limpid/store';
import {expect, onTestFinished, test, vi} from 'vitest';
import {identityOf, noticedWithin} from '../src/identity.ts';
import type {SqliteStore} from '../src/index.ts';
import {removeFile, setAside} from '../src/removal.ts';
import {headFor} from './crash-bodies.ts';
import {
  allIn,
  clear,
  clientOf,
  expectShared,
  idsOf,
  isHeld,
  keep,
  newFile,
  origin,
  storeAt,
  textOf,
  toBeNoticed,
} from './place.ts';

vi.mock('node:fs', async original => {
  const fs = await original<typeof import('node:fs')>();
  return {...fs, existsSync: vi.fn(fs.existsSync), renameSync: vi.fn(fs.renameSync), rmSync: vi.fn(fs.rmSync)};
});

const parts = ['', '-wal', '-shm'];
const tagged: CompiledSelection = [{type: 'scope', scope: {type: 'tag', tag: 'of nothing'}}];

function remove(file: string): void {
  for (const part of parts) rmSync(file + part, {force: true});
}

type Step = (path: string, second: never) => void;

/** Runs `meanwhile` once the file itself is gone and before its companions are. */
function afterTheFirst(step: Step, file: string, meanwhile: () => void): void {
  const mocked = vi.mocked(step);
  const real = mocked.getMockImplementation();
  mocked.mockImplementation((path, second) => {
    real?.(path, second);
    if (path === file) meanwhile();
  });
  onTestFinished(() => void mocked.mockImplementation(real as Step));
}

test.each([
  ['moved', renameSync as Step, setAside],
  ['removed', rmSync as Step, removeFile],
] as const)('who comes when a file is %s in part does not begin another beside the rest', async (_, step, take) => {
  const file = newFile();
  const one = storeAt(file);
  await keep(one);
  const come: SqliteStore[] = [];
  afterTheFirst(step, file, () => void (come.length === 0 && come.push(storeAt(file))));
  take(file, identityOf(file), 0);
  const [newcomer] = come;
  if (newcomer === undefined) throw new Error('nobody came');
  expect(await allIn(newcomer)).toEqual([]);
  expect(parts.map(part => existsSync(file + part))).toEqual([true, true, true]);
  await toBeNoticed();
  await expectShared(one, newcomer);
  await expectShared(newcomer, storeAt(file));
});

test('what is left of a file that was removed in part does not become part of the next', async () => {
  const file = newFile();
  const one = storeAt(file);
  await keep(one);
  const log = statSync(`${file}-wal`).ino;
  const index = statSync(`${file}-shm`).ino;
  rmSync(file);
  const next = storeAt(file);
  expect(await allIn(next)).toEqual([]);
  expect([statSync(`${file}-wal`).ino, statSync(`${file}-shm`).ino]).not.toContain(log);
  expect([statSync(`${file}-wal`).ino, statSync(`${file}-shm`).ino]).not.toContain(index);
  await expectShared(next, storeAt(file));
  await toBeNoticed();
  await expectShared(one, next);
});

test.each([
  ['before its log is', 'secure_delete'],
  ['after its log was', 'journal_mode = WAL'],
])('a file that is replaced while it is opened, %s, is not taken for the one in its place', async (_, step) => {
  const file = newFile();
  await storeAt(file).close();
  const others: SqliteStore[] = [];
  const real = Reflect.get(DatabaseSync.prototype, 'exec');
  const asked = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
    if (others.length === 0 && sql.includes(step)) {
      asked.mockRestore();
      remove(file);
      others.push(storeAt(file));
    }
    real.call(this, sql);
  });
  const one = storeAt(file);
  const [other] = others;
  if (other === undefined) throw new Error('nobody replaced it');
  await expectShared(one, other);
});

test('a file that is moved while it is opened is not made again for nobody', async () => {
  const file = newFile();
  await storeAt(file).close();
  const real = Reflect.get(DatabaseSync.prototype, 'exec');
  const asked = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
    asked.mockRestore();
    // As if the path had been opened a moment later.
    remove(file);
    writeFileSync(file, '');
    real.call(this, sql);
  });
  const one = storeAt(file);
  await expectShared(one, storeAt(file));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test.each(['wal', 'shm'])(
  'a file whose -%s is taken away is given up: nobody goes on with what is left of it',
  async part => {
    const file = newFile();
    const one = storeAt(file);
    const stored = await keep(one);
    rmSync(`${file}-${part}`);
    await toBeNoticed();
    expect(await idsOf(one, stored.resource)).toEqual([]);
    await expectShared(one, storeAt(file));
  },
);

test.each([
  ['opening the file a second time', () => undefined],
  // As another thread does that comes before the first has opened it.
  ['opening a file that seems to be closed', () => void vi.mocked(existsSync).mockReturnValue(false)],
])('%s does not let go of the locks that this process has', {timeout: 30_000}, async (_, before) => {
  const file = newFile();
  const one = storeAt(file);
  before();
  const second = storeAt(file);
  vi.mocked(existsSync).mockReset();
  await keep(one);
  expect(isHeld(file)).toBe(true);
  await expectShared(one, second);
});

/** All of it, a step at a time; `meanwhile` runs when the first is met. */
function searching(meanwhile: () => void): CompiledSelection {
  let isMet = false;
  const meets = (): boolean => {
    if (!isMet) {
      isMet = true;
      meanwhile();
    }
    return true;
  };
  return [{type: 'match', within: {type: 'all'}, conditions: {where: meets}, test: meets, covers: undefined}];
}

/** Until this process sees it, for certain. */
function removeAndNotice(file: string, store: SqliteStore): void {
  remove(file);
  const until = performance.now() + noticedWithin + 1;
  while (performance.now() < until);
  void store.tick();
}

async function filled(file: string): Promise<SqliteStore> {
  const store = storeAt(file);
  for (let count = 0; count < 600; count++) await keep(store);
  return store;
}

test('a clear that searches a file goes on in the one that takes its place', async () => {
  const file = newFile();
  const store = await filled(file);
  let inItsPlace: Promise<StoredResponse> | undefined;
  const what = searching(() => {
    removeAndNotice(file, store);
    inItsPlace = keep(storeAt(file));
  });
  await expect(clear(store, what)).resolves.toMatchObject({tick: expect.any(Number)});
  expect(await inItsPlace).toBeDefined();
  expect(await allIn(store)).toEqual([]);
});

test('a walk over a file that is removed ends with what lies in its place', async () => {
  const file = newFile();
  const store = await filled(file);
  const ids: string[] = [];
  const what = searching(() => removeAndNotice(file, store));
  let inItsPlace: string | undefined;
  for await (const {id} of store.entries(what)) {
    ids.push(id);
    inItsPlace ??= (await keep(store)).id;
  }
  expect(ids.at(-1)).toBe(inItsPlace);
  expect(ids.length).toBeLessThan(600);
});

test('what began by the counter of another file is not stored, however long it takes', async () => {
  const file = newFile();
  await storeAt(file).close();
  copyFileSync(file, `${file}.copy`);
  const store = storeAt(file);
  for (let count = 0; count < 5; count++) await clear(store, tagged);
  const began = await store.tick();
  const late = store.put(headFor('https://a.example/', 'late', began));
  remove(file);
  renameSync(`${file}.copy`, file);
  await toBeNoticed();
  const other = storeAt(file);
  expect(await store.put(headFor('https://a.example/', 'first', began)).commit()).toBe('fenced');
  // What else is cleared takes the counter to where it had been, and beyond.
  await clear(other, [{type: 'scope', scope: {type: 'resource', resource: 'https://a.example/'}}]);
  for (let count = 0; count < 10; count++) await clear(other, tagged);
  expect(await late.commit()).toBe('fenced');
  await expectShared(store, other);
});

test('what seems to begin later than now is not stored, and does not count where it is', async () => {
  const file = newFile();
  const store = storeAt(file);
  const tick = await store.tick();
  expect(await store.put(headFor('https://a.example/', 'later', tick + 1)).commit()).toBe('fenced');
  const {id, resource} = await keep(store);
  const database = new DatabaseSync(file);
  database.prepare('UPDATE responses SET began = ?').run(tick + 1000);
  database.close();
  expect(await idsOf(store, resource)).toEqual([]);
  await clear(store);
  expect((await allIn(store)).map(stored => stored.id)).not.toContain(id);
});

test('a flight that began before the clock was set back and the file removed is not stored', async () => {
  const file = newFile();
  let time = Date.now();
  const url = await origin();
  const one = clientOf(storeAt(file, {now: () => time}));
  await textOf(one, url);
  const began = await storeAt(file).tick();
  remove(file);
  time -= 10_000;
  const other = storeAt(file, {now: () => time});
  expect(await other.put(headFor(url, 'late', began)).commit()).toBe('fenced');
  expect(await textOf(clientOf(other), url)).toBe('answer 2');
});
