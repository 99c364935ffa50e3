import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {storeContract} from 'limpid/store-contract';
import {afterAll, describe, test} from 'vitest';
import {SqliteStore, type SqliteStoreOptions} from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'limpid-sqlite-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

let files = 0;
const paths = new WeakMap<SqliteStore, string>();

function make(options: Partial<SqliteStoreOptions> = {}): SqliteStore {
  const file = options.file ?? join(folder, `${++files}.db`);
  const store = new SqliteStore({file, ...options});
  paths.set(store, file);
  return store;
}

const reopen = (store: unknown): SqliteStore => make({file: paths.get(store as SqliteStore) as string});

function rewrite(store: unknown, change: (record: string) => string): void {
  const database = new DatabaseSync(paths.get(store as SqliteStore) as string);
  const update = database.prepare('UPDATE responses SET record = ? WHERE row = ?');
  for (const {row, record} of database.prepare('SELECT row, record FROM responses').all()) {
    update.run(change(String(record)), row as number);
  }
  database.close();
}

const kinds: readonly (readonly [name: string, options: Partial<SqliteStoreOptions>])[] = [
  ['as they are', {}],
  ['with brotli', {compress: 'brotli'}],
  ['with zstd', {compress: 'zstd'}],
];

describe.each(kinds)('a file that keeps bodies %s', (_, options) => {
  // Compressed bodies take less of the room than the contract reckons with.
  const bounded = options.compress === undefined ? {bounded: (maxBytes: number) => make({maxBytes})} : {};
  storeContract({describe, test}, () => make(options), {reopen, rewrite, ...bounded});
});
