// limpid's stores over a file of their own.

import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {SqliteStore} from '@limpid/sqlite';
import type {Store} from 'limpid';
import {unbounded} from '../subject.ts';
import type {Place} from './limpid.ts';

export function inFile(storeOf: (store: SqliteStore) => Store = store => store): Place {
  const folder = mkdtempSync(join(tmpdir(), 'limpid-bench-'));
  const file = join(folder, 'cache.db');
  return {
    open: (maxCount = unbounded) => storeOf(new SqliteStore({file, maxBytes: maxCount * 2048})),
    taken: () => ['', '-wal'].reduce((sum, suffix) => sum + statSync(file + suffix).size, 0),
    end: () => rmSync(folder, {recursive: true}),
  };
}
