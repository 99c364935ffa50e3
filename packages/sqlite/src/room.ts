// What has to go when there is no room. Like the memory store: whoever takes too much gives way to its own first.

import {isDerived, type StoredResponse, wellFormed} from 'limpid/store';
import type {Connection} from './connection.ts';
import type {Marks} from './marks.ts';
import {columns, type Row, type Rows} from './rows.ts';

/** The most of all bytes that one resource may take, and its most variants. Binds always. */
const resourceShare = 1 / 4;
const maxVariants = 64;
/** The most that one partition may take, and all derived from credentials together. Binds when room is short. */
const partitionShare = 1 / 2;
/** So many go in one transaction; the rest in the next ones. */
const atOnce = 64;

export class Room {
  readonly #connection: Connection;
  readonly #rows: Rows;
  readonly #marks: Marks;
  readonly #maxBytes: number;

  constructor(connection: Connection, rows: Rows, marks: Marks, maxBytes: number) {
    this.#connection = connection;
    this.#rows = rows;
    this.#marks = marks;
    this.#maxBytes = maxBytes;
  }

  /** Whether something of this cost can be kept at all. */
  fits(cost: number): boolean {
    return cost <= this.#maxBytes * resourceShare;
  }

  /** Makes room for a response of this cost; `done` is false when more has to go than one transaction should remove. */
  make(incoming: StoredResponse, cost: number): {readonly gone: readonly StoredResponse[]; readonly done: boolean} {
    const state = this.#marks.state();
    const gone: StoredResponse[] = [];
    const remove = (row: Row): void => {
      const shown = this.#rows.shown(row, state);
      if (shown !== undefined) gone.push(shown);
      this.#rows.remove(row.row);
    };
    for (const row of this.#surplusVariants(incoming, cost)) remove(row);
    for (let removed = 0; this.#cost() + cost > this.#maxBytes; removed++) {
      if (removed === atOnce) return {gone, done: false};
      const next = this.#nextToGo(incoming, cost);
      if (next === undefined) break;
      remove(next);
    }
    return {gone, done: true};
  }

  #cost(): number {
    return Number(this.#connection.prepare('SELECT cost FROM state').get()?.cost);
  }

  #surplusVariants({resource, key}: StoredResponse, cost: number): readonly Row[] {
    const sql = `SELECT ${columns}, cost FROM responses WHERE resource = ? AND key <> ? ORDER BY used DESC`;
    const variants = this.#connection
      .prepare(sql)
      .all(wellFormed(resource), wellFormed(key)) as unknown as readonly (Row & {
      cost: number;
    })[];
    let total = cost;
    return variants.filter((variant, index) => {
      total += variant.cost;
      return index + 1 >= maxVariants || total > this.#maxBytes * resourceShare;
    });
  }

  #nextToGo({partition}: StoredResponse, cost: number): Row | undefined {
    const own = this.#connection.prepare('SELECT cost FROM shares WHERE partition = ?').get(wellFormed(partition));
    if (this.#isBeyondShare(Number(own?.cost ?? 0), cost))
      return this.#oldest('WHERE partition = ?', wellFormed(partition));
    if (isDerived(partition)) {
      const derived = this.#connection.prepare('SELECT sum(cost) AS cost FROM shares WHERE derived = 1').get();
      if (this.#isBeyondShare(Number(derived?.cost ?? 0), cost)) return this.#oldest('WHERE derived = 1');
    }
    return this.#oldest('');
  }

  #isBeyondShare(taken: number, cost: number): boolean {
    return taken > 0 && taken < this.#cost() && taken + cost > this.#maxBytes * partitionShare;
  }

  #oldest(where: string, ...values: readonly string[]): Row | undefined {
    const sql = `SELECT ${columns} FROM responses ${where} ORDER BY used LIMIT 1`;
    return this.#connection.prepare(sql).get(...values) as unknown as Row | undefined;
  }
}
