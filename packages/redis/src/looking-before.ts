import type {Tick} from 'limpid/store';
import {type Commands, listOf, numberOf, type Reply} from './commands.ts';
import type {LoggedClear, Marks} from './marks.ts';
import type {Redis} from './redis.ts';
import * as scripts from './slot-scripts.ts';

/** What a write has looked at: the time of its slot, in milliseconds, and the marks as they were then or later. */
export type Seen = {readonly time: string; readonly marks: Marks};

/** What the writes that begin in one turn look at. Sent after the last of them has said what it needs. */
type Turn = {
  readonly fields: Set<string>;
  readonly over: Promise<void>;
  time?: Promise<string>;
  marks?: Promise<Marks>;
};

/** One look for all writes that begin in the same turn: in a burst each of them would wait for the looks of all others. */
export class LookingBefore {
  readonly #redis: Redis;
  readonly #commands: Commands;
  readonly #logs = new WeakMap<Marks, Promise<readonly LoggedClear[]>>();
  #turn: Turn | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#commands = redis.commands;
  }

  /** Before a write to this hash; `fields` are the marks it is held against. */
  async before(heads: string, fields: readonly string[]): Promise<Seen> {
    // In a cluster slots have clocks of their own, at other servers than the marks.
    const own = this.#commands.isOfCluster ? await this.time(heads) : undefined;
    this.#turn ??= this.#begin();
    const turn = this.#turn;
    // One server answers in the order it was asked: the marks are no older than the time.
    const time = own ?? this.#timeOf(turn);
    const marks = this.#marksOf(turn, fields);
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

  #begin(): Turn {
    const end = async (): Promise<void> => {
      await Promise.resolve();
      this.#turn = undefined;
    };
    return {fields: new Set(), over: end()};
  }

  /** The time of the only server. */
  #timeOf(turn: Turn): Promise<string> {
    const {keys, settings} = this.#redis;
    const ask = (): Promise<Reply> => this.#commands.send(settings.timeout, keys.control, 'TIME');
    turn.time ??= turn.over.then(ask).then(millisecondsOf);
    return turn.time;
  }

  #marksOf(turn: Turn, fields: readonly string[]): Promise<Marks> {
    for (const field of fields) turn.fields.add(field);
    turn.marks ??= turn.over.then(() => this.#redis.marks([...turn.fields]));
    return turn.marks;
  }
}

function millisecondsOf(reply: Reply): string {
  const [seconds, micros] = listOf(reply);
  return String(numberOf(seconds) * 1000 + Math.floor(numberOf(micros) / 1000));
}
