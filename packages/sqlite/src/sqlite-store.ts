import {createHmac} from 'node:crypto';
import {
  type BodySink,
  type ByteRange,
  type ClearHow,
  type ClearOutcome,
  type CompiledSelection,
  Listeners,
  type Lookup,
  type MaybePromise,
  type Partition,
  partOf,
  pseudonymOf,
  type ResourceKey,
  type Store,
  type StoredResponse,
  type Tick,
  type UpdateOutcome,
} from 'limpid/store';
import {Access} from './access.ts';
import {Clearing} from './clearing.ts';
import {decompressed, hasCompression} from './compression.ts';
import type {State} from './marks.ts';
import type {Open} from './open.ts';
import {type Settings, type SqliteStoreOptions, settingsOf} from './options.ts';
import {Storing} from './storing.ts';
import {ThroughMarks} from './through-marks.ts';
import {failure, isFull} from './trouble.ts';
import {Uses} from './uses.ts';
import {clearPatience, writePatience} from './writer.ts';

const nothing: readonly StoredResponse[] = [];

const closed: Lookup = {began: 0, candidates: nothing, through: undefined};

type Body = Uint8Array | ReadableStream<Uint8Array>;

/**
 * Keeps responses in a SQLite file, bounded by bytes, least recently used out first.
 *
 * Any number of processes of one machine may share the file; a clear in one holds in all. Reading is synchronous and
 * waits for nobody. Writing is made in transactions of their own turn, and tried again while another process writes.
 *
 * A damaged file is moved aside, as `<file>.damaged-<time>`, the operation that met it fails, and the next begins with
 * a new file. A clear that finds no room on the disk removes the file, with all that is stored in it.
 *
 * @throws TypeError for options that are wrong.
 * @throws LimpidError (`STORE_FAILED`) for a file that is not ours, or of a later version of this package; it is left
 *   as it is.
 */
export class SqliteStore implements Store {
  readonly #settings: Settings;
  readonly #access: Access;
  readonly #storing: Storing;
  readonly #through: ThroughMarks;
  readonly #uses: Uses;
  readonly #evictions = new Listeners<StoredResponse>();
  /** Where in the file what is listed lies. */
  readonly #rows = new WeakMap<StoredResponse, number>();

  constructor(options: SqliteStoreOptions) {
    this.#settings = settingsOf(options, hasCompression);
    this.#access = new Access(this.#settings);
    this.#storing = new Storing(this.#settings, this.#access, this.#evictions);
    this.#through = new ThroughMarks(this.#settings.now);
    this.#uses = new Uses(uses => this.#access.writer.run(() => this.#noteUses(uses), writePatience));
  }

  onEvict(listener: (stored: StoredResponse) => void): () => void {
    return this.#evictions.add(listener);
  }

  tick(): MaybePromise<Tick> {
    return this.#access.read(open => open.state().tick, 0);
  }

  list(resource: ResourceKey, _began?: Tick, partition?: Partition): MaybePromise<readonly StoredResponse[]> {
    return this.#access.read(open => this.#listed(open, open.state(), resource, partition), nothing);
  }

  lookup(resource: ResourceKey, url: string, partition?: Partition): MaybePromise<Lookup> {
    return this.#access.read(open => {
      const state = open.state();
      const candidates = this.#listed(open, state, resource, partition);
      return {began: state.tick, candidates, through: this.#newestThrough(open, state, resource, url)};
    }, closed);
  }

  counts(stored: StoredResponse): MaybePromise<boolean> {
    return this.#access.read(open => {
      const {admitted, expiredAt} = open.marks.admission(stored, open.state());
      return admitted && stored.began >= expiredAt;
    }, false);
  }

  body(stored: StoredResponse, range?: ByteRange): MaybePromise<Body | undefined> {
    return this.#access.read(open => {
      const row = this.#rowOf(open, stored);
      const kept = row === undefined ? undefined : open.rows.bodyOf(row, stored.id);
      if (kept === undefined) return undefined;
      this.#uses.note(stored.id, this.#settings.now());
      const {body, coding, chunks, size} = kept;
      if (chunks > 0) return open.readers.stream({id: stored.id, size, coding, chunks}, range);
      if (body === null || coding === null) return partOf(body ?? new Uint8Array(0), range);
      return this.#access.promised(decompressed(body, coding)).then(whole => partOf(whole, range));
    }, undefined);
  }

  put(stored: StoredResponse): BodySink {
    return this.#storing.sink(stored);
  }

  async update(stored: StoredResponse): Promise<UpdateOutcome> {
    if (this.#access.isClosed) return 'gone';
    return this.#access.write(
      open => open.rows.update(stored, this.#settings.now()),
      open => open.stored(stored.resource),
    );
  }

  /** @throws LimpidError when the store is closed: what is in the file would still be there. */
  async clear(what: CompiledSelection, how: ClearHow): Promise<ClearOutcome> {
    try {
      return await this.#clear(what, how);
    } catch (error) {
      const hasNoRoom = isFull(error) && how.action !== 'count';
      if (hasNoRoom) await this.#access.remove();
      else if (!this.#access.isOfDamage(error)) throw error;
      // The file is gone, and all that was stored in it; what is still on its way must be fenced all the same.
      const {tick, ...counted} = await this.#clear(what, how);
      return how.action === 'count' ? {...counted, tick} : {tick};
    }
  }

  async #clear(what: CompiledSelection, how: ClearHow): Promise<ClearOutcome> {
    const outcome = await this.#access.lasting(async (open): Promise<ClearOutcome> => {
      if (what.length === 0) return {count: 0, bytes: 0, tick: open.state().tick};
      await this.#uses.flush();
      return this.#clearing(open).clear(what, how);
    }, clearPatience);
    if (outcome === undefined) throw failure('the store is closed');
    return outcome;
  }

  #clearing(open: Open): Clearing {
    return new Clearing(open, this.#access.writer, this.#through);
  }

  through(resource: ResourceKey, url: string): MaybePromise<Tick | undefined> {
    return this.#access.read(open => this.#newestThrough(open, open.state(), resource, url), undefined);
  }

  async reached(resource: ResourceKey, url: string, began: Tick): Promise<void> {
    if (this.#access.isClosed || (await this.through(resource, url)) === undefined) return;
    await this.#access.write(
      open => this.#through.reached(resource, began, open.connection),
      () => undefined,
    );
  }

  async *entries(what: CompiledSelection): AsyncIterable<StoredResponse> {
    for (;;) {
      const open = await this.#access.opened();
      if (open === undefined) return;
      try {
        await this.#uses.flush();
        for await (const stored of this.#clearing(open).entries(what)) yield this.#used(stored) ?? stored;
        return;
      } catch (error) {
        // What was not met of a file that is gone is not there any more: the rest is what lies in its place.
        if (this.#access.isOpen(open)) throw error;
      }
    }
  }

  /** An HMAC under the secret of the file: equal in every process that shares it, telling nothing outside. */
  pseudonym(secret: string): MaybePromise<string> {
    return this.#access.read(open => {
      const hmac = createHmac('sha256', open.lastState().secret).update(JSON.stringify(secret));
      return pseudonymOf(hmac.digest());
    }, '~');
  }

  async size(): Promise<{readonly count: number; readonly bytes: number}> {
    const size = await this.#access.lasting(async open => {
      if (open.sweep.isPending(open.state())) await open.sweep.run();
      const {count, bytes} = open.marks.state();
      return {count, bytes};
    });
    return size ?? {count: 0, bytes: 0};
  }

  /** Finishes what is being written; what is not complete leaves nothing. */
  async close(): Promise<void> {
    if (this.#access.isClosed) return;
    await this.#uses.flush();
    await this.#access.close();
  }

  #listed(
    open: Open,
    state: State,
    resource: ResourceKey,
    partition: Partition | undefined,
  ): readonly StoredResponse[] {
    const known = open.lists.find(resource, partition);
    if (known !== undefined) return known;
    const list: StoredResponse[] = [];
    for (const row of open.rows.of(resource, partition)) {
      const stored = this.#used(open.rows.shown(row, state));
      if (stored === undefined) continue;
      this.#rows.set(stored, row.row);
      list.push(stored);
    }
    return open.lists.remember(resource, partition, list);
  }

  #newestThrough({connection}: Open, {through}: State, resource: ResourceKey, url: string): Tick | undefined {
    return through === 0 ? undefined : this.#through.newest(resource, url, connection);
  }

  #noteUses(uses: ReadonlyMap<string, number>): void {
    for (const [id, time] of uses) this.#access.current().rows.use(id, time);
  }

  /** With uses that are not in the file yet. */
  #used(stored: StoredResponse | undefined): StoredResponse | undefined {
    const used = stored && this.#uses.of(stored.id);
    return used === undefined || stored === undefined ? stored : {...stored, lastUsed: Math.max(used, stored.lastUsed)};
  }

  /** The row of what counts: it was listed since anything changed, or is looked at again. */
  #rowOf(open: Open, stored: StoredResponse): number | undefined {
    const listed = open.lists.listed(stored);
    if (listed !== undefined) return this.#rows.get(listed);
    const found = open.rows.find(stored.id);
    return found && open.rows.shown(found, open.state()) && found.row;
  }
}
