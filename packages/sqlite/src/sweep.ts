// What no longer counts is removed in the background, a little at a time: first rows, then what they leave.

import type {Connection} from './connection.ts';
import type {Freeing} from './freeing.ts';
import {Marks, type State, type Unsettled} from './marks.ts';
import type {Rows} from './rows.ts';
import {ThroughMarks} from './through-marks.ts';
import {isFull} from './trouble.ts';
import {type Found, type Place, start, type Walking} from './walking.ts';
import type {Writer} from './writer.ts';

/** Bodies that nobody has written to for so long belong to a process that died, in milliseconds. */
const abandonedAfter = 10 * 60 * 1000;
const patience = 5_000;
/** So many marks are settled in one transaction. */
const marksAtOnce = 256;
/** Others get their turn after so many milliseconds. */
const turn = 2;

/** What is swept. */
type Swept = {
  readonly connection: Connection;
  readonly rows: Rows;
  readonly walking: Walking;
  readonly marks: Marks;
  readonly freeing: Freeing;
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
  #turnBegan = 0;

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
      if (isFull(error) && (this.#isLeft(this.#open.marks.state()) || this.#open.freeing.isDoomed())) this.#hasNoRoom();
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
    this.#open.freeing.stop();
    await this.#running?.catch(() => undefined);
  }

  #isLeft({cleared}: State): boolean {
    return cleared > this.#swept || Marks.unsettled(this.#open.connection, 1).length > 0;
  }

  async #sweep(): Promise<void> {
    const {cleared, expired} = this.#open.marks.state();
    if (cleared > this.#swept) {
      await this.#hold({scope: 'all ', cleared, expired});
      this.#swept = cleared;
    }
    while (!this.#isStopped) {
      const marks = Marks.unsettled(this.#open.connection, marksAtOnce);
      if (marks.length === 0) break;
      for (const mark of marks) await this.#hold(mark);
      if (!this.#isStopped) await this.#writer.run(connection => Marks.settle(marks, connection), patience);
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
      } else await this.#turnOver();
      place = found.next;
    }
  }

  /** Most scopes hold nothing: to wait behind each of them would take longer than to look. */
  async #turnOver(): Promise<void> {
    if (performance.now() - this.#turnBegan < turn) return;
    await new Promise(resolve => setImmediate(resolve));
    this.#turnBegan = performance.now();
  }

  async #tidy(): Promise<void> {
    const oldest = Math.trunc(this.#now() - abandonedAfter);
    await this.#writer.run(connection => {
      connection.prepare('INSERT OR IGNORE INTO doomed SELECT body FROM unfinished WHERE written < ?').run(oldest);
      connection.prepare('DELETE FROM unfinished WHERE written < ?').run(oldest);
      ThroughMarks.ageOut(this.#now(), connection);
    }, patience);
    await this.#open.freeing.removeChunks();
    this.#open.freeing.later();
  }
}
