// What can go wrong with a file, told apart by SQLite's result codes (https://sqlite.org/rescode.html).

import {LimpidError} from 'limpid';

const codes = {busy: 5, locked: 6, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26};

/** What SQLite says for each: in Deno, errors of `exec` and of opening have no code. */
const texts: Readonly<Record<string, number>> = {
  'database is locked': codes.busy,
  'database table is locked': codes.locked,
  'database disk image is malformed': codes.corrupt,
  'database or disk is full': codes.full,
  'unable to open database file': codes.cannotOpen,
  'file is not a database': codes.notADatabase,
};

/** The primary result code of an error of SQLite's. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : texts[error.message];
}

/** Another connection is in the way, for now. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === codes.busy || code === codes.locked;
}

/** What was found in the file cannot have been written there so. */
export class Damage extends Error {}

/** The file does not hold what SQLite, or this package, wrote. */
export function isDamage(error: unknown): boolean {
  if (error instanceof Damage || isOfTables(error)) return true;
  const code = codeOf(error);
  return code === codes.corrupt || code === codes.notADatabase;
}

/** The tables are not those that this package made: its statements never fail otherwise. */
const isOfTables = (error: unknown): boolean =>
  error instanceof Error && /^no such (table|column)|^table .* (has no column|already exists)/.test(error.message);

/** There is no room for what was to be written. */
export const isFull = (error: unknown): boolean => codeOf(error) === codes.full;

/** The path leads to no file that could be opened: only opening looks at the file system. */
export function isUnopened(error: unknown): boolean {
  const isOfFileSystem = error instanceof Error && 'syscall' in error;
  return isOfFileSystem || codeOf(error) === codes.cannotOpen;
}

/** Another process held its lock for too long: who reads is to leave the store alone for a while. */
export function locked(error: unknown): LimpidError {
  const cause = Object.assign(new Error(String(Object(error).message)), {name: 'TimeoutError', cause: error});
  return failure('the file is locked by another process', cause);
}

/** A failure of the store, with what failed below as its cause. */
export const failure = (message: string, cause?: unknown): LimpidError =>
  new LimpidError('STORE_FAILED', cause === undefined ? {message} : {message, cause});
