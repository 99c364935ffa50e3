// limpid's stores over a file of their own.

import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {SqliteStore} from '@limpid/sqlite';
import type {Store} from 'limpid';
import type {Place} from './limpid.ts';

export function inFile(storeOf: (store: SqliteStore) => Store = store => store): Place {
  const folder = mkdtempSync(join(tmpdir(), 'limpid-bench-'));
  const options = {file: join(folder, 'cache.db'), maxBytes: 16 * 1024 ** 3};
  return {
    open: () => storeOf(new SqliteStore(options)),
    end: () => rmSync(folder, {recursive: true}),
  };
}
