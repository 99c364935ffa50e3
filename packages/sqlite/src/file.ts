// Opening the file: whose it is, which version it has, and what becomes of one that is damaged.

import {randomBytes} from 'node:crypto';
import {closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {applicationId, migrate, schemaVersion} from './schema.ts';
import {failure} from './trouble.ts';

/** `ours` is what carries our mark, or too little of a SQLite file to carry any. */
type Owner = 'nobody' | 'ours' | 'foreign';

const magic = 'SQLite format 3\0';
const headerLength = 100;
const applicationIdOffset = 68;

/** Looks without opening: SQLite would change a file that it recovers. */
function ownerOf(file: string): Owner {
  if (!existsSync(file)) return 'nobody';
  const header = Buffer.alloc(headerLength);
  const descriptor = openSync(file, 'r');
  try {
    const length = readSync(descriptor, header, 0, headerLength, 0);
    if (length === 0) return 'nobody';
    const isSqlite = header.toString('latin1', 0, Math.min(length, magic.length)) === magic.slice(0, length);
    if (!isSqlite) return 'foreign';
    return length < headerLength || header.readUInt32BE(applicationIdOffset) === applicationId ? 'ours' : 'foreign';
  } finally {
    closeSync(descriptor);
  }
}

const pragmas = `
  PRAGMA busy_timeout = 0;
  PRAGMA synchronous = NORMAL;
  PRAGMA secure_delete = ON;
  PRAGMA wal_autocheckpoint = 2000;
  PRAGMA journal_size_limit = 16777216;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
`;

/**
 * The first thing written, and in one piece: whoever looks at the file meanwhile must not take it for somebody else's.
 * Before the write-ahead log begins, which would keep our mark to itself for a while.
 */
const claim = `BEGIN; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${applicationId}; COMMIT`;

const versionOf = (database: DatabaseSync): number =>
  Number(database.prepare('PRAGMA user_version').get()?.user_version);

/** Makes the tables of a new file, or brings those of an older version up to date; refuses a newer one. */
function prepare(database: DatabaseSync, file: string, now: number, replaces: number | undefined): void {
  if (versionOf(database) === schemaVersion) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    refuseLater(version, file);
    migrate(database, version);
    if (version === 0) begin(database, now, replaces);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Starts the counter above that of any file that was here before: by the clock, or by what this process last saw.
 * What began before is not stored, because nothing remembers what cleared it.
 */
function begin(database: DatabaseSync, now: number, replaces: number | undefined): void {
  const tick = Math.max(Math.trunc(now) * 1000, (replaces ?? 0) + 1);
  database.prepare('INSERT INTO state (one, tick, floor, secret) VALUES (1, ?, ?, ?)').run(tick, tick, randomBytes(32));
}

/**
 * How long a process may take to see that its file has been removed or replaced, in milliseconds. A look costs less than
 * two microseconds; a clear soon after the file was opened waits as long.
 */
export const noticedWithin = 20;

/** Which file a path leads to; `undefined` when there is none. */
export function identityOf(file: string): string | undefined {
  const found = statSync(file, {throwIfNoEntry: false});
  return found && `${found.dev}:${found.ino}`;
}

/**
 * Opens the file, making it and its folder when they are not there.
 *
 * `replaces` is the last tick this process saw in a file that was here before.
 *
 * @throws LimpidError for a file that is not ours, and for one of a later version: neither is touched.
 */
export function openFile(file: string, now: number, replaces?: number): DatabaseSync {
  const owner = ownerOf(file);
  if (owner === 'foreign') {
    throw failure(`${file} is not a cache of limpid; allowed: a new file, or one that a SqliteStore made`);
  }
  // Before SQLite would make it readable for all; its own other files take over the mode.
  if (owner === 'nobody') {
    makeFolder(dirname(file));
    closeSync(openSync(file, 'a', 0o600));
  }
  // A connection that can write would empty the log of another when it is closed.
  else look(file, database => refuseLater(versionOf(database), file));
  const database = new DatabaseSync(file);
  try {
    database.exec(pragmas);
    if (owner === 'nobody') database.exec(claim);
    database.exec('PRAGMA journal_mode = WAL');
    prepare(database, file, now, replaces);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Node's own way to make all that is missing does not end where it cannot: below /proc, or a working directory that is gone. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, {mode: 0o700});
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(folder)) throw error;
  }
}

function look(file: string, read: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file, {readOnly: true});
  try {
    read(database);
  } finally {
    database.close();
  }
}

function refuseLater(version: number, file: string): void {
  if (version <= schemaVersion) return;
  const allowed = `allowed: up to ${schemaVersion}`;
  throw failure(`${file} was made by a later version of @limpid/sqlite (schema ${version}); ${allowed}`);
}

const companions = ['', '-wal', '-shm'];

/** Moves a damaged file and its companions out of the way; returns where it is now. */
export function setAside(file: string, now: number): string {
  let aside = `${file}.damaged-${Math.trunc(now)}`;
  while (existsSync(aside)) aside += '+';
  for (const suffix of companions) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  return aside;
}

/** Removes a file and its companions. */
export function removeFile(file: string): void {
  for (const suffix of companions) rmSync(file + suffix, {force: true});
}
