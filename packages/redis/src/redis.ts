import {createHmac, randomBytes} from 'node:crypto';
import {type ResourceKey, randomName, type StoredResponse, scopeText, type Tick} from 'limpid/store';
import QuickLRU from 'quick-lru';
import {type Commands, listOf, numberOf, type Reply, textOf} from './commands.ts';
import {type Entry, entriesOf} from './envelope.ts';
import {Keys} from './keys.ts';
import {type LoggedClear, Marks, markField, readLog} from './marks.ts';
import type {Settings} from './options.ts';
import * as scripts from './scripts.ts';
import {failure} from './trouble.ts';

/** The clears of this process whose predicates are remembered. */
const maxOwnClears = 1024;

/** What a resource holds, with the marks to judge it by. */
export type Looked = {readonly entries: readonly Entry[]; readonly marks: Marks};

/** Reads what lies in Redis. */
export class Redis {
  readonly settings: Settings;
  readonly commands: Commands;
  readonly keys: Keys;
  readonly #own = new Map<Tick, (stored: StoredResponse) => boolean>();
  /** The marks a resource's responses were last judged by, so that the next lookup asks for them at once. */
  readonly #lately = new QuickLRU<ResourceKey, readonly string[]>({maxSize: 1000});
  #incarnation: string | undefined;
  #trusted = 0;
  #secret: Promise<Buffer> | undefined;

  constructor(settings: Settings, commands: Commands) {
    this.settings = settings;
    this.commands = commands;
    this.keys = new Keys(settings.prefix);
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
    for (let attempt = 0; attempt < 3; attempt++) {
      const reply = await commands.run(settings.timeout, scripts.trust, [keys.control], [String(whole)]);
      const [tick, incarnation] = listOf(reply);
      if (tick !== undefined) return this.isAnew({incarnation: textOf(incarnation)}) ? 0 : numberOf(tick);
      await this.marks([]);
    }
    throw failure('Redis loses what it is told');
  }

  /** The longest that anybody has relied on this for, in milliseconds. */
  get trusted(): number {
    return this.#trusted;
  }

  async #marks(more: readonly string[], ms: number): Promise<Marks> {
    const fields = Marks.fields(more);
    const reply = await this.commands.send(ms, this.keys.control, 'HMGET', this.keys.control, ...fields);
    return Marks.read(fields, listOf(reply));
  }

  /**
   * What a resource holds and still counts, by marks no older than the tick they come with. `more` are further fields
   * of the control hash. One round trip, when the responses lie in no scopes but those of the last time.
   */
  async look(
    resource: ResourceKey,
    more: readonly string[] = [],
  ): Promise<Looked & {readonly current: readonly Entry[]}> {
    const asked = [...(this.#lately.get(resource) ?? [markField(scopeText({type: 'resource', resource}))]), ...more];
    // In this order: where both go to one server, the marks are read first.
    const [marks, entries] = await Promise.all([this.marks(asked), this.entries(this.keys.heads(resource))]);
    const own = entries.filter(entry => entry.stored.resource === resource);
    const lacking = marks.lacking(own.map(({stored}) => stored));
    const whole = lacking.length === 0 ? marks : marks.and(await this.marks(lacking));
    if (lacking.length > 0) this.#lately.set(resource, [...asked, ...lacking].slice(0, 100));
    return {entries: own, marks: whole, current: own.flatMap(entry => this.shown(entry, whole) ?? [])};
  }

  /** An entry as it is now; `undefined` when it no longer counts. */
  shown(entry: Entry, marks: Marks): Entry | undefined {
    if (entry.incarnation !== marks.incarnation) return undefined;
    const expired = marks.judge(entry.stored);
    if (expired === undefined) return undefined;
    const isExpired = entry.stored.began < Math.max(expired, entry.expired);
    return isExpired ? {...entry, stored: {...entry.stored, expired: true}} : entry;
  }

  async entries(heads: string, ms: number = this.settings.timeout): Promise<readonly Entry[]> {
    return entriesOf(buffersOf(await this.commands.send(ms, heads, 'HGETALL', heads)));
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
    for (const oldest of this.#own.keys()) {
      if (this.#own.size <= maxOwnClears) return;
      this.#own.delete(oldest);
    }
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
      const hash = createHmac('sha256', await this.#secret)
        .update(JSON.stringify(text))
        .digest('hex');
      return `~${hash.slice(0, 32)}`;
    } catch (error) {
      this.#secret = undefined;
      throw error;
    }
  }

  async #readSecret(): Promise<Buffer> {
    this.isAnew(await this.marks([]));
    const {control} = this.keys;
    const reply = await this.commands.send(this.settings.timeout, control, 'HGET', control, 'secret');
    if (!Buffer.isBuffer(reply)) throw new Error('limpid: the secret is missing');
    return reply;
  }
}

const buffersOf = (reply: Reply): readonly Buffer[] => listOf(reply).filter(one => Buffer.isBuffer(one));
