// Rows by what they lie in, some at a time: whoever walks lets others have their turn between two steps.

import {type Covers, isEscaped, scopeText, wellFormed} from 'limpid/store';
import type {Connection} from './connection.ts';
import {endOfPrefix, scopeParts} from './names.ts';
import {columnOf, columns, type Row} from './rows.ts';

/** Where a walk over rows goes on: in which of its parts, and behind what of it. */
export type Place = {
  readonly part: 'first' | 'second';
  readonly row: number;
  readonly name: string;
  /** Before the first there is none. */
  readonly key: string | undefined;
};

/** How many stored responses, and their bodies' bytes. */
export type Total = {readonly count: number; readonly bytes: number};

/** Some rows of a walk, and where the next are; `undefined` at its end. */
export type Found = {readonly rows: readonly Row[]; readonly next: Place | undefined};

/** A row by what says where it is found. */
type Named = {readonly row: number; readonly url: string; readonly resource: string};

export const start: Place = {part: 'first', row: 0, name: '', key: undefined};
const second: Place = {...start, part: 'second'};

/** So many rows are given per step. */
const batch = 256;
/** A walk that filters looks at so many row numbers per step, or at the URIs of so many. */
const stride = 4096;
const uriStride = 1024;

export class Walking {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Some of what lies in a scope, given as text, and where the next are; of that, what is covered. */
  within(scope: string, place: Place, covers?: Covers): Found {
    const {type, name} = scopeParts(scope);
    const column = columnOf[type];
    if (type === 'resource' && place.part === 'first') return this.#byKey(name, name, place);
    if (type === 'all' || (column !== undefined && type !== 'resource')) {
      const [condition, values] = column === undefined ? ['', []] : [`AND ${column} = ?`, [name]];
      return covers === undefined
        ? this.#walk(condition, values, place)
        : this.#covered(covers, condition, values, place);
    }
    const listed = `SELECT row FROM scopes WHERE scope = ? AND row > ? ORDER BY row LIMIT ${batch}`;
    const rows = this.#all(`SELECT ${columns} FROM responses WHERE row IN (${listed}) ORDER BY row`, scope, place.row);
    const last = rows.at(-1);
    return {rows, next: rows.length === batch && last !== undefined ? {...place, row: last.row} : undefined};
  }

  /** Of the next row numbers those that fit. */
  #walk(condition: string, values: readonly string[], place: Place): Found {
    const end = place.row + stride;
    const sql = `SELECT ${columns} FROM responses WHERE row > ? AND row <= ? ${condition} ORDER BY row LIMIT ${batch}`;
    const rows = this.#all(sql, place.row, end, ...values);
    return {rows, next: this.#beyond(rows.length < batch ? end : rows.at(-1)?.row, place)};
  }

  /**
   * The same of those whose URI is covered: of the others nothing else is read, which takes a tenth of the time. It is asked
   * of URIs that do not count any more, too.
   */
  #covered(covers: Covers, condition: string, values: readonly string[], place: Place): Found {
    const end = place.row + uriStride;
    const sql = `SELECT row, url, resource FROM responses WHERE row > ? AND row <= ? ${condition} ORDER BY row`;
    const named = this.#connection.prepare(sql).all(place.row, end, ...values) as unknown as readonly Named[];
    const meant: number[] = [];
    for (const {row, url, resource} of named) {
      if (meant.length < batch && (isEscaped(url) || isEscaped(resource) || covers(url, resource))) meant.push(row);
    }
    const listed = `SELECT ${columns} FROM responses WHERE row IN (SELECT value FROM json_each(?)) ORDER BY row`;
    const rows = meant.length === 0 ? [] : this.#all(listed, JSON.stringify(meant));
    return {rows, next: this.#beyond(meant.length < batch ? end : meant.at(-1), place)};
  }

  #beyond(end: number | undefined, place: Place): Place | undefined {
    if (end === undefined) return undefined;
    const beyond = this.#connection.prepare('SELECT min(row) AS row FROM responses WHERE row > ?').get(end)?.row;
    return typeof beyond === 'number' ? {...place, row: beyond - 1} : undefined;
  }

  /** Of what resources between two names have, the next. A resource has as many as it has users. */
  #byKey(from: string, to: string, place: Place): Found {
    const isBegun = place.key !== undefined;
    const sql = `
      SELECT ${columns}, resource AS name, key FROM responses
      WHERE (resource, key) ${isBegun ? '>' : '>='} (?, ?) AND resource <= ?
      ORDER BY resource, key LIMIT ${batch}`;
    const rows = this.#all(sql, isBegun ? place.name : from, place.key ?? '', to);
    const last = rows.at(-1) as (Row & Pick<Place, 'name' | 'key'>) | undefined;
    const isOver = rows.length < batch || last === undefined;
    return {rows, next: isOver ? second : {...place, name: last.name, key: last.key}};
  }

  /**
   * Some of what has a name that begins so: its resource, or its URL where a rule ignores parameters of it. Such a URL is
   * listed among the scopes.
   */
  beginningWith(prefix: string, place: Place): Found {
    const from = wellFormed(prefix);
    const end = endOfPrefix(from);
    if (place.part === 'first') return this.#byKey(from, end, place);
    // What has both such names is found once, by its resource.
    const sql = `
      SELECT ${columns}, scope AS name FROM scopes JOIN responses USING (row)
      WHERE scope >= ? AND scope < ? AND (scope, row) > (?, ?)
        AND (resource < ? OR resource > ?)
      ORDER BY scope, row LIMIT ${batch}`;
    const scopeOf = (resource: string): string => scopeText({type: 'resource', resource});
    const rows = this.#all(sql, scopeOf(from), scopeOf(end), place.name, place.row, from, end);
    const last = rows.at(-1) as (Row & Pick<Place, 'name'>) | undefined;
    const isOver = rows.length < batch || last === undefined;
    return {rows, next: isOver ? undefined : {...place, row: last.row, name: last.name}};
  }

  /** What a scope comes to when that is cheap to say: when it is no more than `most`, or known anyway. */
  countWithin(scope: string, most: number, total: Total): Total | undefined {
    const {type, name} = scopeParts(scope);
    if (type === 'all') return total;
    if (type === 'partition') {
      const share = this.#connection.prepare('SELECT count, bytes FROM shares WHERE partition = ?').get(name);
      return {count: Number(share?.count ?? 0), bytes: Number(share?.bytes ?? 0)};
    }
    // No index tells what is of an origin.
    if (type === 'origin' && total.count > most) return undefined;
    const column = columnOf[type];
    const direct = column === undefined ? '' : `UNION ALL SELECT row FROM responses WHERE ${column} = ?`;
    const sql = `
      SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM responses WHERE row IN
        (SELECT row FROM scopes WHERE scope = ? ${direct} LIMIT ${most + 1})`;
    const found = this.#connection.prepare(sql).get(scope, ...(column === undefined ? [] : [name]));
    const count = Number(found?.count);
    return count > most ? undefined : {count, bytes: Number(found?.bytes)};
  }

  #all(sql: string, ...values: readonly (string | number)[]): readonly Row[] {
    return this.#connection.prepare(sql).all(...values) as unknown as readonly Row[];
  }
}
