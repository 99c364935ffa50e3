import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {SqliteStore} from '@limpid/sqlite';
import {MemoryStore, type Store, tiered} from 'limpid';

/** A store over a file that goes with the process. */
function sqlite(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'limpid-conformance-'));
  process.once('exit', () => rmSync(folder, {recursive: true, force: true}));
  return new SqliteStore({file: join(folder, 'cache.db')});
}

/** The stores a run can be made over. */
export const stores = {
  memory: () => new MemoryStore(),
  tiered: () => tiered(new MemoryStore(), new MemoryStore()),
  sqlite,
  'tiered-sqlite': () => tiered(new MemoryStore(), sqlite()),
} as const satisfies Readonly<Record<string, () => Store>>;

export type StoreName = keyof typeof stores;
