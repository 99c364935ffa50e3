// Searches by prefix or by tag: what is read, and that nothing is missed.

import {type Server, startServer} from '@limpid/redis-servers';
import type {Clause, Conditions, StoredResponse} from 'limpid/store';
import {afterAll, beforeAll, expect, onTestFinished, test} from 'vitest';
import {RedisStore} from '../src/index.ts';
import {keep, url} from './stored.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

let made = 0;

function storeOf(): RedisStore {
  const store = new RedisStore({url: server.url, prefix: `p${++made}`, timeout: 2_000});
  onTestFinished(() => store.close());
  return store;
}

const matching = (conditions: Conditions, selects: (stored: StoredResponse) => boolean): Clause => ({
  type: 'match',
  within: {type: 'all'},
  conditions,
  test: selects,
  covers: undefined,
});

const byPrefix = (prefix: string): Clause => matching({prefix}, stored => stored.url.startsWith(prefix));

const page = (name: string, more: Partial<StoredResponse> = {}): Partial<StoredResponse> => ({
  resource: `${url}${name}`,
  url: `${url}${name}`,
  ...more,
});

const remove = {action: 'remove', through: false, exact: false} as const;

test('a clear by prefix reads what it selects, and not what lies beside', async () => {
  const store = storeOf();
  for (let other = 0; other < 200; other++) await keep(store, page(`others/${other}`));
  for (const partition of ['', 'one', 'two']) await keep(store, page('mine/1', {partition, key: `of ${partition}`}));
  const reads = async (): Promise<number> =>
    Number(/cmdstat_hgetall:calls=(\d+)/.exec(await server.tell('INFO', 'commandstats'))?.[1] ?? 0);
  const before = await reads();
  expect(await store.clear([byPrefix(`${url}mine/`)], remove)).toMatchObject({count: 3});
  expect((await reads()) - before).toBe(3);
  expect((await store.size()).count).toBe(200);
});

test.each([
  ['quotes', 'a "quoted" \\ tag'],
  ['letters of any script', 'ключ — 鍵 🔑'],
  ['half a letter', 'half \ud83d of one'],
  ['what ends a line', 'line\nline\u2028'],
])('a tag is found that holds %s', async (_, tag) => {
  const store = storeOf();
  await keep(store, page('tagged', {tags: [tag]}));
  await keep(store, page('other', {tags: ['other']}));
  const clause = matching({tag, method: 'GET'}, ({tags}) => tags.length === 1 && tags[0] !== 'other');
  expect((await Array.fromAsync(store.entries([clause]))).map(({resource}) => resource)).toEqual([`${url}tagged`]);
  expect(await store.clear([clause], remove)).toMatchObject({count: 1});
});

test('where there is too much to look at, all of it is read', async () => {
  const store = storeOf();
  for (let other = 0; other < 300; other++) await keep(store, page(`others/${other}`), 'x'.repeat(8_000));
  for (let mine = 0; mine < 20; mine++) await keep(store, page(`mine/${mine}`), 'x'.repeat(8_000));
  expect(await store.clear([byPrefix(`${url}mine/`)], remove)).toMatchObject({count: 20});
});

test('by as many prefixes as one likes', async () => {
  const store = storeOf();
  for (let mine = 0; mine < 20; mine++) await keep(store, page(`mine/${mine}/`));
  const clauses = Array.from({length: 20}, (_, mine) => byPrefix(`${url}mine/${mine}/`));
  expect(await store.clear(clauses, remove)).toMatchObject({count: 20});
});
