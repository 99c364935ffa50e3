// Bodies on their way in. Nothing of one is in the database before the transaction that stores it with its head.

import {
  type BodySink,
  isOutdated,
  isYounger,
  type PutOutcome,
  type StoredResponse,
  type UpdateOutcome,
} from 'limpid/store';
import {type Database, type Row, storing} from './database.ts';
import {idly} from './idle.ts';
import type {ClearLog} from './log.ts';
import {empty, makeRoom, removeRows, rowOf, setState, stateFor, storedOf} from './rows.ts';
import {isOverQuota} from './trouble.ts';

/** Longer bodies are kept as Blobs, which are streamed. */
export const inlineBytes: number = 256 * 1024;

/** The share of `maxBytes` that one body may take. */
const largestShare = 1 / 4;

/**
 * Of one resource, all users of this browser together: each lookup reads them all, and what a token that is forgotten has
 * left behind is never asked for again.
 */
const maxOfResource = 128;

type Body = Uint8Array<ArrayBuffer> | Blob;

/** The parts of a store that storing changes. */
export type StoringHost = {
  readonly database: Database;
  readonly log: ClearLog;
  readonly now: () => number;
  readonly maxBytes: number;
  readonly evicted: (stored: StoredResponse) => void;
  readonly isClosed: () => boolean;
};

export class Storing {
  readonly #host: StoringHost;
  /** So that not each of the next ones has to make room. */
  readonly #trimLater: () => void = idly(() => this.#trim());

  constructor(host: StoringHost) {
    this.#host = host;
  }

  sink(stored: StoredResponse): BodySink {
    let parts: BlobPart[] | undefined = [];
    let size = 0;
    let inMemory = 0;
    return {
      write: chunk => {
        size += chunk.byteLength;
        inMemory += chunk.byteLength;
        if (size > this.#host.maxBytes * largestShare) parts = undefined;
        parts?.push(chunk as Uint8Array<ArrayBuffer>);
        if (inMemory <= inlineBytes) return;
        // The browser may keep the bytes of a Blob elsewhere than in this tab's memory.
        parts &&= [new Blob(parts)];
        inMemory = 0;
      },
      commit: async () => {
        const body = new Blob(parts);
        const bytes = size > inlineBytes ? body : new Uint8Array(await body.arrayBuffer());
        return parts === undefined || this.#host.isClosed() ? 'full' : this.#commit(stored, bytes, size);
      },
      abort: () => {
        parts = undefined;
      },
    };
  }

  async update(stored: StoredResponse): Promise<UpdateOutcome> {
    const {database, log, now} = this.#host;
    return database.write(storing, async transaction => {
      const state = await stateFor(transaction, now());
      const before = await transaction.objectStore('responses').get(stored.id);
      const earlier = before && storedOf(before);
      if (before === undefined || earlier === undefined) return 'gone';
      const expired = await log.judge(transaction, state, stored);
      if (expired === undefined || isOutdated(earlier, stored, now())) return 'fenced';
      const {key, resource, size} = before;
      const row = rowOf({...stored, key, resource}, size, Math.max(expired, before.expired));
      await transaction.objectStore('responses').put(row);
      // A 304 has made it one user's: who relies on the counter looks again at what it has listed as everybody's.
      const tick = state.tick + (earlier.partition === stored.partition ? 0 : 1);
      await setState(transaction, {...state, tick, cost: state.cost - before.cost + row.cost});
      return 'stored';
    });
  }

  /** A browser that gives no more room is given back all of it, once: to keep a part would be a write as well. */
  async #commit(stored: StoredResponse, body: Body, size: number): Promise<PutOutcome> {
    try {
      return await this.#store(stored, body, size);
    } catch (error) {
      if (!isOverQuota(error)) throw error;
    }
    const gone = await this.#host.database.write(storing, async transaction => {
      const rows = await transaction.objectStore('responses').getAll();
      await empty(transaction);
      return rows;
    });
    this.#tell(gone);
    return this.#store(stored, body, size);
  }

  async #store(stored: StoredResponse, body: Body, size: number): Promise<PutOutcome> {
    const {database, log, now, maxBytes} = this.#host;
    let gone: readonly Row[] = [];
    const outcome = await database.write(storing, async (transaction): Promise<PutOutcome> => {
      const before = await stateFor(transaction, now());
      const expired = await log.judge(transaction, before, {...stored, size});
      const rows = await transaction.objectStore('responses').index('resource').getAll(stored.resource);
      const earlier = rows.find(({key}) => key === stored.key);
      const earlierStored = earlier && storedOf(earlier);
      if (expired === undefined || (earlierStored && isYounger(earlierStored, stored, now()))) return 'fenced';
      const row = rowOf(stored, size, expired);
      if (row.cost > maxBytes) return 'full';
      const newest = rows.filter(one => one !== earlier).toSorted((a, b) => b.used - a.used);
      const surplus = newest.slice(maxOfResource - 1);
      const left = await removeRows(transaction, before, earlier === undefined ? surplus : [earlier, ...surplus]);
      const room = await makeRoom(transaction, left, maxBytes - row.cost);
      gone = [...surplus, ...room.gone];
      await Promise.all([
        transaction.objectStore('responses').put(row),
        transaction.objectStore('bodies').put(body, row.id),
      ]);
      const {count, bytes, cost} = room.state;
      await setState(transaction, {...room.state, count: count + 1, bytes: bytes + size, cost: cost + row.cost});
      return 'stored';
    });
    this.#tell(gone);
    if (gone.length > 0) this.#trimLater();
    return outcome;
  }

  async #trim(): Promise<void> {
    const {database, isClosed, maxBytes, now} = this.#host;
    if (isClosed()) return;
    const gone = await database.write(storing, async transaction => {
      const room = await makeRoom(transaction, await stateFor(transaction, now()), maxBytes * 0.9);
      await setState(transaction, room.state);
      return room.gone;
    });
    this.#tell(gone);
  }

  #tell(gone: readonly Row[]): void {
    for (const row of gone) {
      const stored = storedOf(row);
      if (stored !== undefined) this.#host.evicted(stored);
    }
  }
}
