// The fence in the file: the counter, a mark per scope, and a log of the clears that are no scopes.

import type {StatementSync} from 'node:sqlite';
import {
  type Clause,
  decodeClear,
  encodeClear,
  Own,
  type StoredResponse,
  scopesOf,
  scopeText,
  selects,
  type Tick,
} from 'limpid/store';
import type {Connection} from './connection.ts';
import {Damage} from './trouble.ts';

/** The one row of `state`, as far as reading needs it. */
export type State = {
  readonly tick: Tick;
  /** Everything was cleared, and expired, at these. */
  readonly cleared: Tick;
  readonly expired: Tick;
  /** What began before is not stored: marks from then have been forgotten. */
  readonly floor: Tick;
  /** The newest `through` mark, or 0. */
  readonly through: Tick;
  readonly count: number;
  readonly bytes: number;
  readonly cost: number;
  /** What of it is in partitions derived from credentials. */
  readonly derived: number;
  readonly secret: Uint8Array;
};

type Mark = {readonly cleared: Tick; readonly expired: Tick};

/** Marks of scopes, by their text: all that can say anything of some responses. */
export type MarksOfScopes = ReadonlyMap<string, Mark>;

/** A mark whose scope may still hold what it is held against. */
export type Unsettled = Mark & {readonly scope: string};

/** Whether a response to be stored counts, and the newest expiry that selects it (0: none). */
export type Admission = {readonly admitted: boolean; readonly expiredAt: Tick};

const refused: Admission = {admitted: false, expiredAt: 0};

/** Began by the counter of another file, which lay in the place of this one: no clear to come would reach it. */
const isFromElsewhere = ({began}: StoredResponse, {tick}: State): boolean => began > tick;

const maxSettledMarks = 4096;
/** So many more may be there: which are the oldest is told by looking at all of them. */
const maxSurplusMarks = 256;
const maxLoggedClears = 1024;

/** A row of the log. */
type LoggedClear = Readonly<Record<string, unknown>>;

type Selects = (stored: StoredResponse) => boolean;

const noMarks: MarksOfScopes = new Map();

export class Marks {
  /** What this process itself cleared, by its row in the log: more exact than what text can carry. */
  readonly #own = new Own<Selects>(maxLoggedClears);
  readonly #state: StatementSync;
  readonly #advance: StatementSync;
  readonly #mark: StatementSync;
  readonly #newer: StatementSync;
  readonly #raise: StatementSync;
  readonly #later: StatementSync;

  constructor(connection: Connection) {
    this.#state = connection.prepare('SELECT * FROM state');
    this.#advance = connection.prepare('UPDATE state SET tick = tick + 1 RETURNING tick');
    this.#mark = connection.prepare('SELECT cleared, expired FROM marks WHERE scope = ?');
    this.#newer = connection.prepare('SELECT * FROM marks WHERE max(cleared, expired) > ? LIMIT ?');
    this.#raise = connection.prepare(`
      INSERT INTO marks VALUES (?, ?, ?, 0)
      ON CONFLICT DO UPDATE SET cleared = max(cleared, excluded.cleared), expired = max(expired, excluded.expired), settled = 0
    `);
    this.#later = connection.prepare('SELECT rowid, action, tick, record, searching FROM clears WHERE tick > ?');
  }

  state(): State {
    const state = this.#state.get() as unknown as State | undefined;
    if (state === undefined) throw new Damage('the state of the file is missing');
    return state;
  }

  advance(): Tick {
    return Number(this.#advance.get()?.tick);
  }

  /**
   * All marks that came after the first of these rows began; `undefined` where there are more of them than scopes to ask
   * about: a row has three at least.
   */
  after(rows: readonly {readonly began: Tick}[]): MarksOfScopes | undefined {
    if (rows.length === 0) return noMarks;
    const most = rows.length * 3;
    const first = rows.reduce((least, {began}) => Math.min(least, began), Number.MAX_SAFE_INTEGER);
    const newer = this.#newer.all(first, most + 1) as unknown as readonly Unsettled[];
    return newer.length > most ? undefined : new Map(newer.map(mark => [mark.scope, mark]));
  }

  /** The newest clear and expiry of any scope the response lies in; of those in `known`, where that is given. */
  #newest(stored: StoredResponse, state: State, known?: MarksOfScopes): Mark {
    let {cleared, expired} = state;
    if (known?.size === 0) return {cleared, expired};
    for (const scope of scopesOf(stored)) {
      const text = scopeText(scope);
      const mark = known === undefined ? (this.#mark.get(text) as Mark | undefined) : known.get(text);
      if (mark === undefined) continue;
      cleared = Math.max(cleared, mark.cleared);
      expired = Math.max(expired, mark.expired);
    }
    return {cleared, expired};
  }

  /**
   * What the marks say of a response that is stored: `undefined` when it no longer counts, else its newest expiry.
   * `known` is what `after` told of its row.
   */
  judge(stored: StoredResponse, state: State, known?: MarksOfScopes): Tick | undefined {
    if (isFromElsewhere(stored, state)) return undefined;
    const {cleared, expired} = this.#newest(stored, state, known);
    return stored.began < cleared ? undefined : expired;
  }

  /** Judges a response that is not stored yet. */
  admission(stored: StoredResponse, state: State): Admission {
    if (stored.began < state.floor || isFromElsewhere(stored, state)) return refused;
    const {cleared, expired} = this.#newest(stored, state);
    if (stored.began < cleared) return refused;
    let newest = expired;
    for (const clear of this.#later.all(stored.began)) {
      if (!this.#selects(clear, stored)) continue;
      if (clear.action === 'remove') return refused;
      newest = Math.max(newest, Number(clear.tick));
    }
    return {admitted: true, expiredAt: newest};
  }

  /**
   * Whether a clear that is still searching will find this stored response. Were it freshened meanwhile, it would seem
   * to have begun after that clear.
   */
  isBeingCleared(stored: StoredResponse): boolean {
    const clears = this.#later
      .all(stored.began)
      .filter(({action, searching}) => action === 'remove' && searching === 1);
    return clears.some(clear => this.#selects(clear, stored));
  }

  #selects({rowid, record}: LoggedClear, stored: StoredResponse): boolean {
    return selects(this.#own.get(Number(rowid)) ?? decodeClear(String(record)), stored);
  }

  /** Holds a clause against what began before `tick`; returns its row in the log, when it is no scope. */
  raise(clause: Clause, action: 'remove' | 'expire', tick: Tick, connection: Connection): number | undefined {
    if (clause.type === 'match') {
      const logged = connection
        .prepare('INSERT INTO clears VALUES (?, ?, ?, 1)')
        .run(tick, action, encodeClear(clause));
      this.#forget(connection);
      return Number(logged.lastInsertRowid);
    } else if (clause.scope.type === 'all') {
      const column = action === 'remove' ? 'cleared' : 'expired';
      connection.prepare(`UPDATE state SET ${column} = ?`).run(tick);
    } else {
      const [cleared, expired] = action === 'remove' ? [tick, 0] : [0, tick];
      this.#raise.run(scopeText(clause.scope), cleared, expired);
    }
    return undefined;
  }

  /**
   * The search of the clear at `tick` is over. Advances the counter once more: what was listed while it went on, under
   * its tick, is not to be believed by stores in front of this one.
   */
  found(tick: Tick, connection: Connection): Tick {
    connection.prepare('UPDATE clears SET searching = 0 WHERE tick = ?').run(tick);
    return this.advance();
  }

  /** To be called once the clear is in the file: a row number that was rolled back may become another's. */
  remember(row: number, test: Selects): void {
    this.#own.set(row, test);
  }

  /** What falls out of the log is remembered by its tick alone, and then holds against every older write. */
  #forget(connection: Connection): void {
    const oldest = connection
      .prepare(`SELECT tick FROM clears ORDER BY tick DESC LIMIT 1 OFFSET ${maxLoggedClears}`)
      .get();
    if (oldest === undefined) return;
    connection.prepare('DELETE FROM clears WHERE tick <= ?').run(Number(oldest.tick));
    connection.prepare('UPDATE state SET floor = max(floor, ?)').run(Number(oldest.tick));
  }

  /** Some marks whose scopes may still hold what they are held against, the oldest first. */
  static unsettled(connection: Connection, most: number): readonly Unsettled[] {
    const sql = 'SELECT * FROM marks WHERE settled = 0 ORDER BY cleared, expired LIMIT ?';
    return connection.prepare(sql).all(most) as unknown as readonly Unsettled[];
  }

  /**
   * Nothing in their scopes is older than these marks any more: they only fence what is yet to be stored, and may be
   * forgotten for that.
   */
  static settle(marks: readonly Unsettled[], connection: Connection): void {
    const settled = connection.prepare('UPDATE marks SET settled = 1 WHERE scope = ? AND cleared = ? AND expired = ?');
    for (const {scope, cleared, expired} of marks) settled.run(scope, cleared, expired);
    const count = Number(connection.prepare('SELECT count(*) AS count FROM marks WHERE settled = 1').get()?.count);
    if (count <= maxSettledMarks + maxSurplusMarks) return;
    const surplus = connection
      .prepare(
        `SELECT scope, max(cleared, expired) AS tick FROM marks WHERE settled = 1 ORDER BY tick DESC LIMIT -1 OFFSET ${maxSettledMarks}`,
      )
      .all();
    const forgotten = connection.prepare('DELETE FROM marks WHERE scope = ?');
    for (const {scope} of surplus) forgotten.run(String(scope));
    const newest = Number(surplus[0]?.tick ?? 0);
    if (newest > 0) connection.prepare('UPDATE state SET floor = max(floor, ?)').run(newest);
  }
}
