// What bodies leave in the file goes in the background, a slice at a time: chunks that nothing leads to, then free pages.

import type {Connection} from './connection.ts';
import type {Writer} from './writer.ts';

/** Each slice takes some milliseconds. */
const chunksAtOnce = 8;
const pagesAtOnce = 256;
const patience = 5_000;

/** What SQLite makes pages of, in bytes. */
const pageBytes = 4096;
/** Free pages that stay for what is written next: taking them costs less than making the file longer again. */
const fewestSpare = 256;
const spareShare = 1 / 32;

export class Freeing {
  readonly #connection: Connection;
  readonly #writer: Writer;
  readonly #spare: number;
  #isRunning = false;
  #isStopped = false;

  constructor(connection: Connection, writer: Writer, maxBytes: number) {
    this.#connection = connection;
    this.#writer = writer;
    this.#spare = Math.max(fewestSpare, (maxBytes * spareShare) / pageBytes);
  }

  /** Frees what there is to free, and nobody waits. Failures are left to the next time. */
  later(): void {
    if (this.#isRunning || this.#isStopped) return;
    this.#isRunning = true;
    this.#free().catch(() => undefined);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Whether chunks are left of bodies that are gone. */
  isDoomed(): boolean {
    return this.#connection.prepare('SELECT 1 FROM doomed').get() !== undefined;
  }

  /** Resolves when no chunks are left of bodies that are gone. */
  async removeChunks(): Promise<void> {
    while (!this.#isStopped && this.isDoomed())
      await this.#writer.run(connection => removeDoomed(connection, chunksAtOnce), patience);
  }

  async #free(): Promise<void> {
    try {
      let isShorter = false;
      for (;;) {
        await this.removeChunks();
        if (this.#isStopped || !this.#hasSurplus()) break;
        await this.#writer.run(giveBack, patience);
        isShorter = true;
      }
      // Until its log has been written back, the file is as long as before.
      if (isShorter && !this.#isStopped) this.#connection.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } finally {
      this.#isRunning = false;
    }
  }

  #hasSurplus(): boolean {
    return Number(this.#connection.prepare('PRAGMA freelist_count').get()?.freelist_count) > this.#spare;
  }
}

/** Removes up to so many chunks that nothing leads to, in the caller's transaction. */
export function removeDoomed(connection: Connection, most: number): void {
  const body = connection.prepare('SELECT body FROM doomed LIMIT 1').get()?.body;
  // Another process may have been faster.
  if (body === undefined) return;
  const removal = 'DELETE FROM chunks WHERE rowid IN (SELECT rowid FROM chunks WHERE body = ? LIMIT ?)';
  const {changes} = connection.prepare(removal).run(String(body), most);
  if (Number(changes) < most) connection.prepare('DELETE FROM doomed WHERE body = ?').run(String(body));
}

const giveBack = (connection: Connection): void => connection.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`);
