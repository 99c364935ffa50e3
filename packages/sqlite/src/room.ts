// What has to go when there is no room. Like the memory store: whoever takes too much gives way to its own first.

import {isDerived, type StoredResponse, wellFormed} from 'limpid/store';
import type {Connection} from './connection.ts';
import {Crowds} from './crowds.ts';
import type {Marks, State} from './marks.ts';
import {columns, type Row, type Rows} from './rows.ts';

/** Most variants that one partition has of a resource, and the most of all bytes that a resource may take. Binds always. */
const maxVariants = 64;
export const resourceShare: number = 1 / 4;
/** The most that one partition may take, and all derived from credentials together. Binds when room is short. */
const partitionShare = 1 / 2;
/** So many go in one transaction; the rest in the next ones. */
const atOnce = 64;

export class Room {
  readonly #connection: Connection;
  readonly #rows: Rows;
  readonly #marks: Marks;
  readonly #crowds: Crowds;
  readonly #maxBytes: number;

  constructor(connection: Connection, rows: Rows, marks: Marks, maxBytes: number) {
    this.#connection = connection;
    this.#rows = rows;
    this.#marks = marks;
    this.#crowds = new Crowds(connection);
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
    for (const row of this.#surplusVariants(incoming)) remove(row);
    if (!this.#makeRoomIn(incoming, cost, remove)) return {gone, done: false};
    for (let removed = 0; this.#state().cost + cost > this.#maxBytes; removed++) {
      if (removed === atOnce) return {gone, done: false};
      const next = this.#nextToGo(incoming, cost);
      if (next === undefined) break;
      remove(next);
    }
    return {gone, done: true};
  }

  #state(): Pick<State, 'cost' | 'derived'> {
    return this.#connection.prepare('SELECT cost, derived FROM state').get() as unknown as State;
  }

  #surplusVariants({resource, partition, key}: StoredResponse): readonly Row[] {
    const place = [wellFormed(resource), wellFormed(partition)] as const;
    const counted = 'SELECT count(*) AS count FROM responses WHERE resource = ? AND partition = ?';
    if (Number(this.#connection.prepare(counted).get(...place)?.count) < maxVariants) return [];
    const sql = `
      SELECT ${columns} FROM responses WHERE resource = ? AND partition = ? AND key <> ?
      ORDER BY used DESC LIMIT -1 OFFSET ${maxVariants - 1}`;
    return this.#connection.prepare(sql).all(...place, wellFormed(key)) as unknown as readonly Row[];
  }

  /** Makes a resource fit its share, together with what comes; `false` when more has to go than should at once. */
  #makeRoomIn(incoming: StoredResponse, cost: number, remove: (row: Row) => void): boolean {
    const most = this.#maxBytes * resourceShare - cost;
    if (this.#state().cost <= most) return true;
    let taken = this.#crowds.costBeside(incoming);
    for (let removed = 0; taken > most; ) {
      const first = this.#crowds.first(incoming);
      if (first.length === 0) return true;
      for (const row of first) {
        if (taken <= most) return true;
        if (removed++ === atOnce) return false;
        remove(row);
        taken -= row.cost;
      }
    }
    return true;
  }

  #nextToGo({partition}: StoredResponse, cost: number): Row | undefined {
    const own = this.#connection.prepare('SELECT cost FROM shares WHERE partition = ?').get(wellFormed(partition));
    if (this.#isBeyondShare(Number(own?.cost ?? 0), cost))
      return this.#oldest('WHERE partition = ?', wellFormed(partition));
    if (isDerived(partition) && this.#isBeyondShare(this.#state().derived, cost))
      return this.#oldest('WHERE derived = 1');
    return this.#oldest('');
  }

  #isBeyondShare(taken: number, cost: number): boolean {
    return taken > 0 && taken < this.#state().cost && taken + cost > this.#maxBytes * partitionShare;
  }

  #oldest(where: string, ...values: readonly string[]): Row | undefined {
    const sql = `SELECT ${columns} FROM responses ${where} ORDER BY used LIMIT 1`;
    return this.#connection.prepare(sql).get(...values) as unknown as Row | undefined;
  }
}
