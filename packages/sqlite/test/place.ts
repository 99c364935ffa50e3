// A folder for a test's files, an origin on loopback, a cache over a SqliteStore between them, and what a store is given.

import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {cachedFetch} from '@limpid/fetch';
import {type ErrorEvent, HttpCache} from 'limpid';
import type {CompiledSelection, StoredResponse} from 'limpid/store';
import {expect, onTestFinished} from 'vitest';
import {noticedWithin} from '../src/identity.ts';
import {SqliteStore, type SqliteStoreOptions} from '../src/index.ts';
import {headFor} from './crash-bodies.ts';

/** A folder that goes when the test is over. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'limpid-sqlite-'));
  onTestFinished(() => rmSync(made, {recursive: true, force: true}));
  return made;
}

/** The path of a file that is not there yet. */
export const newFile = (): string => join(folder(), 'cache.db');

/** A store that is closed when the test is over. */
export function storeAt(file: string, options: Partial<SqliteStoreOptions> = {}): SqliteStore {
  const store = new SqliteStore({file, ...options});
  onTestFinished(() => store.close());
  return store;
}

/** A cache, what it told of errors, and a fetch through it. */
export type Client = {
  readonly cache: HttpCache;
  readonly errors: readonly ErrorEvent[];
  readonly get: (url: string, init?: RequestInit) => Promise<Response>;
};

export function clientOf(store: SqliteStore): Client {
  const cache = new HttpCache({store, rules: [{ttl: '1h', tags: ['t']}]});
  onTestFinished(() => cache.close());
  const errors: ErrorEvent[] = [];
  cache.on('error', event => errors.push(event));
  return {cache, errors, get: cachedFetch(cache)};
}

/** An origin; by default each answer is another. Resolves to its address. */
export async function origin(answer: RequestListener = counting()): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function counting(): RequestListener {
  let count = 0;
  return (_, response) => response.end(`answer ${++count}`);
}

/** The text of an answer, once it is stored. */
export async function textOf({get, cache}: Client, url: string, init?: RequestInit): Promise<string> {
  const text = await (await get(url, init)).text();
  await cache.idle();
  return text;
}

/** Everything a store holds. */
export async function allIn(store: SqliteStore): Promise<readonly StoredResponse[]> {
  const found: StoredResponse[] = [];
  for await (const stored of store.entries(all)) found.push(stored);
  return found;
}

let made = 0;

/** Stores a body of this length, under a key of its own unless one is given. */
export async function keep(
  store: SqliteStore,
  changes: Partial<StoredResponse> = {},
  length = 10,
): Promise<StoredResponse> {
  const id = `x-${++made}`;
  const url = changes.resource ?? `https://a.example/${id}`;
  const stored = {...headFor(url, id, await store.tick()), key: id, tags: [], ...changes};
  const sink = store.put(stored);
  for (let at = 0; at < length; at += 100_000) {
    await sink.write(new Uint8Array(Math.min(100_000, length - at)).fill((made + at / 100_000) % 251));
  }
  expect(await sink.commit()).toBe('stored');
  return stored;
}

/** What there is of a resource for a partition, by id; of it all without one. */
export const idsOf = async (store: SqliteStore, resource: string, partition?: string): Promise<readonly string[]> =>
  (await store.list(resource, await store.tick(), partition)).map(({id}) => id).toSorted();

/** Uses that were noted are written before anything is walked over. */
export async function usesAreWritten(store: SqliteStore): Promise<void> {
  for await (const _ of store.entries([{type: 'scope', scope: {type: 'resource', resource: 'none'}}]));
}

export const all: CompiledSelection = [{type: 'scope', scope: {type: 'all'}}];

export const clear = (store: SqliteStore, what: CompiledSelection = all): Promise<unknown> =>
  store.clear(what, {action: 'remove', through: false, exact: false});

/** After this, each process looks again which file is in its place. */
export const toBeNoticed = (): Promise<void> => new Promise(resolve => setTimeout(resolve, noticedWithin + 2));

/** Whether what one stores the other has, also in its log. */
export async function expectShared(one: SqliteStore, other: SqliteStore): Promise<void> {
  const {id, resource} = await keep(one);
  expect(await idsOf(other, resource)).toEqual([id]);
  await clear(other);
  expect(await idsOf(one, resource)).toEqual([]);
}

const taking = `
  const database = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
  database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  database.close();`;

/** Whether the locks of this process keep another from having the file for itself. */
export function isHeld(file: string): boolean {
  const {status, stderr} = spawnSync(process.execPath, ['--no-warnings', '-e', taking, file], {encoding: 'utf8'});
  return status !== 0 && stderr.includes('database is locked');
}
