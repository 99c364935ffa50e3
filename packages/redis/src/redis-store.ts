import {
  anonymous,
  type BodySink,
  type ByteRange,
  type ClearHow,
  type ClearOutcome,
  type CompiledSelection,
  type Lease,
  type Lookup,
  type MaybePromise,
  type Partition,
  partOf,
  type ResourceKey,
  randomName,
  type Store,
  type StoredResponse,
  shareable,
  type Tick,
  type UpdateOutcome,
  wellFormed,
} from 'limpid/store';
import QuickLRU from 'quick-lru';
import {Clearing, type Total} from './clearing.ts';
import {clientFor, commandsOf, leave, type OwnClient} from './client.ts';
import {Commands} from './commands.ts';
import type {Entry} from './envelope.ts';
import {fieldsOf} from './marks.ts';
import {type RedisStoreOptions, type Settings, settingsOf} from './options.ts';
import {Redis} from './redis.ts';
import * as scripts from './scripts.ts';
import {Searching} from './searching.ts';
import * as slotScripts from './slot-scripts.ts';
import {Storing} from './storing.ts';
import {ThroughMarks, throughFields} from './through-marks.ts';
import {failure} from './trouble.ts';

/** A use is noted no more often than this, in milliseconds. */
const usedPrecision = 1000;

/**
 * Keeps responses in Redis, Valkey or a Redis Cluster, shared by all who use the same prefix.
 *
 * What counts is decided by one counter and by marks that lie beside it, compared whenever something is read: so a clear
 * of a scope is one script, however much it empties, and holds for everybody at once. Redis itself removes what has
 * expired, and may evict what it likes: a response that is gone is a miss, and a counter that is gone means that
 * everything was cleared.
 *
 * @throws TypeError for options that are wrong.
 */
export class RedisStore implements Store {
  readonly #settings: Settings;
  readonly #redis: Redis;
  readonly #storing: Storing;
  readonly #searching: Searching;
  readonly #clearing: Clearing;
  readonly #ownClient: OwnClient | undefined;
  /** Bytes that came with a lookup, until something is cleared here. */
  #inline = new WeakMap<StoredResponse, Entry>();
  /** When uses were last noted. */
  readonly #noted = new QuickLRU<string, number>({maxSize: 1000});
  readonly #through: ThroughMarks;
  #closed = false;

  constructor(options: RedisStoreOptions) {
    this.#settings = settingsOf(options);
    const {client, url} = this.#settings;
    if (url !== undefined) this.#ownClient = clientFor(url);
    const commands = client === undefined ? commandsOf(this.#ownClient, this.#settings.timeout) : new Commands(client);
    this.#redis = new Redis(this.#settings, commands);
    this.#storing = new Storing(this.#redis, () => this.#closed);
    this.#searching = new Searching(this.#redis);
    this.#clearing = new Clearing(this.#redis, this.#searching);
    this.#through = new ThroughMarks(this.#settings.now);
  }

  async tick(): Promise<Tick> {
    if (this.#closed) return 0;
    const counter = await this.#redis.counter();
    return this.#redis.isAnew(counter) ? 0 : counter.tick;
  }

  /** A clear waits as long as it was lately trusted by anybody: a lease that `tiered` takes. */
  async trust(ms: number): Promise<Tick> {
    return this.#closed ? 0 : this.#redis.trust(ms);
  }

  async list(resource: ResourceKey, _began?: Tick, partition?: Partition): Promise<readonly StoredResponse[]> {
    if (this.#closed) return [];
    const {current, hasUsers} = await this.#redis.look(resource, partition ?? anonymous);
    const isForAll = partition === undefined && hasUsers;
    return this.#given(isForAll ? await this.#searching.everybodys(resource) : current, partition);
  }

  async lookup(resource: ResourceKey, url: string, partition?: Partition): Promise<Lookup> {
    if (this.#closed) return {began: 0, candidates: [], through: undefined};
    const fields = throughFields(resource);
    const {current, hasUsers, marks, tick} = await this.#redis.look(resource, partition ?? anonymous, fields);
    // Made with a secret that is no longer there: what this exchange stores nobody could clear by its partition.
    if (this.#redis.isAnew(marks)) return {began: 0, candidates: [], through: undefined};
    const isForAll = partition === undefined && hasUsers;
    return {
      began: tick,
      candidates: this.#given(isForAll ? await this.#searching.everybodys(resource) : current, partition),
      through: this.#through.newest(marks, resource, url) && (await this.through(resource, url)),
    };
  }

  async counts(stored: StoredResponse): Promise<boolean> {
    if (this.#closed) return false;
    const marks = await this.#redis.marks(fieldsOf(stored));
    const {admitted, expiredAt} = marks.admission(stored, await this.#redis.log(marks, stored.began));
    return admitted && stored.began >= expiredAt;
  }

  /** At once where the bytes came with the lookup: a hit need not wait twice. */
  body(stored: StoredResponse, range?: ByteRange): MaybePromise<Uint8Array | undefined> {
    if (this.#closed) return undefined;
    const entry = this.#inline.get(stored);
    if (entry?.inline === undefined) return this.#read(stored, entry, range);
    this.#use(entry);
    return partOf(entry.inline, range);
  }

  async #read(
    stored: StoredResponse,
    known: Entry | undefined,
    range: ByteRange | undefined,
  ): Promise<Uint8Array | undefined> {
    const entry = known ?? (await this.#find(stored));
    if (entry === undefined) return undefined;
    this.#use(entry);
    if (entry.inline !== undefined) return partOf(entry.inline, range);
    const {commands, keys, settings} = this.#redis;
    const key = keys.body(stored.resource, stored.id);
    const bytes = await commands.send(settings.timeout, key, 'GET', key);
    // Redis may have evicted it.
    return Buffer.isBuffer(bytes) && bytes.byteLength === entry.stored.size ? partOf(bytes, range) : undefined;
  }

  put(stored: StoredResponse): BodySink {
    return this.#storing.sink(stored);
  }

  async update(stored: StoredResponse): Promise<UpdateOutcome> {
    return this.#closed ? 'gone' : this.#storing.update(stored);
  }

  /** @throws LimpidError when it did not happen, or when a replica that is there does not have it in time. */
  async clear(what: CompiledSelection, how: ClearHow): Promise<ClearOutcome> {
    if (this.#closed) throw failure('the store is closed');
    if (what.length === 0) return {count: 0, bytes: 0, tick: await this.tick()};
    try {
      const outcome = await this.#clearing.clear(what, how);
      if (how.through) this.#through.own.remember(what, outcome.tick);
      return outcome;
    } finally {
      this.#inline = new WeakMap();
    }
  }

  async through(resource: ResourceKey, url: string): Promise<Tick | undefined> {
    if (this.#closed) return undefined;
    return this.#through.newest(await this.#redis.marks(throughFields(resource)), resource, url);
  }

  async reached(resource: ResourceKey, url: string, began: Tick): Promise<void> {
    if ((await this.through(resource, url)) === undefined) return;
    const {commands, keys, settings} = this.#redis;
    const args = [wellFormed(resource), String(began), String(scripts.maxFields)];
    await commands.run(settings.timeout, scripts.reached, [keys.control], args);
  }

  async *entries(what: CompiledSelection): AsyncIterable<StoredResponse> {
    if (!this.#closed) yield* this.#clearing.entries(what);
  }

  /** An HMAC under a secret that lies in Redis: equal for all who share it, telling nothing outside. */
  async pseudonym(secret: string): Promise<string> {
    return this.#closed ? `~${randomName()}` : this.#redis.pseudonym(secret);
  }

  /**
   * Walks over everything: meant for looking, not for every request. Who asks while a walk is under way gets its result,
   * which what has been stored or cleared meanwhile may not be in.
   */
  async size(): Promise<Total> {
    return this.#closed ? {count: 0, bytes: 0} : this.#clearing.size();
  }

  /**
   * The right to ask the origin for what `name` says, for `ms` milliseconds; `undefined` while somebody else has it. What is
   * not given back ends by itself.
   */
  async lease(name: string, ms: number): Promise<Lease | undefined> {
    const {commands, keys, settings} = this.#redis;
    const key = keys.lease(name);
    const token = randomName();
    const reply = await commands.send(settings.timeout, key, 'SET', key, token, 'NX', 'PX', String(Math.ceil(ms)));
    if (reply === null || reply === undefined) return undefined;
    const release = async (): Promise<void> => {
      await commands.run(settings.timeout, slotScripts.release, [key], [token]).catch(() => undefined);
    };
    return {release};
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#clearing.stop();
    leave(this.#ownClient);
  }

  /** What may answer requests of this partition; everybody's where none is named. */
  #given(entries: readonly Entry[], partition: Partition | undefined): readonly StoredResponse[] {
    const given: StoredResponse[] = [];
    for (const entry of entries) {
      const {stored} = entry;
      if (partition !== undefined && stored.partition !== partition && stored.partition !== shareable) continue;
      this.#inline.set(stored, entry);
      given.push(stored);
    }
    return given;
  }

  async #find({resource, partition, id}: StoredResponse): Promise<Entry | undefined> {
    const {current} = await this.#redis.look(resource, partition);
    return current.find(entry => entry.stored.id === wellFormed(id));
  }

  /** Nobody waits for it. */
  #use({heads, stored, field}: Entry): void {
    const now = Math.trunc(this.#settings.now());
    const noted = this.#noted.get(stored.id);
    if (noted !== undefined && Math.abs(now - noted) < usedPrecision) return;
    this.#noted.set(stored.id, now);
    const {commands, keys, settings} = this.#redis;
    const args = [field, stored.id, `u${stored.id}`, String(now)];
    commands.run(settings.timeout, slotScripts.note, keys.around(heads), args).catch(() => undefined);
  }
}
