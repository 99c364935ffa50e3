// The fence, in one hash: what a look at it says of responses.

import {
  anonymous,
  decodeClear,
  type Own,
  originOf,
  type Partition,
  type ResourceKey,
  type Scope,
  type StoredResponse,
  scopesOf,
  scopeText,
  selects,
  shareable,
  type Tick,
  wellFormed,
} from 'limpid/store';
import {type Reply, textOf} from './commands.ts';

type Mark = {readonly clearedAt: Tick; readonly expiredAt: Tick};

/** A clear that is no scope. */
export type LoggedClear = {
  readonly tick: Tick;
  readonly action: 'remove' | 'expire';
  readonly test: (stored: StoredResponse) => boolean;
  readonly searching: boolean;
};

/** Where the counter is: of what hash, and in which run of a server. */
export type Counter = {readonly tick: Tick; readonly incarnation: string | undefined; readonly run: string};

/** Whether a response to be stored counts, and the newest expiry that selects it (0: none). */
export type Admission = {readonly admitted: boolean; readonly expiredAt: Tick};

const refused: Admission = {admitted: false, expiredAt: 0};

/** What is always asked for. */
const general = ['tick', 'incarnation', 'run', 'floor', 'forgotten', 'match', 'm all '] as const;

const markField = (scope: string): string => `m ${scope}`;

/** The fields that judge what a partition's requests find of a resource, tags and the like aside. */
export function usualFields(resource: ResourceKey, partition: Partition): readonly string[] {
  const usual: readonly Scope[] = [
    {type: 'resource', resource},
    ...[partition, anonymous, shareable].map(one => ({type: 'partition', partition: one}) as const),
    {type: 'origin', origin: originOf(resource)},
  ];
  return usual.map(scope => markField(scopeText(scope)));
}

/** The marks a response is held against, everything aside. */
export function fieldsOf(stored: StoredResponse): readonly string[] {
  let fields = fieldsByResponse.get(stored);
  if (fields === undefined) {
    fields = scopesOf(stored).map(scope => markField(scopeText(scope)));
    fieldsByResponse.set(stored, fields);
  }
  return fields;
}

/** A response that is found again and again is not looked at anew. */
const fieldsByResponse = new WeakMap<StoredResponse, readonly string[]>();

/** What the control hash said when it was asked for some of its fields. */
export class Marks {
  readonly #values: ReadonlyMap<string, string>;
  readonly #asked: ReadonlySet<string>;

  private constructor(values: ReadonlyMap<string, string>, asked: ReadonlySet<string>) {
    this.#values = values;
    this.#asked = asked;
  }

  /** The fields to ask for, so that these marks can be judged by. */
  static fields(more: Iterable<string>): readonly string[] {
    return [...new Set([...general, ...more])];
  }

  /** Over values that more may be added to, read at the same tick. */
  static of(values: ReadonlyMap<string, string>, asked: ReadonlySet<string>): Marks {
    return new Marks(values, asked);
  }

  /** All that has to be asked for to see whether anything has changed. */
  static readonly counter: readonly string[] = ['tick', 'incarnation', 'run'];

  static read(fields: readonly string[], replies: readonly Reply[]): Marks {
    const values = new Map<string, string>();
    for (const [index, field] of fields.entries()) {
      const reply = replies[index];
      if (reply !== null && reply !== undefined) values.set(field, textOf(reply));
    }
    return new Marks(values, new Set(fields));
  }

  /** With what was asked for later. */
  and(later: Marks): Marks {
    return new Marks(new Map([...this.#values, ...later.#values]), new Set([...this.#asked, ...later.#asked]));
  }

  get tick(): Tick {
    return this.#number('tick');
  }

  /** `undefined` where nobody has begun yet, or everything was lost. */
  get incarnation(): string | undefined {
    return this.#values.has('tick') ? this.#values.get('incarnation') : undefined;
  }

  /** The run of the server that gave the tick. */
  get run(): string {
    return this.#values.get('run') ?? '';
  }

  /** When the newest clear that is no scope came. */
  get match(): Tick {
    return this.#number('match');
  }

  /** What was not asked for yet and is needed to judge these. */
  lacking(responses: readonly StoredResponse[]): readonly string[] {
    return responses.flatMap(fieldsOf).filter(field => !this.#asked.has(field));
  }

  text(field: string): string | undefined {
    return this.#values.get(field);
  }

  number(field: string): number {
    return this.#number(field);
  }

  /** The newest expiry of a response that is stored; `undefined` when it no longer counts. */
  judge(stored: StoredResponse): Tick | undefined {
    const {clearedAt, expiredAt} = this.#newest(stored);
    return stored.began < clearedAt ? undefined : expiredAt;
  }

  /** Judges a response that is not stored yet, with the clears that came after it began. */
  admission(stored: StoredResponse, log: readonly LoggedClear[]): Admission {
    if (stored.began < this.#number('floor')) return refused;
    const {clearedAt, expiredAt} = this.#newest(stored);
    if (stored.began < clearedAt) return refused;
    let newest = expiredAt;
    for (const clear of log) {
      if (clear.tick <= stored.began || !selects(clear.test, stored)) continue;
      if (clear.action === 'remove') return refused;
      newest = Math.max(newest, clear.tick);
    }
    return {admitted: true, expiredAt: newest};
  }

  #newest(stored: StoredResponse): Mark {
    const everything = this.#mark('m all ', 0);
    let {clearedAt, expiredAt} = everything;
    for (const field of fieldsOf(stored)) {
      // A mark that was forgotten counts as cleared when marks were last forgotten.
      const mark = this.#mark(field, this.#number('forgotten'));
      clearedAt = Math.max(clearedAt, mark.clearedAt);
      expiredAt = Math.max(expiredAt, mark.expiredAt);
    }
    return {clearedAt, expiredAt};
  }

  #mark(field: string, otherwise: Tick): Mark {
    const [clearedAt = otherwise, expiredAt = 0] = this.#values.get(field)?.split(',').map(Number) ?? [];
    return {clearedAt, expiredAt};
  }

  #number(field: string): number {
    return Number(this.#values.get(field) ?? 0);
  }
}

/** What this process itself cleared. */
export type OwnClears = Own<(stored: StoredResponse) => boolean>;

/** Reads the log of clears. One that cannot be read selects everything, now. */
export function readLog(text: string | undefined, own: OwnClears): readonly LoggedClear[] {
  const entries: unknown = JSON.parse(text ?? '[]');
  if (!Array.isArray(entries)) return [];
  return entries.map(entry => {
    const [tick, action, record, searching] = entry as readonly [string, LoggedClear['action'], string, number];
    const test = own.get(Number(tick)) ?? decodeClear(record);
    return {tick: Number(tick), action, test, searching: searching === 1};
  });
}

export const throughField = (resource: string): string => `t ${wellFormed(resource)}`;
export const reachedField = (resource: string): string => `d ${wellFormed(resource)}`;
