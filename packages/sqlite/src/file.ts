// Opening the file: a new one is begun, one of an earlier version is brought up to date, one that is not ours is refused.

import {randomBytes} from 'node:crypto';
import {closeSync, existsSync, mkdirSync, openSync, rmSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import type {Tick} from 'limpid/store';
import {alone} from './alone.ts';
import {companionsOf, identityOf} from './identity.ts';
import {look, ownerOf} from './owner.ts';
import {removeCompanions} from './removal.ts';
import {applicationId, migrate, schemaVersion} from './schema.ts';
import {failure} from './trouble.ts';

/** A file that is open, where, and which one it is. Its companions stay the same for as long. */
export type Opened = {
  readonly database: DatabaseSync;
  readonly file: string;
  readonly identity: string | undefined;
  readonly companions: string;
};

/** What is opened. */
export type ToOpen = {
  /** Its path, without links. */
  readonly file: string;
  /** The file that was found there just before. */
  readonly identity: string | undefined;
  readonly now: number;
  /** The last tick that this process saw in a file that was here before. */
  readonly replaces: Tick | undefined;
};

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

/**
 * Opens the file, making it and its folder when they are not there. `undefined` when another file has taken its place
 * meanwhile: then nothing was written, and there may be one to open.
 *
 * @throws LimpidError for a file that is not ours, and for one of a later version: neither is touched.
 */
export function openFile(what: ToOpen): Opened | undefined {
  const {file} = what;
  const owner = ownerOf(file);
  if (owner === 'foreign') {
    throw failure(`${file} is not a cache of limpid; allowed: a new file, or one that a SqliteStore made`);
  }
  if (owner === 'ours') return open(what);
  makeFolder(dirname(file));
  return alone(file, () => (ownerOf(file) === 'nobody' ? begin(what) : undefined));
}

function open(what: ToOpen): Opened | undefined {
  const {file, identity} = what;
  look(file, database => refuseLater(versionOf(database), file));
  const database = new DatabaseSync(file);
  return closedUnless(database, () => {
    database.exec(pragmas);
    // What has opened its companions, too, and is in its place afterwards has opened those that belong to it.
    versionOf(database);
    if (identityOf(file) === identity) return usable(database, what);
    if (isEmpty(file)) rmSync(file, {force: true});
    return undefined;
  });
}

/** Begins a new file, while no other process does. */
function begin(what: ToOpen): Opened | undefined {
  const {file} = what;
  removeCompanions(file);
  // Before SQLite would make it readable for all; its own other files take over the mode.
  closeSync(openSync(file, 'a', 0o600));
  const identity = identityOf(file);
  const database = new DatabaseSync(file);
  return closedUnless(database, () => {
    database.exec(pragmas);
    database.exec(claim);
    return usable(database, {...what, identity});
  });
}

function usable(database: DatabaseSync, what: ToOpen): Opened | undefined {
  const {file, identity} = what;
  database.exec('PRAGMA journal_mode = WAL');
  prepare(database, what);
  const companions = companionsOf(file);
  return identityOf(file) === identity ? {database, file, identity, companions} : undefined;
}

function closedUnless<T>(database: DatabaseSync, run: () => T | undefined): T | undefined {
  let result: T | undefined;
  try {
    result = run();
    return result;
  } finally {
    if (result === undefined) database.close();
  }
}

/** Makes the tables of a new file, or brings those of an older version up to date; refuses a newer one. */
function prepare(database: DatabaseSync, what: ToOpen): void {
  if (versionOf(database) === schemaVersion && !isBehind(database, what)) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    refuseLater(version, what.file);
    migrate(database, version);
    if (version === 0) start(database, what);
    else if (isBehind(database, what)) catchUp(database, what);
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
function start(database: DatabaseSync, {now, replaces}: ToOpen): void {
  const tick = Math.max(Math.trunc(now) * 1000, (replaces ?? 0) + 1);
  database.prepare('INSERT INTO state (one, tick, floor, secret) VALUES (1, ?, ?, ?)').run(tick, tick, randomBytes(32));
}

/** Whether the file counts from earlier than one that was here before: an earlier copy of it, or begun by a clock set back. */
function isBehind(database: DatabaseSync, {replaces}: ToOpen): boolean {
  if (replaces === undefined) return false;
  return Number(database.prepare('SELECT tick FROM state').get()?.tick) < replaces;
}

/**
 * Goes on counting where the file before stopped: what began there is not stored here, and what is here does not count,
 * because nothing remembers what cleared it there.
 */
function catchUp(database: DatabaseSync, {replaces = 0}: ToOpen): void {
  database.prepare('UPDATE state SET tick = ?1, floor = ?1, cleared = ?1').run(replaces + 1);
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

/** Opened by its path, a file that has just been moved was made again, for nobody. */
function isEmpty(file: string): boolean {
  const found = statSync(file, {throwIfNoEntry: false});
  return found?.isFile() === true && found.size === 0;
}

function refuseLater(version: number, file: string): void {
  if (version <= schemaVersion) return;
  const allowed = `allowed: up to ${schemaVersion}`;
  throw failure(`${file} was made by a later version of @limpid/sqlite (schema ${version}); ${allowed}`);
}
