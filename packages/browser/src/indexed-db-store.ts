import {
  type BodySink,
  type ByteRange,
  type ClearHow,
  type ClearOutcome,
  type CompiledSelection,
  isSelected,
  type Lease,
  Listeners,
  type Lookup,
  partOf,
  type ResourceKey,
  type Store,
  type StoredResponse,
  type Tick,
  type UpdateOutcome,
} from 'limpid/store';
import {Clearing} from './clearing.ts';
import {Database, type Reading, type Row, type State, type StoreName} from './database.ts';
import {ClearLog} from './log.ts';
import {type IndexedDbStoreOptions, settingsOf} from './options.ts';
import {Pseudonyms} from './pseudonyms.ts';
import {stateFor, stateIn, storedOf} from './rows.ts';
import {inlineBytes, Storing} from './storing.ts';
import {ThroughMarks} from './through-marks.ts';
import {Uses} from './uses.ts';
import {webLease} from './web-lease.ts';

/** Responses are looked at so many at a time. */
const page = 200;

const lookedUp: StoreName[] = ['state', 'responses', 'covers', 'marks'];

/**
 * Keeps responses in IndexedDB, bounded by bytes, least recently used out first.
 *
 * All tabs and workers of the origin that use the same `name` share them. Each operation is one transaction, which
 * browsers run one after another: a clear in one tab holds for every request that begins in any tab once it has
 * resolved. Long bodies are Blobs and are streamed.
 *
 * @throws TypeError for options that are wrong.
 */
export class IndexedDbStore implements Store {
  readonly #name: string;
  readonly #now: () => number;
  readonly #database: Database;
  readonly #log = new ClearLog();
  readonly #through: ThroughMarks;
  readonly #storing: Storing;
  readonly #clearing: Clearing;
  readonly #uses: Uses;
  readonly #pseudonyms: Pseudonyms;
  readonly #listeners = new Listeners<StoredResponse>();
  #closed = false;

  constructor(options: IndexedDbStoreOptions = {}) {
    const {name, maxBytes, now} = settingsOf(options);
    this.#name = name;
    this.#now = now;
    this.#database = new Database(name);
    this.#through = new ThroughMarks(now);
    const host = {database: this.#database, log: this.#log, through: this.#through, now, maxBytes};
    this.#storing = new Storing({
      ...host,
      evicted: stored => this.#listeners.tell(stored),
      isClosed: () => this.#closed,
    });
    this.#clearing = new Clearing(host);
    this.#uses = new Uses(uses => this.#noteUses(uses));
    this.#pseudonyms = new Pseudonyms(async () => (await this.#state()).secret);
  }

  async tick(): Promise<Tick> {
    if (this.#closed) return 0;
    return (await this.#state()).tick;
  }

  async list(resource: ResourceKey): Promise<readonly StoredResponse[]> {
    return this.#closed ? [] : this.#database.read(['responses'], transaction => listed(transaction, resource));
  }

  async lookup(resource: ResourceKey, url: string): Promise<Lookup> {
    if (this.#closed) return {began: 0, candidates: [], through: undefined};
    const looked = await this.#database.read(lookedUp, async transaction => {
      // Asked for together, so that they are answered together.
      const [state, candidates, through] = await Promise.all([
        stateIn(transaction),
        listed(transaction, resource),
        this.#through.newest(transaction, resource, url),
      ]);
      return {began: state?.tick, candidates, through};
    });
    return {...looked, began: looked.began ?? (await this.#state()).tick};
  }

  async counts(stored: StoredResponse): Promise<boolean> {
    if (this.#closed) return false;
    return this.#database.read(
      ['state', 'clears'],
      async transaction => (await this.#log.judge(transaction, await stateIn(transaction), stored)) === 0,
    );
  }

  async body(stored: StoredResponse, range?: ByteRange): Promise<Uint8Array | ReadableStream<Uint8Array> | undefined> {
    if (this.#closed) return undefined;
    // At once: who asks nothing further must not have to wait for it to count.
    this.#uses.note(stored.id, this.#now());
    const body = await this.#database.read(['bodies'], transaction => transaction.objectStore('bodies').get(stored.id));
    if (body === undefined) return undefined;
    if (body instanceof Uint8Array) return partOf(body, range);
    const from = Math.max(0, range?.offset ?? 0);
    const part = body.slice(from, range && from + Math.max(0, range.length));
    if (part.size <= inlineBytes) return new Uint8Array(await part.arrayBuffer());
    // Its file may have been lost or cut short, which only reading tells.
    await part.slice(-1).arrayBuffer();
    return part.stream();
  }

  put(stored: StoredResponse): BodySink {
    return this.#storing.sink(stored);
  }

  async update(stored: StoredResponse): Promise<UpdateOutcome> {
    return this.#closed ? 'gone' : this.#storing.update(stored);
  }

  /** @throws LimpidError when the store is closed: what is in the database would still be there. */
  async clear(what: CompiledSelection, how: ClearHow): Promise<ClearOutcome> {
    if (what.length === 0) return {count: 0, bytes: 0, tick: await this.tick()};
    await this.#uses.flush();
    return this.#clearing.clear(what, how);
  }

  async through(resource: ResourceKey, url: string): Promise<Tick | undefined> {
    if (this.#closed) return undefined;
    return this.#database.read(['covers', 'marks'], transaction => this.#through.newest(transaction, resource, url));
  }

  async reached(resource: ResourceKey, url: string, began: Tick): Promise<void> {
    if ((await this.through(resource, url)) === undefined) return;
    await this.#database.write(['marks'], transaction => this.#through.reached(transaction, resource, began));
  }

  async *entries(what: CompiledSelection): AsyncIterable<StoredResponse> {
    await this.#uses.flush();
    let rows: readonly Row[] = [];
    do {
      if (this.#closed) return;
      const beyond = IDBKeyRange.lowerBound(rows.at(-1)?.id ?? '', true);
      rows = await this.#database.read(['responses'], transaction =>
        transaction.objectStore('responses').getAll(beyond, page),
      );
      for (const row of rows) {
        const stored = storedOf(row);
        if (stored !== undefined && isSelected(stored, what)) yield stored;
      }
    } while (rows.length === page);
  }

  /** The right to ask the origin for this, among all tabs and workers, for `ms` milliseconds: a Web Lock. */
  async lease(name: string, ms: number): Promise<Lease | undefined> {
    return webLease(`limpid ${this.#name} ${name}`, ms);
  }

  /** An HMAC under a secret of the database; on plain-http pages, which lack WebCrypto, known to this tab alone. */
  async pseudonym(secret: string): Promise<string> {
    return this.#pseudonyms.of(secret);
  }

  async size(): Promise<{readonly count: number; readonly bytes: number}> {
    const state = this.#closed ? undefined : await this.#database.read(['state'], stateIn);
    return {count: state?.count ?? 0, bytes: state?.bytes ?? 0};
  }

  onEvict(listener: (stored: StoredResponse) => void): () => void {
    return this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#uses.flush();
    this.#closed = true;
    await this.#database.close();
  }

  /** The state, made where nothing has happened yet. */
  async #state(): Promise<State> {
    const state = await this.#database.read(['state'], stateIn);
    return state ?? this.#database.write(['state'], transaction => stateFor(transaction, this.#now()));
  }

  async #noteUses(uses: ReadonlyMap<string, number>): Promise<void> {
    if (this.#closed) return;
    await this.#database.write(['responses'], async transaction => {
      const responses = transaction.objectStore('responses');
      for (const [id, used] of uses) {
        const row = await responses.get(id);
        if (row !== undefined && row.used < used) await responses.put({...row, used});
      }
    });
  }
}

async function listed(transaction: Reading, resource: ResourceKey): Promise<readonly StoredResponse[]> {
  const rows = await transaction.objectStore('responses').index('resource').getAll(resource);
  return rows.flatMap(row => storedOf(row) ?? []);
}
