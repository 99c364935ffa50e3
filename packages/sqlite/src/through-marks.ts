// What must be asked for end to end, until it has been.

import {
  type Clause,
  coverage,
  encodeCover,
  OwnCovers,
  type ResourceKey,
  type Tick,
  throughLasts,
  wellFormed,
} from 'limpid/store';
import type {Connection} from './connection.ts';

const maxCovering = 256;
const maxResources = 10_000;
/** Resources that were reached are counted once for so many: which are the oldest is told by looking at all. */
const reachedAtOnce = 256;

export class ThroughMarks {
  /** What this process marked itself. */
  readonly own: OwnCovers = new OwnCovers();
  readonly #now: () => number;
  #reached = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Marks every URI of the clauses that speak of URIs, now or later. In the caller's transaction. */
  cover(clauses: readonly Clause[], tick: Tick, connection: Connection): void {
    const covering = clauses.filter(clause => coverage(clause) !== undefined);
    const add = connection.prepare('INSERT INTO through_covers VALUES (?, ?, ?)');
    for (const clause of covering) add.run(tick, Math.trunc(this.#now()), encodeCover(clause));
    connection.exec(
      `DELETE FROM through_covers WHERE rowid <= (SELECT max(rowid) - ${maxCovering} FROM through_covers)`,
    );
    note(connection, tick);
  }

  mark(resource: ResourceKey, tick: Tick, connection: Connection): void {
    connection
      .prepare('INSERT OR REPLACE INTO through_resources VALUES (?, ?, ?)')
      .run(wellFormed(resource), tick, Math.trunc(this.#now()));
    note(connection, tick);
  }

  /** The newest mark on this resource that no end-to-end answer has met. */
  newest(resource: ResourceKey, url: string, connection: Connection): Tick | undefined {
    const oldest = this.#now() - throughLasts;
    const name = wellFormed(resource);
    const reached = Number(connection.prepare('SELECT tick FROM reached WHERE resource = ?').get(name)?.tick ?? 0);
    const own = connection
      .prepare('SELECT tick FROM through_resources WHERE resource = ? AND time >= ?')
      .get(name, oldest);
    let newest = Number(own?.tick ?? 0);
    for (const {tick, record} of this.#covering(connection, oldest)) {
      if (tick > newest && this.own.covers(tick, record, url, resource)) newest = tick;
    }
    return newest > reached ? newest : undefined;
  }

  /** An end-to-end answer to a request begun at `began` has come. In the caller's transaction. */
  reached(resource: ResourceKey, began: Tick, connection: Connection): void {
    const now = Math.trunc(this.#now());
    connection
      .prepare(
        'INSERT INTO reached VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET tick = max(tick, excluded.tick), time = excluded.time',
      )
      .run(wellFormed(resource), began, now);
    connection
      .prepare('DELETE FROM through_resources WHERE resource = ? AND tick <= ?')
      .run(wellFormed(resource), began);
    if (++this.#reached % reachedAtOnce === 0) removeSurplus('reached', connection);
  }

  /** Forgets what is a day old or too much. In the caller's transaction. */
  static ageOut(now: number, connection: Connection): void {
    const oldest = Math.trunc(now - throughLasts);
    for (const table of ['through_covers', 'through_resources', 'reached']) {
      connection.prepare(`DELETE FROM ${table} WHERE time < ?`).run(oldest);
    }
    removeSurplus('through_resources', connection);
    removeSurplus('reached', connection);
    connection.exec(`
      UPDATE state SET through = 0 WHERE NOT EXISTS (SELECT 1 FROM through_covers) AND NOT EXISTS (SELECT 1 FROM through_resources)`);
  }

  #covering(connection: Connection, oldest: number): readonly {readonly tick: Tick; readonly record: string}[] {
    const sql = 'SELECT tick, record FROM through_covers WHERE time >= ?';
    return connection.prepare(sql).all(oldest) as unknown as readonly {readonly tick: Tick; readonly record: string}[];
  }
}

/** What is forgotten is asked for end to end once more than it had to be, or once less. */
function removeSurplus(table: 'through_resources' | 'reached', connection: Connection): void {
  const surplus = `SELECT resource FROM ${table} ORDER BY time DESC LIMIT -1 OFFSET ${maxResources}`;
  connection.exec(`DELETE FROM ${table} WHERE resource IN (${surplus})`);
}

const note = (connection: Connection, tick: Tick): void =>
  void connection.prepare('UPDATE state SET through = max(through, ?)').run(tick);
