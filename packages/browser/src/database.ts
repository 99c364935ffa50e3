// The database: its shape, and a connection to it that can be lost and found again.

import {type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames} from 'idb';
import type {EpochMs, Tick} from 'limpid/store';
import {explained, failure, isConnectionClosed, isLaterVersion} from './trouble.ts';

const version = 1;

/** What there is one of. */
export type State = {
  readonly tick: Tick;
  /** Clears before this are forgotten: what began before it is not stored. */
  readonly floor: Tick;
  readonly count: number;
  /** Bodies, and bodies with heads, in bytes. */
  readonly bytes: number;
  readonly cost: number;
  readonly secret: Uint8Array<ArrayBuffer>;
};

/** A stored response. Names are compared; what it is stands in its record. */
export type Row = {
  readonly id: string;
  readonly resource: string;
  readonly key: string;
  readonly scopes: readonly string[];
  readonly began: Tick;
  /** The newest expiry that selected it, 0 when none did. */
  readonly expired: Tick;
  readonly used: EpochMs;
  readonly size: number;
  readonly cost: number;
  readonly record: string;
};

/** A clear or an expiry, for what was on its way when it happened: a scope, or the record of what it selects. */
export type LoggedClear = {
  readonly tick: Tick;
  readonly action: 'remove' | 'expire';
  readonly scope?: string;
  readonly record?: string;
};

/** A clear of URIs that has to get through to the origin. */
export type Cover = {readonly tick: Tick; readonly time: EpochMs; readonly record: string};

/** The newest mark on a resource, and the newest request that met one. */
export type ThroughMark = {
  readonly resource: string;
  readonly marked: Tick;
  readonly reached: Tick;
  readonly time: EpochMs;
};

export interface Schema extends DBSchema {
  state: {key: string; value: State};
  responses: {
    key: string;
    value: Row;
    indexes: {resource: string; scopes: string; used: number};
  };
  bodies: {key: string; value: Uint8Array<ArrayBuffer> | Blob};
  clears: {key: number; value: LoggedClear};
  covers: {key: number; value: Cover};
  marks: {key: string; value: ThroughMark; indexes: {time: number}};
}

export type StoreName = StoreNames<Schema>;

/** Where responses are, and what decides whether they count. */
export const storing: StoreName[] = ['state', 'responses', 'bodies', 'clears'];

export type Reading = IDBPTransaction<Schema, StoreName[], 'readonly' | 'readwrite'>;
export type Writing = IDBPTransaction<Schema, StoreName[], 'readwrite'>;

function build(database: IDBPDatabase<Schema>): void {
  database.createObjectStore('state');
  const responses = database.createObjectStore('responses', {keyPath: 'id'});
  responses.createIndex('resource', 'resource');
  responses.createIndex('scopes', 'scopes', {multiEntry: true});
  responses.createIndex('used', 'used');
  database.createObjectStore('bodies');
  database.createObjectStore('clears', {autoIncrement: true});
  database.createObjectStore('covers', {autoIncrement: true});
  const marks = database.createObjectStore('marks', {keyPath: 'resource'});
  marks.createIndex('time', 'time');
}

type Durability = 'strict' | 'relaxed';

/** Every transaction ends by itself, so a tab that dies leaves nothing half. */
export class Database {
  readonly #name: string;
  #open: Promise<IDBPDatabase<Schema>> | undefined;
  #closed = false;

  constructor(name: string) {
    this.#name = name;
  }

  read<T>(stores: StoreName[], job: (transaction: Reading) => Promise<T>): Promise<T> {
    return this.#run(stores, 'readonly', 'relaxed', job);
  }

  /** All of it or nothing. What is `strict` is on the disk when this resolves. */
  write<T>(
    stores: StoreName[],
    job: (transaction: Writing) => Promise<T>,
    durability: Durability = 'relaxed',
  ): Promise<T> {
    return this.#run(stores, 'readwrite', durability, job as (transaction: Reading) => Promise<T>);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = this.#open;
    this.#open = undefined;
    (await open?.catch(() => undefined))?.close();
  }

  async #run<T>(
    stores: StoreName[],
    mode: 'readonly' | 'readwrite',
    durability: Durability,
    job: (transaction: Reading) => Promise<T>,
  ): Promise<T> {
    const begin = async () => (await this.#opened()).transaction(stores, mode, {durability});
    const transaction = await begin().catch(error => {
      // A connection that the browser has closed says so only now.
      if (!isConnectionClosed(error)) throw error;
      this.#open = undefined;
      return begin();
    });
    try {
      const value = await job(transaction);
      await transaction.done;
      return value;
    } catch (error) {
      transaction.done.catch(() => undefined);
      try {
        transaction.abort();
      } catch {
        // It has ended already.
      }
      throw explained(error);
    }
  }

  async #opened(): Promise<IDBPDatabase<Schema>> {
    if (this.#closed) throw failure('the store is closed');
    this.#open ??= this.#connect();
    const open = this.#open;
    try {
      return await open;
    } catch (error) {
      if (this.#open === open) this.#open = undefined;
      throw isLaterVersion(error)
        ? failure(`the database ${this.#name} is of a later version of @limpid/browser`, error)
        : failure(`the database ${this.#name} cannot be opened`, error);
    }
  }

  async #connect(): Promise<IDBPDatabase<Schema>> {
    const lost = (): void => {
      this.#open = undefined;
    };
    const database = await openDB<Schema>(this.#name, version, {
      upgrade: build,
      // Another tab deletes the database or brings it to a later version: it must not wait for this one.
      blocking: () => {
        lost();
        database.close();
      },
      terminated: lost,
    });
    return database;
  }
}
