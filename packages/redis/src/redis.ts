import {randomBytes} from 'node:crypto';
import {Own, type Partition, type ResourceKey, randomName, type StoredResponse, type Tick} from 'limpid/store';
import QuickLRU from 'quick-lru';
import {type Commands, listOf, type Reply, within} from './commands.ts';
import type {Entry, Hash} from './envelope.ts';
import {countedIn, Hashes, type HashesOfTurn} from './hashes.ts';
import {Keys} from './keys.ts';
import {KnownMarks} from './known-marks.ts';
import {type Counter, fieldsOf, type LoggedClear, Marks, readLog, usualFields} from './marks.ts';
import type {Settings} from './options.ts';
import {pseudonymUnder} from './pseudonym.ts';
import * as scripts from './scripts.ts';
import {together} from './together.ts';
import {forgetful} from './trouble.ts';

/** The clears of this process whose predicates are remembered. */
const maxOwnClears = 1024;

/** What a resource holds for somebody and still counts, with the marks it was judged by. */
export type Looked = {
  readonly current: readonly Entry[];
  /** Whether users have hashes of their own. */
  readonly hasUsers: boolean;
  readonly marks: Marks;
  /** The counter, read before everything else. */
  readonly tick: Tick;
};

/** One read of the control hash for all who ask together. */
type Reading = {
  readonly fields: Set<string>;
  readonly hashes: HashesOfTurn;
  /** When it has been sent: what is sent from then on is read later, where both go to one server. */
  readonly sent: Promise<{readonly marks: Promise<Marks>}>;
};

/** Reads what lies in Redis. */
export class Redis {
  readonly settings: Settings;
  readonly commands: Commands;
  readonly keys: Keys;
  readonly hashes: Hashes;
  readonly #own = new Own<(stored: StoredResponse) => boolean>(maxOwnClears);
  /** The marks that what lies in a hash was last judged by, so that the next lookup asks for them at once. */
  readonly #lately = new QuickLRU<string, readonly string[]>({maxSize: 1000});
  readonly #known = new KnownMarks();
  readonly #reading = together(asked => this.#begin(asked));
  #incarnation: string | undefined;
  #trusted = 0;
  #newest: Counter = {tick: 0, incarnation: undefined, run: ''};
  #secret: Promise<Buffer> | undefined;

  constructor(settings: Settings, commands: Commands) {
    this.settings = settings;
    this.commands = commands;
    this.keys = new Keys(settings.prefix);
    this.hashes = new Hashes(commands, this.keys);
  }

  /** The counter, with the incarnation it counts for. */
  async counter(): Promise<Marks> {
    const read = await within(
      this.settings.timeout,
      this.#asking([]).sent.then(({marks}) => marks),
    );
    return read.incarnation === undefined ? this.marks([]) : read;
  }

  /** The control hash, made when it is not there. */
  async marks(more: readonly string[], ms: number = this.settings.timeout): Promise<Marks> {
    const marks = await this.#marks(more, ms);
    if (marks.incarnation !== undefined) return marks;
    await this.commands.run(ms, scripts.begin, [this.keys.control], [randomName(), randomBytes(32)]);
    return this.#marks(more, ms);
  }

  /** The counter, relied on for so long that clears must wait it out; 0 where `isAnew`. */
  async trust(ms: number): Promise<Tick> {
    const {commands, keys, settings} = this;
    const whole = Math.ceil(ms);
    this.#trusted = Math.max(this.#trusted, whole);
    const read = (): Promise<Reply> => commands.run(settings.timeout, scripts.trust, [keys.control], [String(whole)]);
    for (let attempt = 0; attempt < 3; attempt++) {
      const counter = await this.#checked(Marks.counter, read);
      if (counter.incarnation !== undefined) return this.isAnew(counter) ? 0 : counter.tick;
      await this.marks([]);
    }
    throw forgetful();
  }

  /** The longest that anybody has relied on this for, in milliseconds. */
  get trusted(): number {
    return this.#trusted;
  }

  async #marks(more: readonly string[], ms: number): Promise<Marks> {
    return within(ms, this.#fields(Marks.fields(more)));
  }

  #fields(fields: readonly string[]): Promise<Marks> {
    const {control} = this.keys;
    return this.#checked(fields, () => this.commands.sent(control, ['HMGET', control, ...fields]));
  }

  /** What is read with the counter, once Redis has all that was known when it was asked. */
  async #checked(fields: readonly string[], read: () => Promise<Reply>): Promise<Marks> {
    const {commands, keys, settings} = this;
    for (let attempt = 0; attempt < 3; attempt++) {
      // As of now: what is sent from here on is read later than that.
      const newest = this.#newest;
      const marks = Marks.read(fields, listOf(await read()));
      const isOfSameRun = marks.run === newest.run && marks.tick >= newest.tick;
      const isFirst = marks.incarnation === undefined || newest.incarnation === undefined;
      if (isFirst || (isOfSameRun && marks.incarnation === newest.incarnation)) {
        this.reached(marks);
        return marks;
      }
      // Redis may have come back without its latest writes, or empty, and clears may have been among what it lost.
      const known = [String(newest.tick), newest.run, newest.incarnation ?? ''];
      const kept = await commands.run(settings.timeout, scripts.compared, [keys.control], known);
      this.reached(Marks.read(Marks.counter, listOf(kept)));
    }
    throw forgetful();
  }

  /** The newest counter that is known. */
  get newest(): Counter {
    return this.#newest;
  }

  reached({tick, incarnation, run}: Counter): void {
    if (incarnation === undefined) return;
    if (incarnation !== this.#newest.incarnation || tick > this.#newest.tick) this.#newest = {tick, incarnation, run};
  }

  #asking(fields: readonly string[]): Reading {
    const reading = this.#reading();
    for (const field of fields) reading.fields.add(field);
    return reading;
  }

  #begin(asked: Promise<void>): Reading {
    const fields = new Set(Marks.counter);
    const sent = asked.then(() => ({marks: this.#fields([...fields])}));
    return {fields, hashes: new Map(), sent};
  }

  /**
   * What a resource holds for a partition's requests and still counts, by marks no older than the tick they come with:
   * what is nobody's or anybody's, and a user's own. `more` are further fields of the control hash. One round trip, when
   * the responses lie in no scopes but those of the last time; of the control hash, only the counter crosses while
   * nothing is cleared.
   */
  async look(resource: ResourceKey, partition: Partition, more: readonly string[] = []): Promise<Looked> {
    const common = this.keys.heads(resource);
    const heads = this.keys.headsOf(resource, partition, common);
    const lately = this.#lately.get(heads) ?? usualFields(resource, partition);
    const isKnown = this.#known.hasAll(lately) && this.#known.hasAll(more);
    const reading = this.#asking(isKnown ? [] : Marks.fields([...lately, ...more]));
    const [counter, shared, own] = await within(this.settings.timeout, this.#read(reading, common, heads));
    if (reading.fields.size > Marks.counter.length) this.#known.learn(counter, reading.fields);
    const read = own === undefined ? shared.entries : [...shared.entries, ...countedIn(own, shared.index)];
    const entries = read.filter(({stored}) => stored.resource === resource);
    const hasUsers = shared.index !== undefined;
    const known = this.#known.at(counter);
    const isAllKnown = entries.every(({stored}) => this.#known.hasAll(fieldsOf(stored)));
    if (known !== undefined && isAllKnown && this.#known.hasAll(lately) && this.#known.hasAll(more)) {
      return {tick: counter.tick, marks: known, current: this.#current(entries, known), hasUsers};
    }
    const scopes = new Set([...usualFields(resource, partition), ...entries.flatMap(({stored}) => fieldsOf(stored))]);
    this.#lately.set(heads, [...scopes].slice(0, 100));
    const fields = [...scopes, ...more];
    const marks = await this.marks(fields);
    this.#known.learn(marks, fields);
    const tick = counter.incarnation === marks.incarnation ? counter.tick : marks.tick;
    return {tick, marks, current: this.#current(entries, marks), hasUsers};
  }

  /** The counter, and the hashes as they were no earlier: the shared one, and the user's when it is another. */
  async #read(reading: Reading, shared: string, heads: string): Promise<readonly [Marks, Hash, Hash | undefined]> {
    const {marks} = await reading.sent;
    const {hashes} = this;
    const all = hashes.inTurn(reading.hashes, shared);
    if (shared === heads) {
      const [counter, ofAll] = await Promise.all([marks, all]);
      return [counter, hashes.decoded(shared, ofAll), undefined];
    }
    // After the other: a user's response that an earlier layout left with all is replaced by one in the user's hash.
    const [counter, ofAll, own] = await Promise.all([marks, all, hashes.read(heads)]);
    return [counter, hashes.decoded(shared, ofAll), hashes.decoded(heads, own)];
  }

  #current(entries: readonly Entry[], marks: Marks): readonly Entry[] {
    return entries.flatMap(entry => this.shown(entry, marks) ?? []);
  }

  /** An entry as it is now; `undefined` when it no longer counts. */
  shown(entry: Entry, marks: Marks): Entry | undefined {
    if (entry.incarnation !== marks.incarnation) return undefined;
    const expiredAt = marks.judge(entry.stored);
    if (expiredAt === undefined) return undefined;
    const isExpired = entry.stored.began < Math.max(expiredAt, entry.expiredAt);
    return isExpired ? {...entry, stored: {...entry.stored, expired: true}} : entry;
  }

  /** The clears that are no scopes and came after `began`. */
  async log(marks: Marks, began: Tick): Promise<readonly LoggedClear[]> {
    if (marks.match <= began) return [];
    const fresh = await this.marks(['log']);
    return readLog(fresh.text('log'), this.#own);
  }

  /** What this process cleared at this tick, as it was said. */
  remember(tick: Tick, selects: (stored: StoredResponse) => boolean): void {
    this.#own.set(tick, selects);
  }

  /** Whether everything was lost since the last look: then what was made with the secret of before must not be stored. */
  isAnew({incarnation}: Pick<Marks, 'incarnation'>): boolean {
    const isAnew = this.#incarnation !== undefined && this.#incarnation !== incarnation;
    if (isAnew) this.#secret = undefined;
    this.#incarnation = incarnation;
    return isAnew;
  }

  /** An HMAC under the secret that lies in Redis. */
  async pseudonym(text: string): Promise<string> {
    this.#secret ??= this.#readSecret();
    try {
      return pseudonymUnder(await this.#secret, text);
    } catch (error) {
      this.#secret = undefined;
      throw error;
    }
  }

  async #readSecret(): Promise<Buffer> {
    const {control} = this.keys;
    for (let attempt = 0; attempt < 3; attempt++) {
      this.isAnew(await this.marks([]));
      const reply = await this.commands.send(this.settings.timeout, control, 'HGET', control, 'secret');
      if (Buffer.isBuffer(reply)) return reply;
    }
    throw forgetful();
  }
}
