import {DatabaseSync} from 'node:sqlite';
import {failure, isDamage} from './trouble.ts';

/**
 * Runs `run` while no other process, and no other thread, does this for the same file: whoever begins a file, moves or
 * removes it must have done with all three of its parts before another begins the next.
 *
 * The lock is one of SQLite's, on a file of its own that stays empty: it ends with the process that holds it.
 *
 * @throws what SQLite throws for a lock that another holds.
 */
export function alone<T>(file: string, run: () => T): T {
  const lock = new DatabaseSync(`${file}-lock`);
  try {
    take(lock, file);
    return run();
  } finally {
    // Ends the transaction, too.
    lock.close();
  }
}

function take(lock: DatabaseSync, file: string): void {
  try {
    // A journal on the disk would need room there, where there may be none.
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE');
  } catch (error) {
    if (isDamage(error)) throw failure(`${file}-lock is not a lock of limpid; allowed: that it is not there`, error);
    throw error;
  }
}
