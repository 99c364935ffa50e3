// Whose a file is, found out without changing it.

import {closeSync, existsSync, openSync, readSync, statSync} from 'node:fs';
import {DatabaseSync} from 'node:sqlite';
import {pathToFileURL} from 'node:url';
import {companions} from './identity.ts';
import {applicationId} from './schema.ts';
import {isDamage} from './trouble.ts';

/** Only what carries our mark is ours. */
export type Owner = 'nobody' | 'ours' | 'foreign';

const magic = 'SQLite format 3\0';
/** How every file of ours begins: pages of 4096 bytes and a write-ahead log. Where it is cut before its mark, this tells. */
const beginning = `${magic}\x10\0\x02\x02\0\x40\x20\x20`;
const markOffset = 68;
const markEnd = 72;

export function ownerOf(file: string): Owner {
  const found = statSync(file, {throwIfNoEntry: false});
  if (found === undefined) return 'nobody';
  // A pipe holds up whoever opens it, and a device may do anything.
  if (!found.isFile()) return 'foreign';
  if (found.size === 0) return 'nobody';
  const mark = found.size < markEnd ? undefined : markThroughSqlite(file);
  return (mark ?? markOf(file)) === applicationId ? 'ours' : 'foreign';
}

/**
 * This process may have the file open, another of its threads since a moment ago, and closing a descriptor of it would end
 * the locks that SQLite has of it. So SQLite reads the mark; `undefined` when it cannot.
 */
function markThroughSqlite(file: string): number | undefined {
  const isInUse = companions.every(companion => existsSync(file + companion));
  // As if nobody could change it: of a file that is not in use, SQLite would make the companions, or recover it.
  const place = isInUse ? file : `${pathToFileURL(file).href}?immutable=1`;
  try {
    return look(place, database => Number(database.prepare('PRAGMA application_id').get()?.application_id));
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

/** Looks without SQLite, which says nothing of a file that is damaged or cut short. */
function markOf(file: string): number | undefined {
  const header = Buffer.alloc(markEnd);
  const descriptor = openSync(file, 'r');
  try {
    const length = readSync(descriptor, header, 0, markEnd, 0);
    const text = header.toString('latin1', 0, length);
    if (length < markEnd) return text.startsWith(beginning) ? applicationId : undefined;
    return text.startsWith(magic) ? header.readUInt32BE(markOffset) : undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** Reads through a connection that cannot write: one that can would empty the log of another when it is closed. */
export function look<T>(file: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file, {readOnly: true});
  try {
    return read(database);
  } finally {
    database.close();
  }
}
