import {statSync} from 'node:fs';

/**
 * How long a process may take to see that its file has been removed or replaced, in milliseconds. A look costs less than
 * four microseconds; a clear soon after the file was opened waits as long.
 */
export const noticedWithin = 20;

/** Which file a path leads to; `undefined` when there is none. */
export function identityOf(file: string): string | undefined {
  const found = statSync(file, {throwIfNoEntry: false});
  return found && `${found.dev}:${found.ino}`;
}

/** SQLite's write-ahead log of a file. */
export const logOf = (file: string): string => `${file}-wal`;

/** The other parts of a file while it is open. */
export const companions: readonly string[] = ['-wal', '-shm'];
