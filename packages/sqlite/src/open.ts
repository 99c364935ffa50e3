import type {StatementSync} from 'node:sqlite';
import type {Tick} from 'limpid/store';
import {BodyReaders} from './body-reader.ts';
import {Connection} from './connection.ts';
import type {Opened} from './file.ts';
import {Freeing} from './freeing.ts';
import {companionsOf, identityOf, noticedWithin} from './identity.ts';
import {Lists} from './lists.ts';
import {Marks, type State} from './marks.ts';
import type {Settings} from './options.ts';
import {Room} from './room.ts';
import {Rows} from './rows.ts';
import {Sweep} from './sweep.ts';
import {Walking} from './walking.ts';
import type {Writer} from './writer.ts';

/** What an open file needs, and whom it tells. */
export type OpenHost = {
  readonly writer: Writer;
  /** The disk has no room for removing what was cleared. */
  readonly hasNoRoom: () => void;
  /** What to say of a failure behind an operation that was over. */
  readonly told: (error: unknown) => unknown;
};

/** The file while it is open, and all that reads and writes it. */
export class Open {
  readonly connection: Connection;
  readonly marks: Marks;
  readonly rows: Rows;
  readonly walking: Walking;
  readonly room: Room;
  readonly readers: BodyReaders;
  readonly freeing: Freeing;
  readonly sweep: Sweep;
  readonly lists: Lists = new Lists();
  readonly file: string;
  readonly identity: string | undefined;
  readonly #path: string;
  readonly #companions: string;
  readonly #version: StatementSync;
  readonly #openedAt: number;
  #checkedAt: number;
  #isInPlace = true;
  #seen: unknown;
  #state: State | undefined;
  #lastTick: Tick = 0;
  #hasGoneBack = false;

  constructor(opened: Opened, settings: Settings, host: OpenHost) {
    const {writer, hasNoRoom} = host;
    const {maxBytes, now} = settings;
    const {file} = opened;
    this.connection = new Connection(opened.database);
    this.#openedAt = performance.now();
    this.#checkedAt = this.#openedAt;
    this.#path = settings.file;
    this.file = file;
    this.identity = opened.identity;
    this.#companions = opened.companions;
    this.#version = this.connection.prepare('PRAGMA data_version');
    // A row as an array is made in a sixth less than one with a name; not every runtime can.
    this.#version.setReturnArrays?.(true);
    this.marks = new Marks(this.connection);
    this.rows = new Rows(this.connection, this.marks);
    this.walking = new Walking(this.connection);
    this.room = new Room(this.connection, this.rows, this.marks, maxBytes);
    this.readers = new BodyReaders(file, {isInPlace: () => this.isInPlace(0), told: host.told});
    this.freeing = new Freeing(this.connection, writer, maxBytes);
    this.sweep = new Sweep(this, writer, now, hasNoRoom);
  }

  /**
   * Whether the path still leads to this file. Looked at now and then: `noticedWithin` is what others may count on. A clear
   * looks at once: 0 milliseconds after the last look.
   */
  isInPlace(after: number = noticedWithin): boolean {
    const now = performance.now();
    if (this.#isInPlace && now - this.#checkedAt < after) return true;
    this.#checkedAt = now;
    this.#isInPlace &&= identityOf(this.#path) === this.identity && !this.hasLost();
    return this.#isInPlace;
  }

  /**
   * Whether it lacks what this process wrote. Its log has been taken away, or the index of that: then what it writes is seen
   * by nobody, either. Or an older copy has been restored into it.
   */
  hasLost(): boolean {
    return this.#hasGoneBack || companionsOf(this.file) !== this.#companions;
  }

  /**
   * Resolves when every process has seen that this is the file: another may have lain in its place until just before it
   * was opened here.
   */
  async noticed(): Promise<void> {
    // A timer may end a fraction of a millisecond early.
    const rest = this.#openedAt + noticedWithin + 1 - performance.now();
    if (rest > 0) await new Promise(resolve => setTimeout(resolve, rest));
  }

  /**
   * The state of the file now. SQLite tells at once whether another connection has changed anything; what this one
   * changes is told by `changed`.
   */
  state(): State {
    const seen = onlyValue(this.#version.get());
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.changed();
    }
    return this.lastState();
  }

  /** The state as of the last look: enough for what follows in the same exchange. */
  lastState(): State {
    this.#state ??= this.#unlessEarlier(this.marks.state());
    return this.#state;
  }

  /** Where the counter has gone back, nothing in the file counts until it is given up. */
  #unlessEarlier(state: State): State {
    if (state.tick < this.#lastTick) this.#goneBack();
    const tick = Math.max(state.tick, this.#lastTick);
    this.#lastTick = tick;
    return this.#hasGoneBack ? {...state, tick, cleared: tick} : state;
  }

  #goneBack(): void {
    this.#hasGoneBack = true;
    this.#isInPlace = false;
  }

  /** The newest tick this process has seen in the file. */
  get lastTick(): Tick {
    return this.#lastTick;
  }

  /** This process has cleared or expired something: at a newer tick than any it has seen, or the counter had gone back. */
  cleared(tick: Tick): void {
    if (tick <= this.#lastTick) this.#goneBack();
    this.#lastTick = Math.max(tick, this.#lastTick);
    this.changed();
  }

  /** Clears or other processes have changed what is listed. */
  changed(): void {
    this.#state = undefined;
    this.lists.forgetAll();
  }

  /** This process has stored or freshened something. */
  stored(resource: string): void {
    this.#state = undefined;
    this.lists.forget(resource);
  }

  /** Another file is in its place, or will be. */
  retire(): void {
    this.readers.retire();
    this.connection.close();
  }

  close(): void {
    this.readers.close();
    this.connection.close();
  }
}

/** The only value of a row. */
const onlyValue = (row: unknown): unknown => (Array.isArray(row) ? row[0] : Object(row).data_version);
