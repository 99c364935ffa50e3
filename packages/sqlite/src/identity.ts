import {lstatSync, readlinkSync, realpathSync, statSync} from 'node:fs';
import {basename, dirname, isAbsolute, join} from 'node:path';

/**
 * How long a process may take to see that its file has been removed or replaced, in milliseconds. A look costs less than
 * ten microseconds; a clear soon after the file was opened waits as long.
 */
export const noticedWithin = 20;

/** Which file a path leads to; `undefined` when there is none. */
export function identityOf(file: string): string | undefined {
  const found = statSync(file, {throwIfNoEntry: false});
  return found && `${found.dev}:${found.ino}`;
}

/** The other parts of a file while it is open: SQLite's write-ahead log, and the index of it that all processes share. */
export const companions: readonly string[] = ['-wal', '-shm'];

/** Which companions a file has. */
export const companionsOf = (file: string): string =>
  companions.map(companion => identityOf(file + companion)).join(' ');

/**
 * The path without the links on its way, also where no file is yet: SQLite keeps the companions beside the file itself, not
 * beside a link to it.
 */
export function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (Object(error).code !== 'ENOENT' || path === dirname(path)) throw error;
  }
  const folder = realPathOf(dirname(path));
  if (lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() !== true) return join(folder, basename(path));
  const target = readlinkSync(path);
  // Not made shorter: what is above a link is not what its path says.
  return realPathOf(isAbsolute(target) ? target : `${folder}/${target}`);
}
