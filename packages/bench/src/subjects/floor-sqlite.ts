import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import type {Subject} from '../subject.ts';
import {mayReuse, noFields, Shelf, type Stored} from './floor.ts';
import {LazyResponse} from './lazy-response.ts';

/** The least that keeps a response in a file. */
export const subject: Subject = {
  configuration:
    'node:sqlite, WAL: one prepared SELECT by rowid, JSON.parse of the head, the checks of floor-http, and the Response of floor-subclass.',
  open(environment) {
    const folder = mkdtempSync(join(tmpdir(), 'limpid-bench-'));
    const database = new DatabaseSync(join(folder, 'floor.db'));
    database.exec('PRAGMA journal_mode = wal; CREATE TABLE stored (row INTEGER PRIMARY KEY, head TEXT, body BLOB)');
    const insert = database.prepare('INSERT INTO stored (head, body) VALUES (?, ?)');
    const select = database.prepare('SELECT head, body FROM stored WHERE row = ?');
    const rows = new Map<string, number>();
    const shelf = new Shelf(environment);
    const load = async (url: string): Promise<Stored> => {
      const {bytes, ...head} = await shelf.load(url);
      rows.set(url, Number(insert.run(JSON.stringify(head), bytes).lastInsertRowid));
      return {bytes, ...head};
    };
    const find = (url: string): Stored | undefined => {
      const row = rows.get(url);
      const found = row === undefined ? undefined : select.get(row);
      if (found === undefined) return undefined;
      const stored = {...JSON.parse(String(found.head)), bytes: found.body};
      return mayReuse(stored, noFields) ? stored : undefined;
    };
    const get = async (url: string): Promise<Response> => new LazyResponse(find(url) ?? (await load(url)));
    return {
      bytes: async url => (await get(url)).arrayBuffer(),
      json: async url => (await get(url)).json(),
      close: () => {
        database.close();
        rmSync(folder, {recursive: true});
      },
    };
  },
};
