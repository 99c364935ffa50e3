import type {Tick} from 'limpid/store';
import {type Commands, listOf, numberOf, type Reply} from './commands.ts';
import type {LoggedClear, Marks} from './marks.ts';
import type {Redis} from './redis.ts';
import * as scripts from './slot-scripts.ts';
import {together} from './together.ts';

/** What a write has looked at: the time of its slot, in milliseconds, and the marks as they were then or later. */
export type Seen = {readonly time: string; readonly marks: Marks};

/** What the writes that begin together look at. Sent after the last of them has said what it needs. */
type Look = {
  readonly fields: Set<string>;
  readonly asked: Promise<void>;
  time?: Promise<string>;
  marks?: Promise<Marks>;
};

/** One look for all writes that begin together: in a burst each of them would wait for the looks of all others. */
export class LookingBefore {
  readonly #redis: Redis;
  readonly #commands: Commands;
  readonly #logs = new WeakMap<Marks, Promise<readonly LoggedClear[]>>();
  readonly #look = together((asked): Look => ({fields: new Set(), asked}));

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#commands = redis.commands;
  }

  /** Before a write to this hash; `fields` are the marks it is held against. */
  async before(heads: string, fields: readonly string[]): Promise<Seen> {
    // In a cluster slots have clocks of their own, at other servers than the marks.
    const own = this.#commands.isOfCluster ? await this.time(heads) : undefined;
    const look = this.#look();
    // One server answers in the order it was asked: the marks are no older than the time.
    const time = own ?? this.#timeOf(look);
    const marks = this.#marksOf(look, fields);
    const [then, held] = await Promise.all([time, marks]);
    return {time: then, marks: held};
  }

  /** The clears that are no scopes and came after `began`, read once for all who have seen these marks. */
  async log(marks: Marks, began: Tick): Promise<readonly LoggedClear[]> {
    if (marks.match <= began) return [];
    const log = this.#logs.get(marks) ?? this.#redis.log(marks, began);
    this.#logs.set(marks, log);
    return log;
  }

  /** The time of the slot, in milliseconds. */
  async time(heads: string): Promise<string> {
    return millisecondsOf(await this.#commands.run(this.#redis.settings.timeout, scripts.time, [heads], []));
  }

  /** The time of the only server. */
  #timeOf(look: Look): Promise<string> {
    const {keys, settings} = this.#redis;
    const ask = (): Promise<Reply> => this.#commands.send(settings.timeout, keys.control, 'TIME');
    look.time ??= look.asked.then(ask).then(millisecondsOf);
    return look.time;
  }

  #marksOf(look: Look, fields: readonly string[]): Promise<Marks> {
    for (const field of fields) look.fields.add(field);
    look.marks ??= look.asked.then(() => this.#redis.marks([...look.fields]));
    return look.marks;
  }
}

function millisecondsOf(reply: Reply): string {
  const [seconds, micros] = listOf(reply);
  return String(numberOf(seconds) * 1000 + Math.floor(numberOf(micros) / 1000));
}
