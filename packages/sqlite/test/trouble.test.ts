// Promises 4 and 5 with a real file: no request fails, none hangs, nothing half is served, and a clear that did not
// happen is known.

import {execFileSync} from 'node:child_process';
import {once} from 'node:events';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {createServer} from 'node:net';
import {basename, dirname, join} from 'node:path';
import {DatabaseSync, StatementSync} from 'node:sqlite';
import {describe, expect, onTestFailed, onTestFinished, test, vi} from 'vitest';
import {SqliteStore, type SqliteStoreOptions} from '../src/index.ts';
import {headFor} from './crash-bodies.ts';
import {allIn, type Client, clientOf, folder, newFile, origin, storeAt, textOf, toBeNoticed} from './place.ts';

/** Where a damaged file is now; there is one at most. */
const asideOf = (file: string): string =>
  readdirSync(dirname(file))
    .filter(name => /\.damaged-\d+$/.test(name))
    .map(name => join(dirname(file), name))
    .join();

const causes = ({errors}: Client): readonly string[] =>
  errors.map(({error}) => /^limpid: (.*) \(STORE_FAILED/.exec(((error as Error).cause as Error).message)?.[1] ?? '');

async function filled(client: Client, url: string): Promise<void> {
  for (let path = 0; path < 200; path++) await textOf(client, `${url}/${path}`);
}

/** Overwrites all of a file but its end. */
function damage(file: string): void {
  new DatabaseSync(file).exec('PRAGMA wal_checkpoint(TRUNCATE)');
  writeFileSync(file, Buffer.alloc(statSync(file).size - 4096, 0xaa), {flag: 'r+'});
}

describe('a file that is not ours is refused and left as it is', () => {
  const refused = (file: string, message: string): void => {
    const before = readFileSync(file);
    const beside = readdirSync(dirname(file));
    expect(() => new SqliteStore({file})).toThrow(message);
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(dirname(file))).toEqual(beside);
  };

  test.each([
    ['text', Buffer.from('dear diary')],
    ['bytes', Buffer.alloc(5000, 7)],
    ['text that begins as a database does', Buffer.from('SQLite')],
    ['a database too short to carry a mark', Buffer.from('SQLite format 3\0').subarray(0, 16)],
    ['a database cut off, without our mark', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(83)])],
  ])('%s', (_, bytes) => {
    const file = newFile();
    writeFileSync(file, bytes);
    refused(file, 'is not a cache of limpid');
  });

  test('a database of somebody else', () => {
    const file = newFile();
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE accounts (owner TEXT)');
    database.close();
    refused(file, 'is not a cache of limpid');
  });

  test('one of a later version', async () => {
    const file = newFile();
    await new SqliteStore({file}).close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99; PRAGMA journal_mode = DELETE');
    database.close();
    refused(file, 'schema 99');
  });

  test('one of a later version, whose process was killed before it had emptied its log', async () => {
    const file = newFile();
    const made = newFile();
    await new SqliteStore({file: made}).close();
    const database = new DatabaseSync(made);
    database.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99');
    for (const suffix of ['', '-wal']) copyFileSync(made + suffix, file + suffix);
    database.close();
    const before = ['', '-wal'].map(suffix => readFileSync(file + suffix));
    expect(() => new SqliteStore({file})).toThrow('schema 99');
    expect(['', '-wal'].map(suffix => readFileSync(file + suffix))).toEqual(before);
    expect(before[1]?.length).toBeGreaterThan(0);
  });
});

describe('what is no file is refused and left as it is', () => {
  const refused = (file: string): void => {
    const allowed = 'allowed: a new file, or one that a SqliteStore made';
    expect(() => new SqliteStore({file})).toThrow(`${file} is not a cache of limpid; ${allowed}`);
    expect(readdirSync(dirname(file))).toEqual([basename(file)]);
  };

  test('a folder', () => {
    const file = newFile();
    mkdirSync(file);
    refused(file);
  });

  test('a pipe', () => {
    const file = newFile();
    execFileSync('mkfifo', [file]);
    // Who opened it to write would wait for a reader, and nothing could end the test.
    const reader = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    onTestFinished(() => closeSync(reader));
    refused(file);
  });

  test('a socket', async () => {
    const file = newFile();
    const server = createServer().listen(file);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    refused(file);
  });

  test('what takes the place of the file while it is open', async () => {
    const file = newFile();
    const client = clientOf(storeAt(file));
    const url = await origin();
    await textOf(client, url);
    rmSync(file);
    mkdirSync(file);
    await toBeNoticed();
    expect(await textOf(client, url)).toBe('answer 2');
    expect(causes(client)).toContain(
      `${file} is not a cache of limpid; allowed: a new file, or one that a SqliteStore made`,
    );
    expect(statSync(file).isDirectory()).toBe(true);
  });
});

test('what lies in the place of its lock and is none is told of, and left as it is', () => {
  const file = newFile();
  writeFileSync(`${file}-lock`, 'dear diary '.repeat(100));
  expect(() => new SqliteStore({file})).toThrow(`${file}-lock is not a lock of limpid; allowed: that it is not there`);
  expect(readFileSync(`${file}-lock`, 'utf8')).toBe('dear diary '.repeat(100));
  expect(existsSync(file)).toBe(false);
});

describe('a damaged file is set aside and reported, and requests go on', () => {
  // Below 1: a share of what it has.
  const anywhere = Array.from({length: 5}, () => Math.random());

  test.each([24, 50, 72, 99, 100, 4096, 5000, 20_000, ...anywhere])('cut off at %f', async cut => {
    const file = newFile();
    const url = await origin();
    const store = storeAt(file);
    const first = clientOf(store);
    for (let path = 0; path < 60; path++) expect(await textOf(first, `${url}/${path}`)).toMatch(/^answer/);
    await first.cache.close();
    await store.close();
    const {size} = statSync(file);
    const left = cut < 1 ? Math.floor(size * cut) : cut;
    truncateSync(file, left);
    const client = clientOf(storeAt(file));
    for (let round = 0; round < 2; round++) {
      for (let path = 0; path < 60; path++) expect(await textOf(client, `${url}/${path}`)).toMatch(/^answer \d+$/);
    }
    await client.cache.clear();
    expect(await client.cache.stats()).toMatchObject({size: {count: 0, bytes: 0}});
    const before = await textOf(client, `${url}/0`);
    expect(await textOf(client, `${url}/0`)).toBe(before);
    // Of the last page there may be nothing to miss.
    if (size - left >= 4096 || causes(client).length > 0)
      expect(causes(client)).toEqual([`${file} is damaged; it was moved to ${asideOf(file)}`]);
  });

  test.each(['', '-wal'])('cut while it is open: cache.db%s', async suffix => {
    const file = newFile();
    const url = await origin();
    const client = clientOf(storeAt(file));
    await filled(client, url);
    if (suffix === '') new DatabaseSync(file).exec('PRAGMA wal_checkpoint(TRUNCATE)');
    for (const share of [...anywhere, 0.001]) {
      onTestFailed(() => console.error(`cut at ${share} of it`));
      // What was damaged has been moved aside.
      if (!existsSync(file + suffix)) await filled(client, url);
      truncateSync(file + suffix, Math.ceil(statSync(file + suffix).size * share));
      for (let path = 0; path < 60; path++) expect(await textOf(client, `${url}/${path}`)).toMatch(/^answer \d+$/);
      const before = await textOf(client, `${url}/0`);
      await client.cache.clear();
      expect(await textOf(client, `${url}/0`)).not.toBe(before);
      if (suffix === '-wal') await filled(client, url);
    }
    const kept = await textOf(client, `${url}/0`);
    expect(await textOf(client, `${url}/0`)).toBe(kept);
  });

  test('overwritten while it is open', async () => {
    const file = newFile();
    const url = await origin();
    const client = clientOf(storeAt(file));
    await filled(client, url);
    damage(file);
    for (let path = 0; path < 200; path++) expect(await textOf(client, `${url}/${path}`)).toMatch(/^answer \d+$/);
    await client.cache.clear();
    const before = await textOf(client, `${url}/0`);
    expect(await textOf(client, `${url}/0`)).toBe(before);
    expect(causes(client)).toEqual([`${file} is damaged; it was moved to ${asideOf(file)}`]);
  });
});

describe('a file with our mark that holds something else is set aside, once', () => {
  const mark = 'PRAGMA application_id = 0x4c4d5044;';
  test.each([
    ['no tables', `${mark} PRAGMA user_version = 3; CREATE TABLE accounts (owner TEXT)`],
    ['tables of another kind', `${mark} CREATE TABLE state (owner TEXT)`],
  ])('%s', async (_, sql) => {
    const file = newFile();
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
    await goesOn(file);
  });

  test('no state', async () => {
    const file = newFile();
    await new SqliteStore({file}).close();
    const database = new DatabaseSync(file);
    database.exec('DELETE FROM state');
    database.close();
    await goesOn(file);
  });

  async function goesOn(file: string): Promise<void> {
    const url = await origin();
    const client = clientOf(storeAt(file));
    expect(await textOf(client, url)).toBe('answer 1');
    expect(await textOf(client, url)).toBe('answer 2');
    expect(await textOf(client, url)).toBe('answer 2');
    await client.cache.clear();
    expect(causes(client)).toEqual([`${file} is damaged; it was moved to ${asideOf(file)}`]);
  }
});

describe('damage in the middle of a long body is met once', () => {
  test.each<[string, SqliteStoreOptions['compress'], string]>([
    ['a part that is gone', false, 'DELETE FROM chunks WHERE place = 2'],
    ['a part that is empty', false, "UPDATE chunks SET bytes = x'', size = 0 WHERE place = 2"],
    ['a part that cannot be decompressed', 'brotli', 'UPDATE chunks SET bytes = zeroblob(1000) WHERE place = 2'],
  ])('%s', async (_, compress, sql) => {
    const file = newFile();
    const whole = 'x'.repeat(1_000_000);
    const client = clientOf(storeAt(file, {compress: compress ?? false}));
    const url = await origin((_request, response) => response.end(whole));
    await textOf(client, url);
    new DatabaseSync(file).exec(sql);
    const hit = await client.get(url);
    await expect(hit.text()).rejects.toThrow('is damaged');
    expect(await textOf(client, url)).toBe(whole);
    expect(causes(client)).toEqual([`${file} is damaged; it was moved to ${asideOf(file)}`]);
    await textOf(client, url);
    const back = await client.get(url);
    expect([await back.text(), back.headers.get('cache-status')]).toEqual([whole, expect.stringMatching(/; hit/)]);
  });

  test('a short one that cannot be decompressed comes from the origin, too', async () => {
    const file = newFile();
    const whole = 'x'.repeat(100_000);
    const client = clientOf(storeAt(file, {compress: 'brotli'}));
    const url = await origin((_, response) => response.end(whole));
    await textOf(client, url);
    new DatabaseSync(file).exec('UPDATE responses SET body = zeroblob(1000)');
    expect(await textOf(client, url)).toBe(whole);
    expect(causes(client)).toEqual([`${file} is damaged; it was moved to ${asideOf(file)}`]);
  });
});

test.each([{tag: 'none'}, {prefix: 'http://127.0.0.1'}, {all: true}] as const)(
  'a clear that is the first to meet a damaged file works: %o',
  async selection => {
    const file = newFile();
    const url = await origin();
    const client = clientOf(storeAt(file));
    await filled(client, url);
    damage(file);
    await client.cache.clear(selection);
    expect(await client.cache.stats()).toMatchObject({size: {count: 0, bytes: 0}});
    expect(readdirSync(dirname(file)).filter(name => name.includes('.damaged-')).length).toBeGreaterThan(0);
    const before = await textOf(client, `${url}/0`);
    expect(await textOf(client, `${url}/0`)).toBe(before);
  },
);

test('a damaged file that another has set aside already does not cost the one that took its place', async () => {
  const file = newFile();
  const url = await origin();
  const [one, other] = [clientOf(storeAt(file)), clientOf(storeAt(file))];
  await filled(one, url);
  await textOf(other, `${url}/0`);
  // It has just looked whether the file is in its place, and does not look again so soon.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  onTestFinished(() => clock.mockRestore());
  damage(file);
  await one.cache.clear();
  const before = await textOf(one, `${url}/0`);
  for (let path = 1; path < 60; path++) await textOf(other, `${url}/${path}`);
  clock.mockRestore();
  expect(await textOf(one, `${url}/0`)).toBe(before);
  expect(causes(other)).toEqual([`${file} is damaged; it was moved by another process`]);
  expect(asideOf(file).split(',')).toHaveLength(1);
});

describe('a file that cannot be written', () => {
  test('in what is no folder', async () => {
    const inTheWay = join(folder(), 'file');
    writeFileSync(inTheWay, '');
    const file = join(inTheWay, 'cache.db');
    const url = await origin();
    const client = clientOf(storeAt(file));
    expect(await textOf(client, url)).toBe('answer 1');
    const allowed = 'allowed: a file that this process may make, read and write';
    expect(new Set(causes(client))).toEqual(new Set([`${file} cannot be opened; ${allowed}`]));
    await expect(client.cache.clear()).rejects.toMatchObject({code: 'CLEAR_FAILED'});
    rmSync(inTheWay);
    await client.cache.clear();
    expect(await textOf(client, url)).toBe(await textOf(client, url));
  });

  test('where no folder can ever be made', async () => {
    const client = clientOf(storeAt('/proc/none/cache.db'));
    expect(await textOf(client, await origin())).toBe('answer 1');
    expect(causes(client)).toContainEqual(expect.stringContaining('/proc/none/cache.db cannot be opened'));
  });

  test('because its folder has been removed, until it is made again', async () => {
    const file = join(folder(), 'one', 'two', 'cache.db');
    const url = await origin();
    const client = clientOf(storeAt(file));
    expect(await textOf(client, url)).toBe(await textOf(client, url));
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    rmSync(dirname(dirname(file)), {recursive: true});
    await client.cache.clear();
    expect(await textOf(client, url)).toBe('answer 2');
    expect(await textOf(client, url)).toBe('answer 2');
    expect(causes(client)).toEqual([]);
  });

  test('because another process holds its lock', async () => {
    const file = newFile();
    const url = await origin();
    const client = clientOf(storeAt(file));
    expect(await textOf(client, url)).toBe('answer 1');
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const began = performance.now();
    expect(await textOf(client, url)).toBe('answer 1');
    expect(await textOf(client, `${url}/2`)).toBe('answer 2');
    expect(performance.now() - began).toBeLessThan(1_500);
    const clear = client.cache.clear();
    setTimeout(() => other.exec('ROLLBACK'), 300);
    await clear;
    expect(await textOf(client, url)).toBe('answer 3');
    other.close();
  });

  test('nor read, because another process has it for itself', {timeout: 20_000}, async () => {
    const file = newFile();
    const url = await origin();
    await storeAt(file).close();
    const other = new DatabaseSync(file);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const client = clientOf(storeAt(file));
    const took = async (path: string): Promise<number> => {
      const began = performance.now();
      expect(await textOf(client, url + path)).toMatch(/^answer/);
      return performance.now() - began;
    };
    expect(await took('/1')).toBeGreaterThan(400);
    // Then it is left alone for as long.
    for (let path = 2; path < 6; path++) expect(await took(`/${path}`)).toBeLessThan(200);
    const clear = client.cache.clear();
    setTimeout(() => other.close(), 2_000);
    await clear;
    await textOf(client, url);
    expect(await textOf(client, url)).toBe('answer 6');
  });

  test('because another process holds its lock longer than a clear waits', {timeout: 30_000}, async () => {
    const file = newFile();
    const url = await origin();
    const client = clientOf(storeAt(file));
    const kept = await textOf(client, url);
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const began = performance.now();
    await expect(client.cache.clear()).rejects.toMatchObject({code: 'CLEAR_FAILED'});
    expect(performance.now() - began).toBeLessThan(12_000);
    other.exec('ROLLBACK');
    other.close();
    // What did not happen does not happen later, either.
    expect(await textOf(client, url)).toBe(kept);
    await client.cache.clear();
    expect(await textOf(client, url)).not.toBe(kept);
  });
});

test('a clear holds in the file that has taken the place of this one a moment ago', async () => {
  const file = newFile();
  const url = await origin();
  const one = clientOf(storeAt(file));
  await textOf(one, url);
  await toBeNoticed();
  // Looks where its file is, and relies on that for a while.
  await textOf(one, url);
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, {force: true});
  const other = clientOf(storeAt(file));
  const kept = await textOf(other, url);
  expect(await textOf(other, url)).toBe(kept);
  await one.cache.clear();
  expect(await textOf(other, url)).not.toBe(kept);
});

test('a clear in a new file waits until nobody answers from the one that was removed', async () => {
  const file = newFile();
  const url = await origin();
  const one = clientOf(storeAt(file));
  const kept = await textOf(one, url);
  await toBeNoticed();
  // Looks where its file is, and relies on that for a while.
  expect(await textOf(one, url)).toBe(kept);
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, {force: true});
  // Knows nothing of the file before.
  await clientOf(storeAt(file)).cache.clear();
  expect(await textOf(one, url)).not.toBe(kept);
});

test('a file that is removed or replaced is noticed before the next clear is over', async () => {
  const file = newFile();
  const url = await origin();
  const [one, other] = [clientOf(storeAt(file)), clientOf(storeAt(file))];
  expect(await textOf(one, url)).toBe('answer 1');
  expect(await textOf(other, url)).toBe('answer 1');
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, {force: true});
  await toBeNoticed();
  await one.cache.clear();
  expect(await textOf(other, url)).toBe('answer 2');
  expect(existsSync(file)).toBe(true);
});

test('a body that is being read is read to its end when the file is removed', async () => {
  const file = newFile();
  const body = 'x'.repeat(3_000_000);
  const url = await origin((_, response) => response.end(body));
  const client = clientOf(storeAt(file));
  await textOf(client, url);
  const reader = (await client.get(url)).body?.getReader();
  const pieces = [await reader?.read()];
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, {force: true});
  await toBeNoticed();
  await client.cache.clear();
  while (!pieces.at(-1)?.done) pieces.push(await reader?.read());
  expect(pieces.reduce((length, piece) => length + (piece?.value?.byteLength ?? 0), 0)).toBe(body.length);
});

test('the file is for its owner alone, and so are its companions', async () => {
  const file = newFile();
  const url = await origin();
  const client = clientOf(storeAt(file));
  await textOf(client, url);
  for (const suffix of ['', '-wal', '-shm']) expect(statSync(file + suffix).mode & 0o777).toBe(0o600);
});

test('what was cleared is not in the file any more', async () => {
  const file = newFile();
  const secret = 'correct horse battery staple';
  const url = await origin((_, response) => response.end(secret));
  const store = storeAt(file);
  const client = clientOf(store);
  await textOf(client, url, {headers: {authorization: 'Bearer hunter2'}});
  expect((await allIn(store)).length).toBe(1);
  await client.cache.clear();
  await store.size();
  await client.cache.close();
  await store.close();
  for (const name of readdirSync(dirname(file))) {
    const bytes = readFileSync(join(dirname(file), name));
    expect(bytes.includes(secret)).toBe(false);
    expect(bytes.includes('hunter2')).toBe(false);
  }
});

test('a body that cannot be read for a while does not use up the readers', async () => {
  const file = newFile();
  const whole = 'x'.repeat(400_000);
  const client = clientOf(storeAt(file));
  const url = await origin((_, response) => response.end(whole));
  await textOf(client, url);
  const real = Reflect.get(StatementSync.prototype, 'get') as (this: StatementSync, ...values: unknown[]) => never;
  const asked = vi.spyOn(StatementSync.prototype, 'get').mockImplementation(function (this: StatementSync, ...values) {
    if (this.sourceSQL.includes('FROM chunks')) throw new Error('disk I/O error');
    return real.apply(this, values);
  });
  for (let attempt = 0; attempt < 40; attempt++) {
    expect(await textOf(client, url, {cache: 'force-cache', headers: {range: 'bytes=0-1'}})).not.toBe('');
  }
  asked.mockRestore();
  const back = await client.get(url);
  expect(await back.text()).toBe(whole);
  expect(back.headers.get('cache-status')).toMatch(/; hit/);
});

test('a store that is closed while a body arrives makes no file again', async () => {
  const file = newFile();
  const store = storeAt(file);
  const sink = store.put(headFor('https://a.example/', 'x-1', await store.tick()));
  await sink.write(new Uint8Array(200_000));
  await store.close();
  rmSync(dirname(file), {recursive: true});
  await Promise.allSettled([sink.write(new Uint8Array(200_000)), sink.commit()]);
  sink.abort();
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(existsSync(dirname(file))).toBe(false);
});
