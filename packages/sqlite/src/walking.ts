// Rows by what they lie in, some at a time: whoever walks lets others have their turn between two steps.

import {endOfPrefix, scopeParts, text} from './names.ts';
import {columnOf, columns, type Row} from './rows.ts';
import type {Statements} from './statements.ts';

/** Where a walk over rows goes on. */
export type Place = {readonly row: number; readonly url: string};

/** How many stored responses, and their bodies' bytes. */
export type Total = {readonly count: number; readonly bytes: number};

/** Some rows of a walk, and where the next are; `undefined` at its end. */
export type Found = {readonly rows: readonly Row[]; readonly next: Place | undefined};

export const start: Place = {row: 0, url: ''};

const batch = 256;
/** A walk that filters looks at so many rows per step. */
const stride = 4096;

export class Walking {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Some of what lies in a scope, given as text, and where the next are. */
  within(scope: string, place: Place): Found {
    const {type, name} = scopeParts(scope);
    const column = columnOf[type];
    const listed = 'SELECT row FROM scopes WHERE scope = ?';
    if (type === 'resource') {
      const sql = `SELECT ${columns} FROM responses WHERE resource = ? OR row IN (${listed})`;
      return {rows: this.#all(sql, name, scope), next: undefined};
    }
    if (type === 'all') return this.#walk(batch, '', [], place);
    if (column !== undefined)
      return this.#walk(stride, `AND (${column} = ? OR row IN (${listed}))`, [name, scope], place);
    const sql = `SELECT ${columns} FROM responses WHERE row IN (${listed} AND row > ? ORDER BY row LIMIT ${batch}) ORDER BY row`;
    const rows = this.#all(sql, scope, place.row);
    const last = rows.at(-1);
    return {rows, next: rows.length === batch && last !== undefined ? {...place, row: last.row} : undefined};
  }

  /** Of the next `length` row numbers those that fit. */
  #walk(length: number, condition: string, values: readonly string[], place: Place): Found {
    const end = place.row + length;
    const sql = `SELECT ${columns} FROM responses WHERE row > ? AND row <= ? ${condition} ORDER BY row`;
    const rows = this.#all(sql, place.row, end, ...values);
    const beyond = this.#statements.of('SELECT min(row) AS row FROM responses WHERE row > ?').get(end)?.row;
    return {rows, next: typeof beyond === 'number' ? {...place, row: beyond - 1} : undefined};
  }

  /** Some of what has a URL that begins so. */
  beginningWith(prefix: string, place: Place): Found {
    const sql = `
      SELECT ${columns}, url FROM responses WHERE (url, row) > (?, ?) AND url >= ? AND url < ?
      ORDER BY url, row LIMIT ${batch}`;
    const from = text(prefix);
    const rows = this.#all(sql, place.url, place.row, from, endOfPrefix(from));
    const last = rows.at(-1) as (Row & {readonly url: string}) | undefined;
    return {rows, next: rows.length === batch && last !== undefined ? {row: last.row, url: last.url} : undefined};
  }

  /** What a scope comes to when that is no more than `most`. */
  countWithin(scope: string, most: number): Total | undefined {
    const {type, name} = scopeParts(scope);
    const column = columnOf[type];
    const direct = column === undefined ? '' : `UNION SELECT row FROM responses WHERE ${column} = ?`;
    const sql = `
      SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM responses WHERE row IN
        (SELECT row FROM scopes WHERE scope = ? ${direct} LIMIT ${most + 1})`;
    const total = this.#statements.of(sql).get(scope, ...(column === undefined ? [] : [name]));
    const count = Number(total?.count);
    return count > most ? undefined : {count, bytes: Number(total?.bytes)};
  }

  #all(sql: string, ...values: readonly (string | number)[]): readonly Row[] {
    return this.#statements.of(sql).all(...values) as unknown as readonly Row[];
  }
}
