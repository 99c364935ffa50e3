// Stored responses as rows: written, replaced, found, and put in the way of nothing.

import {
  decodeRecord,
  encodeRecord,
  headCost,
  isDerived,
  isOutdated,
  isYounger,
  originOf,
  type Partition,
  type PutOutcome,
  type ResourceKey,
  type Scope,
  type StoredResponse,
  scopesOf,
  scopeText,
  shareable,
  type Tick,
  type UpdateOutcome,
  wellFormed,
} from 'limpid/store';
import type {Connection} from './connection.ts';
import type {Marks, MarksOfScopes, State} from './marks.ts';

/** A row without its body. */
export type Row = {
  readonly row: number;
  readonly id: string;
  readonly began: Tick;
  readonly expired: Tick;
  readonly used: number;
  readonly size: number;
  readonly record: string;
};

/** A body as it is kept: in its row, or in so many chunks. */
export type StoredBody = {
  readonly body: Uint8Array | null;
  readonly coding: string | null;
  readonly chunks: number;
  readonly size: number;
};

/** The bytes of a body: in its row, or in so many chunks of their own. */
export type KeptBody = {
  readonly size: number;
  /** What they take in the file. */
  readonly stored: number;
  readonly coding: string | null;
  readonly inline: Uint8Array | null;
  readonly chunks: number;
};

/** Everything of a row but its body. */
export const columns: string = 'row, id, began, expired, used, size, record';
/** Scopes that are a column of their own; members of the others are listed in `scopes`. */
export const columnOf: Readonly<Record<string, string>> = {
  resource: 'resource',
  origin: 'origin',
  partition: 'partition',
};

/** The scopes that no column tells: tags, groups, and the URL where a rule ignores parameters of it. */
function listedScopes(stored: StoredResponse): ReadonlySet<string> {
  const isListed = (scope: Scope): boolean =>
    scope.type === 'resource' ? scope.resource !== stored.resource : columnOf[scope.type] === undefined;
  return new Set(scopesOf(stored).filter(isListed).map(scopeText));
}

export class Rows {
  readonly #connection: Connection;
  readonly #marks: Marks;

  constructor(connection: Connection, marks: Marks) {
    this.#connection = connection;
    this.#marks = marks;
  }

  #all(sql: string, ...values: readonly (string | number)[]): readonly Row[] {
    return this.#connection.prepare(sql).all(...values) as unknown as readonly Row[];
  }

  #one(sql: string, ...values: readonly (string | number)[]): Row | undefined {
    return this.#connection.prepare(sql).get(...values) as unknown as Row | undefined;
  }

  /** The stored response of a row that still counts. `known` is what the marks told of it and others. */
  shown(row: Row, state: State, known?: MarksOfScopes): StoredResponse | undefined {
    const {id, began, size, used} = row;
    const stored = decodeRecord(row.record, {id, began, size, lastUsed: used, expired: false});
    if (stored === undefined) return undefined;
    const expiredAt = this.#marks.judge(stored, state, known);
    if (expiredAt === undefined) return undefined;
    return began < Math.max(expiredAt, row.expired) ? {...stored, expired: true} : stored;
  }

  /** What is stored under a resource: of it all, or what one partition may reuse. */
  of(resource: ResourceKey, partition?: Partition): readonly Row[] {
    const sql = `SELECT ${columns} FROM responses WHERE resource = ?`;
    const name = wellFormed(resource);
    if (partition === undefined) return this.#all(sql, name);
    return this.#all(`${sql} AND partition IN (?, ?)`, name, wellFormed(partition), shareable);
  }

  find(id: string): Row | undefined {
    return this.#one(`SELECT ${columns} FROM responses WHERE id = ?`, id);
  }

  /** By its row, which takes a tenth less than by its id; a row may have been given to another since. */
  bodyOf(row: number, id: string): StoredBody | undefined {
    const sql = 'SELECT body, coding, chunks, size FROM responses WHERE row = ? AND id = ?';
    return this.#connection.prepare(sql).get(row, id) as unknown as StoredBody | undefined;
  }

  /** Stores a response, in the caller's transaction, unless a clear or a younger one came between. */
  add(stored: StoredResponse, body: KeptBody, now: number): PutOutcome {
    const state = this.#marks.state();
    const {admitted, expiredAt} = this.#marks.admission(stored, state);
    if (!admitted) return 'fenced';
    const key = [wellFormed(stored.resource), wellFormed(stored.key), stored.id] as const;
    for (const earlier of this.#all(
      `SELECT ${columns} FROM responses WHERE (resource = ? AND key = ?) OR id = ?`,
      ...key,
    )) {
      const shown = this.shown(earlier, state);
      if (shown !== undefined && isYounger(shown, stored, now)) return 'fenced';
      this.remove(earlier.row);
    }
    const {began, url, partition} = stored;
    const inserted = this.#connection.prepare(`
      INSERT INTO responses (id, resource, key, url, origin, partition, derived, began, expired, used, size, cost, coding, chunks, record, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    const {lastInsertRowid} = inserted.run(
      stored.id,
      wellFormed(stored.resource),
      wellFormed(stored.key),
      wellFormed(url),
      wellFormed(originOf(url)),
      wellFormed(partition),
      Number(isDerived(partition)),
      began,
      expiredAt,
      Math.trunc(now),
      body.size,
      costOf(stored, body.stored),
      body.coding,
      body.chunks,
      encodeRecord(stored),
      body.inline,
    );
    this.#list(stored, Number(lastInsertRowid));
    return 'stored';
  }

  /** Replaces everything but the key and the bytes. */
  update(stored: StoredResponse, now: number): UpdateOutcome {
    const state = this.#marks.state();
    const row = this.find(stored.id);
    const current = row && this.shown(row, state);
    if (row === undefined || current === undefined || this.#marks.isBeingCleared(current)) return 'gone';
    const {admitted, expiredAt} = this.#marks.admission(stored, state);
    if (!admitted || isOutdated(current, stored, now)) return 'fenced';
    const {resource, key} = current;
    // Having lost a tag does not undo that the tag was expired.
    const newest = Math.max(row.expired, expiredAt, this.#marks.judge(current, state) ?? 0);
    const {partition, url, began} = stored;
    const difference = headCost(stored) - headCost(current);
    this.#connection
      .prepare(`
      UPDATE responses SET url = ?, origin = ?, partition = ?, derived = ?, began = ?, expired = ?, cost = cost + ?, record = ?
      WHERE row = ?`)
      .run(
        wellFormed(url),
        wellFormed(originOf(url)),
        wellFormed(partition),
        Number(isDerived(partition)),
        began,
        newest,
        difference,
        encodeRecord({...stored, resource, key}),
        row.row,
      );
    this.#connection.prepare('DELETE FROM scopes WHERE row = ?').run(row.row);
    this.#list({...stored, resource}, row.row);
    // A 304 has made it one user's: who relies on the counter looks again at what it has listed as everybody's.
    if (partition !== current.partition) this.#marks.advance();
    return 'stored';
  }

  remove(row: number): void {
    this.#connection.prepare('DELETE FROM responses WHERE row = ?').run(row);
  }

  /** Unless it has been freshened since. */
  removeOlder(row: number, tick: Tick): void {
    this.#connection.prepare('DELETE FROM responses WHERE row = ? AND began < ?').run(row, tick);
  }

  /** An expiry at `tick` selected it. */
  expire(row: number, tick: Tick): void {
    this.#connection.prepare('UPDATE responses SET expired = max(expired, ?) WHERE row = ?').run(tick, row);
  }

  use(id: string, time: number): void {
    this.#connection.prepare('UPDATE responses SET used = max(used, ?) WHERE id = ?').run(Math.trunc(time), id);
  }

  #list(stored: StoredResponse, row: number): void {
    for (const scope of listedScopes(stored))
      this.#connection.prepare('INSERT INTO scopes VALUES (?, ?)').run(scope, row);
  }
}

export const costOf = (stored: StoredResponse, bytes: number): number => headCost(stored) + bytes;
