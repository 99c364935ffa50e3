// A stored response as one value: a line of what scripts look at, a line with its record, and the bytes of a short body.

import {decodeRecord, type EpochMs, encodeRecord, type StoredResponse, type Tick, wellFormed} from 'limpid/store';

/** Longer bodies have a key of their own: a lookup reads all responses of a hash. */
export const inlineBytes: number = 8 * 1024;

/** What scripts look at. */
type Head = {
  readonly id: string;
  readonly began: Tick;
  readonly requested: EpochMs;
  readonly size: number;
  readonly incarnation: string;
  /** When it was stored. */
  readonly time: EpochMs;
};

/** A response as it lies in Redis. */
export type Entry = {
  /** The hash it lies in. */
  readonly heads: string;
  /** Its field there. */
  readonly field: string;
  readonly stored: StoredResponse;
  readonly incarnation: string;
  /** An expiry that is not of a scope selected it, 0 when none did. */
  readonly expiredAt: Tick;
  /** The bytes, when they are not in a key of their own. */
  readonly inline: Uint8Array | undefined;
};

/** What a hash holds. */
export type Hash = {
  readonly entries: readonly Entry[];
  /** The name of the index of the users: what lies in a user's hash counts where the shared one names the same. */
  readonly index: string | undefined;
};

export const fieldOf = (key: string): string => `e${wellFormed(key)}`;

const entryLetter = 'e'.charCodeAt(0);

/** Whether a hash, given as names and values in turn, holds responses. */
export const hasEntries = (fields: readonly Buffer[]): boolean =>
  fields.some((field, at) => at % 2 === 0 && field[0] === entryLetter);

/** Where a hash names the index. */
export const indexField = 'index';

/** The two lines. */
export function headText(stored: StoredResponse, size: number, incarnation: string, time: EpochMs): string {
  const {id, began, requestTime: requested} = stored;
  const head: Head = {id: wellFormed(id), began, requested, size, incarnation, time};
  return `${JSON.stringify(head)}\n${encodeRecord(stored)}`;
}

export function envelope(head: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${head}\n`), body.byteLength <= inlineBytes ? body : new Uint8Array(0)]);
}

const newline = 10;

function parsed(heads: string, field: string, value: Buffer, notes: ReadonlyMap<string, number>): Entry | undefined {
  const first = value.indexOf(newline);
  const second = value.indexOf(newline, first + 1);
  if (first < 0 || second < 0) return undefined;
  const {id, began, size, incarnation, time} = JSON.parse(value.toString('utf8', 0, first)) as Head;
  const lastUsed = Math.max(time, notes.get(`u${id}`) ?? 0);
  const stored = decodeRecord(value.toString('utf8', first + 1, second), {id, began, size, lastUsed, expired: false});
  if (stored === undefined) return undefined;
  const inline = size <= inlineBytes ? value.subarray(second + 1) : undefined;
  if (inline !== undefined && inline.byteLength !== size) return undefined;
  return {heads, field, stored, incarnation, expiredAt: notes.get(`x${id}`) ?? 0, inline};
}

/** A hash, given as names and values in turn; what cannot be read is not there. */
export function hashOf(heads: string, fields: readonly Buffer[]): Hash {
  const notes = new Map<string, number>();
  const found: (readonly [string, Buffer])[] = [];
  let index: string | undefined;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [name = '', value] = [fields[at]?.toString(), fields[at + 1]];
    if (value === undefined) continue;
    if (name.startsWith('e')) found.push([name, value]);
    else if (name === indexField) index = value.toString();
    else notes.set(name, Number(value.toString()));
  }
  const entries = found.flatMap(([name, value]) => {
    try {
      return parsed(heads, name, value, notes) ?? [];
    } catch {
      return [];
    }
  });
  return {entries, index};
}
