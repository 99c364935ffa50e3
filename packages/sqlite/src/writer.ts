import type {Connection} from './connection.ts';
import {isBusy, locked} from './trouble.ts';

/** Whether a change waits for the disk: `PRAGMA synchronous`. */
type Durability = 'full' | 'normal';

type Job = {
  readonly run: (connection: Connection) => void;
  /** Runs in the same turn as the commit, before anybody can read. */
  readonly committed: () => void;
  readonly failed: (error: unknown) => void;
  readonly giveUpAt: number;
  readonly durability: Durability;
};

/** How long a write may wait for the lock of another process, in milliseconds. */
export const writePatience = 2_000;

/** How long a clear may wait for it. */
export const clearPatience = 10_000;

/** Bodies that may wait to be written, in bytes together. */
const maxHeld = 64 * 1024 * 1024;

/** How long one transaction may take the event loop, in milliseconds. */
const turn = 5;
const firstPause = 1;
const longestPause = 25;

/**
 * Makes changes in transactions of as many jobs as are waiting.
 *
 * Never blocks on the lock of another process: it tries again later, until a job has waited too long.
 */
export class Writer {
  readonly #connection: () => Connection;
  readonly #waiting: Job[] = [];
  #held = 0;
  #pause = firstPause;
  #isScheduled = false;
  #hasWritten = false;
  readonly #durability = new WeakMap<Connection, Durability>();

  constructor(connection: () => Connection) {
    this.#connection = connection;
  }

  /**
   * Runs `job` in a transaction; it may be run again when another job of the transaction fails, so it must change
   * nothing but the connection. `committed` sees its result in the same turn.
   *
   * Rejects with what the job threw, or when others held the lock for `patience` milliseconds. What is `full` is on
   * the disk when it resolves; anything else might be lost with the power, and then was never stored.
   */
  run<T>(
    job: (connection: Connection) => T,
    patience: number,
    committed?: (result: T) => void,
    durability: Durability = 'normal',
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      let result: T;
      this.#waiting.push({
        run: connection => {
          result = job(connection);
        },
        committed: () => {
          committed?.(result);
          resolve(result);
        },
        failed: reject,
        giveUpAt: performance.now() + patience,
        durability,
      });
      this.#schedule(0);
    });
  }

  /**
   * Whether a body of so many bytes may wait to be written. When it may, it counts until the result is called: who writes
   * more than the disk takes must not fill the memory.
   */
  hold(bytes: number): (() => void) | undefined {
    if (this.#held + bytes > maxHeld && this.#held > 0) return undefined;
    this.#held += bytes;
    return () => {
      this.#held -= bytes;
    };
  }

  /**
   * Runs `job` in a transaction of its own, at once; `undefined` when somebody else is writing or waits to, and nothing
   * has happened. Throws what the job threw. One per turn: what many write at once is cheaper together.
   */
  runNow<T>(job: (connection: Connection) => T, committed: (result: T) => void): {readonly result: T} | undefined {
    if (this.#waiting.length > 0 || this.#hasWritten) return undefined;
    this.#hasWritten = true;
    setImmediate(() => {
      this.#hasWritten = false;
    });
    let connection: Connection;
    try {
      connection = this.#connection();
      this.#begin(connection, 'normal');
    } catch (error) {
      if (isBusy(error)) return undefined;
      throw error;
    }
    try {
      const result = job(connection);
      connection.commit();
      committed(result);
      return {result};
    } catch (error) {
      rollBack(connection);
      throw error;
    }
  }

  /** Resolves when nothing waits to be written. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0) await new Promise(resolve => setTimeout(resolve, 1));
  }

  #schedule(pause: number): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const go = (): void => {
      this.#isScheduled = false;
      this.#turn();
      if (this.#waiting.length > 0) this.#schedule(this.#pause);
    };
    if (pause === 0) setImmediate(go);
    else setTimeout(go, pause);
  }

  #turn(): void {
    try {
      const connection = this.#connection();
      this.#begin(connection, this.#waiting.some(({durability}) => durability === 'full') ? 'full' : 'normal');
      this.#pause = 0;
      this.#together(connection);
    } catch (error) {
      if (isBusy(error)) this.#wait(error);
      else for (const job of this.#waiting.splice(0)) job.failed(error);
    }
  }

  #together(connection: Connection): void {
    const began = performance.now();
    const done: Job[] = [];
    try {
      do {
        const job = this.#waiting[done.length];
        if (job === undefined) break;
        job.run(connection);
        done.push(job);
      } while (performance.now() - began < turn);
      connection.commit();
    } catch (error) {
      rollBack(connection);
      this.#apart(connection, done.length, error);
      return;
    }
    this.#waiting.splice(0, done.length);
    for (const job of done) job.committed();
  }

  /** Of the jobs of a failed transaction each is given one of its own, up to the one that failed. */
  #apart(connection: Connection, done: number, error: unknown): void {
    if (done === 0) {
      if (isBusy(error)) this.#wait(error);
      else this.#waiting.shift()?.failed(error);
      return;
    }
    for (const job of this.#waiting.splice(0, done + 1)) {
      try {
        this.#begin(connection, job.durability);
        job.run(connection);
        connection.commit();
        job.committed();
      } catch (own) {
        rollBack(connection);
        job.failed(own);
      }
    }
  }

  /** Only what must last waits for the disk. */
  #begin(connection: Connection, durability: Durability): void {
    if (durability !== this.#durability.get(connection)) {
      connection.exec(`PRAGMA synchronous = ${durability}`);
      this.#durability.set(connection, durability);
    }
    connection.begin();
  }

  #wait(error: unknown): void {
    this.#pause = Math.min(longestPause, Math.max(firstPause, this.#pause * 2));
    const now = performance.now();
    for (let at = this.#waiting.length - 1; at >= 0; at--) {
      if ((this.#waiting[at]?.giveUpAt ?? 0) > now) continue;
      const [late] = this.#waiting.splice(at, 1);
      late?.failed(locked(error));
    }
  }
}

function rollBack(connection: Connection): void {
  // A full disk and damage end the transaction by themselves.
  if (connection.isInTransaction) connection.exec('ROLLBACK');
}
