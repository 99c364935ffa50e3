// What no longer counts is removed in the background, a little at a time: first rows, then the chunks of long bodies.

import type {Connection} from './connection.ts';
import {Marks, type State, type Unsettled} from './marks.ts';
import type {Rows} from './rows.ts';
import {ThroughMarks} from './through-marks.ts';
import {isFull} from './trouble.ts';
import {type Found, type Place, start, type Walking} from './walking.ts';
import type {Writer} from './writer.ts';

/** Bodies that nobody has written to for so long belong to a process that died, in milliseconds. */
const abandonedAfter = 10 * 60 * 1000;
const chunksAtOnce = 8;
const patience = 5_000;

/** What is swept. */
type Swept = {
  readonly connection: Connection;
  readonly rows: Rows;
  readonly walking: Walking;
  readonly marks: Marks;
};

export class Sweep {
  readonly #open: Swept;
  readonly #writer: Writer;
  readonly #now: () => number;
  readonly #hasNoRoom: () => void;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #swept = 0;
  #isStopped = false;

  /** `hasNoRoom` is called when what was cleared cannot even be removed, because that takes room as well. */
  constructor(open: Swept, writer: Writer, now: () => number, hasNoRoom: () => void) {
    this.#open = open;
    this.#writer = writer;
    this.#now = now;
    this.#hasNoRoom = hasNoRoom;
  }

  /** Whether rows may be there that no longer count. */
  isPending(state: State): boolean {
    return this.#running !== undefined || this.#isLeft(state);
  }

  /** Removes what there is to remove; resolves when it is gone. Failures are left to the next time. */
  run(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#begin();
    // One more for all who ask while one is under way: what they have marked is there before it begins.
    this.#next = this.#running.catch(() => undefined).then(() => this.#begin());
    return this.#next;
  }

  async #begin(): Promise<void> {
    this.#next = undefined;
    if (this.#isStopped) return;
    this.#running = this.#sweep();
    try {
      await this.#running;
    } catch (error) {
      if (isFull(error) && (this.#isLeft(this.#open.marks.state()) || this.#isDoomed())) this.#hasNoRoom();
      throw error;
    } finally {
      this.#running = undefined;
    }
  }

  /** Like `run`, and nobody waits. */
  later(): void {
    this.run().catch(() => undefined);
  }

  /** Resolves when no transaction of its is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running?.catch(() => undefined);
  }

  #isLeft({cleared}: State): boolean {
    return cleared > this.#swept || Marks.unsettled(this.#open.connection).length > 0;
  }

  /** Whether chunks are left of bodies that are gone. */
  #isDoomed(): boolean {
    return this.#open.connection.prepare('SELECT 1 FROM doomed').get() !== undefined;
  }

  async #sweep(): Promise<void> {
    const {cleared, expired} = this.#open.marks.state();
    if (cleared > this.#swept) {
      await this.#hold({scope: 'all ', cleared, expired});
      this.#swept = cleared;
    }
    for (const mark of Marks.unsettled(this.#open.connection)) {
      await this.#hold(mark);
      if (!this.#isStopped) await this.#writer.run(connection => Marks.settle(mark, connection), patience);
    }
    await this.#tidy();
  }

  async #hold({scope, cleared, expired}: Unsettled): Promise<void> {
    let place: Place | undefined = start;
    while (place !== undefined && !this.#isStopped) {
      const found: Found = this.#open.walking.within(scope, place);
      const old = found.rows.filter(row => row.began < cleared || (row.began < expired && row.expired < expired));
      if (old.length > 0) {
        await this.#writer.run(() => {
          for (const {row, began} of old) {
            if (began < cleared) this.#open.rows.removeOlder(row, cleared);
            else this.#open.rows.expire(row, expired);
          }
        }, patience);
      } else await turnOver();
      place = found.next;
    }
  }

  async #tidy(): Promise<void> {
    const oldest = Math.trunc(this.#now() - abandonedAfter);
    await this.#writer.run(connection => {
      connection.prepare('INSERT OR IGNORE INTO doomed SELECT body FROM unfinished WHERE written < ?').run(oldest);
      connection.prepare('DELETE FROM unfinished WHERE written < ?').run(oldest);
      ThroughMarks.ageOut(this.#now(), connection);
    }, patience);
    while (!this.#isStopped && this.#isDoomed()) await this.#writer.run(removeChunks, patience);
    if (!this.#isStopped)
      await this.#writer.run(connection => connection.exec('PRAGMA incremental_vacuum(256)'), patience);
  }
}

function removeChunks(connection: Connection): void {
  const body = String(connection.prepare('SELECT body FROM doomed LIMIT 1').get()?.body);
  const removal = `DELETE FROM chunks WHERE rowid IN (SELECT rowid FROM chunks WHERE body = ? LIMIT ${chunksAtOnce})`;
  const {changes} = connection.prepare(removal).run(body);
  if (Number(changes) < chunksAtOnce) connection.prepare('DELETE FROM doomed WHERE body = ?').run(body);
}

const turnOver = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
