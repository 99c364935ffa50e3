import {isLimpidError} from 'limpid';
import type {MaybePromise, Tick} from 'limpid/store';
import {type Opened, openFile} from './file.ts';
import {identityOf, realPathOf} from './identity.ts';
import {Open} from './open.ts';
import type {Settings} from './options.ts';
import {removeFile, setAside} from './removal.ts';
import {failure, isBusy, isDamage, isUnopened} from './trouble.ts';
import {patiently} from './waiting.ts';
import {clearPatience, Writer, writePatience} from './writer.ts';

/** How long a reader tries again, in milliseconds: others are in its way only while they recover the file. */
const readPatience = 500;

/** How often it is tried again to open a file that is replaced while it is opened. */
const attempts = 8;

/** The way to the file: opened when needed, opened again when another has taken its place, moved aside when damaged. */
export class Access {
  readonly writer: Writer;
  readonly #settings: Settings;
  #open: Open | undefined;
  /** The file that was opened last, or could not be: where, and which one. */
  #file: string;
  #identity: string | undefined;
  #lastTick: Tick | undefined;
  #unreported: unknown;
  #isClosed = false;
  readonly #ofDamage = new WeakSet<Error>();

  /** @throws LimpidError for a file that is not ours, or of a later version. */
  constructor(settings: Settings) {
    this.#settings = settings;
    this.#file = settings.file;
    this.writer = new Writer(() => this.current().connection);
    try {
      this.current();
    } catch (error) {
      if (isLimpidError(error)) throw error;
      // A disk that fails must not keep anybody from starting: the first request tells of it, and goes on without.
      if (!isBusy(error)) this.#unreported = this.told(error);
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The file as it is now. Throws when it is closed for good. */
  current(): Open {
    if (this.#open?.isInPlace()) return this.#open;
    if (this.#open !== undefined) this.#leaveReplaced(this.#open);
    // A body may still be on its way: it is let go, and not the reason to make the file again.
    if (this.#isClosed) throw failure('the store is closed');
    const open = this.#opened();
    this.#open = open;
    this.#lastTick = open.state().tick;
    open.sweep.later();
    return open;
  }

  #opened(): Open {
    const {now} = this.#settings;
    for (let attempt = 1; ; attempt++) {
      const file = realPathOf(this.#settings.file);
      const identity = identityOf(file);
      this.#file = file;
      this.#identity = identity;
      try {
        const opened = openFile({file, identity, now: now(), replaces: this.#lastTick});
        if (opened !== undefined) return this.#madeOf(opened);
        if (attempt === attempts) throw failure(`${file} is replaced again and again`);
      } catch (error) {
        if (attempt === attempts || identityOf(file) === identity) throw error;
      }
    }
  }

  #madeOf(opened: Opened): Open {
    this.#identity = opened.identity;
    try {
      const open: Open = new Open(opened, this.#settings, {
        writer: this.writer,
        hasNoRoom: () => {
          if (this.#open === open) this.remove().catch(() => undefined);
        },
        told: error => (this.#open === open ? this.told(error) : error),
      });
      return open;
    } catch (error) {
      opened.database.close();
      throw error;
    }
  }

  /** Reads at once; only behind the lock of another process, later: for so many milliseconds it is tried again. */
  read<T>(read: (open: Open) => MaybePromise<T>, whenClosed: T, patience: number = readPatience): MaybePromise<T> {
    if (this.#isClosed) return whenClosed;
    try {
      this.#report();
      return read(this.current());
    } catch (error) {
      if (isBusy(error)) return this.#readLater(read, patience);
      throw this.told(error);
    }
  }

  /** The file, once it can be opened; `undefined` when it is closed. */
  async opened(patience: number = readPatience): Promise<Open | undefined> {
    return this.read<Open | undefined>(open => open, undefined, patience);
  }

  /** Whether this is the file that is open now. */
  isOpen(open: Open): boolean {
    return this.#open === open;
  }

  /** Does with the file what takes many turns; once more with another that has taken its place. `undefined` when closed. */
  async lasting<T>(run: (open: Open) => Promise<T>, patience?: number): Promise<T | undefined> {
    for (;;) {
      const open = await this.opened(patience);
      if (open === undefined) return undefined;
      try {
        const result = await run(open);
        if (open.isInPlace(0)) return result;
      } catch (error) {
        // Unless it failed only because the file was closed under it.
        if (this.isOpen(open) || this.#isClosed) throw error;
      }
    }
  }

  /** Writes in a transaction: at once where nobody else is writing. `committed` runs in the same turn as the commit. */
  write<T>(write: (open: Open) => T, committed: (open: Open, result: T) => void): MaybePromise<T> {
    const job = (): T => write(this.current());
    const over = (result: T): void => committed(this.current(), result);
    try {
      this.#report();
      const now = this.writer.runNow(job, over);
      return now === undefined ? this.promised(this.writer.run(job, writePatience, over)) : now.result;
    } catch (error) {
      throw this.told(error);
    }
  }

  /** What is promised; a failure is told as `told` says. */
  async promised<T>(value: Promise<T>): Promise<T> {
    try {
      return await value;
    } catch (error) {
      throw this.told(error);
    }
  }

  /** What to throw for an error; a file that it shows to be damaged is moved aside. */
  told(error: unknown): unknown {
    const {file} = this.#settings;
    if (isUnopened(error)) {
      const allowed = 'allowed: a file that this process may make, read and write';
      return failure(`${file} cannot be opened; ${allowed}`, error);
    }
    if (!isDamage(error) || this.#isClosed) return error;
    const told = failure(`${file} is damaged; ${this.#movedAside()}`, error);
    this.#ofDamage.add(told);
    return told;
  }

  /** Throws what nobody has been told of yet. */
  #report(): void {
    const unreported = this.#unreported;
    this.#unreported = undefined;
    if (unreported !== undefined) throw unreported;
  }

  /** Moves the damaged file out of the way; says what became of it. */
  #movedAside(): string {
    const {now} = this.#settings;
    this.#leave(open => open.close());
    try {
      const aside = setAside(this.#file, this.#identity, now());
      return `it was moved ${aside === undefined ? 'by another process' : `to ${aside}`}`;
    } catch (error) {
      return isBusy(error) ? 'another process moves it' : `it cannot be moved: ${(error as Error).message}`;
    }
  }

  /** Whether an error came of damage; the file has been moved aside by then. */
  isOfDamage(error: unknown): boolean {
    const told = this.told(error);
    return told instanceof Error && this.#ofDamage.has(told);
  }

  /** Removes the file, and all that is stored in it: the next operation begins with a new one. */
  async remove(): Promise<void> {
    const file = this.#file;
    const identity = this.#identity;
    this.#leave(open => open.retire());
    try {
      removeFile(file, identity);
    } catch (error) {
      if (!isBusy(error)) throw error;
      await patiently(() => removeFile(file, identity), clearPatience);
    }
  }

  /** Finishes what is being written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#open?.sweep.stop();
    await this.writer.idle();
    this.#open?.close();
    this.#open = undefined;
  }

  /** Another process has moved or removed the file; or it has lost a part, and then what is left must not be believed. */
  #leaveReplaced(open: Open): void {
    if (identityOf(open.file) === open.identity && open.hasLost()) removeFile(open.file, open.identity);
    this.#leave(() => open.retire());
  }

  #leave(close: (open: Open) => void): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    this.#lastTick = Math.max(this.#lastTick ?? 0, open.lastTick);
    open.sweep.stop().catch(() => undefined);
    close(open);
  }

  #readLater<T>(read: (open: Open) => MaybePromise<T>, patience: number): Promise<T> {
    return this.promised(patiently(() => read(this.current()), patience));
  }
}
