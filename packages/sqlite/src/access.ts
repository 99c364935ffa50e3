import {isLimpidError} from 'limpid';
import type {MaybePromise, Tick} from 'limpid/store';
import {identityOf, removeFile, setAside} from './file.ts';
import {Open} from './open.ts';
import type {Settings} from './options.ts';
import {failure, isBusy, isDamage, isUnopened} from './trouble.ts';
import {Writer, writePatience} from './writer.ts';

/** How long a reader tries again, in milliseconds: others are in its way only while they recover the file. */
const readPatience = 500;

/** The way to the file: opened when needed, opened again when another has taken its place, moved aside when damaged. */
export class Access {
  readonly writer: Writer;
  readonly #settings: Settings;
  #open: Open | undefined;
  #lastTick: Tick | undefined;
  #unreported: unknown;
  #isClosed = false;
  readonly #ofDamage = new WeakSet<Error>();

  /** @throws LimpidError for a file that is not ours, or of a later version. */
  constructor(settings: Settings) {
    this.#settings = settings;
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
    if (this.#open !== undefined && !this.#open.isInPlace()) this.#leave('replaced');
    if (this.#open !== undefined) return this.#open;
    // A body may still be on its way: it is let go, and not the reason to make the file again.
    if (this.#isClosed) throw failure('the store is closed');
    const unreported = this.#unreported;
    this.#unreported = undefined;
    if (unreported !== undefined) throw unreported;
    const open = new Open(this.#settings, this.writer, this.#lastTick, () => {
      if (this.#open === open) this.remove();
    });
    this.#open = open;
    this.#lastTick = open.state().tick;
    open.sweep.later();
    return open;
  }

  /** Reads at once; only behind the lock of another process, later. */
  read<T>(read: (open: Open) => MaybePromise<T>, whenClosed: T): MaybePromise<T> {
    if (this.#isClosed) return whenClosed;
    try {
      return read(this.current());
    } catch (error) {
      if (isBusy(error)) return this.#readLater(read);
      throw this.told(error);
    }
  }

  /** Writes in a transaction: at once where nobody else is writing. `committed` runs in the same turn as the commit. */
  write<T>(write: (open: Open) => T, committed: (open: Open, result: T) => void): MaybePromise<T> {
    const job = (): T => write(this.current());
    const over = (result: T): void => committed(this.current(), result);
    try {
      const now = this.writer.runNow(job, over);
      return now === undefined ? this.#writeLater(job, over) : now.result;
    } catch (error) {
      throw this.told(error);
    }
  }

  async #writeLater<T>(job: () => T, over: (result: T) => void): Promise<T> {
    try {
      return await this.writer.run(job, writePatience, over);
    } catch (error) {
      throw this.told(error);
    }
  }

  /** What to throw for an error; a file that it shows to be damaged is moved aside. */
  told(error: unknown): unknown {
    const {file, now} = this.#settings;
    if (isUnopened(error)) {
      const allowed = 'allowed: a file that this process may make, read and write';
      return failure(`${file} cannot be opened; ${allowed}`, error);
    }
    if (!isDamage(error) || this.#isClosed) return error;
    const isGone = this.#leave('damaged');
    const told = failure(
      `${file} is damaged; it was ${isGone ? 'moved by another process' : `moved to ${setAside(file, now())}`}`,
      error,
    );
    this.#ofDamage.add(told);
    return told;
  }

  /** Whether an error came of damage; the file has been moved aside by then. */
  isOfDamage(error: unknown): boolean {
    const told = this.told(error);
    return told instanceof Error && this.#ofDamage.has(told);
  }

  /** Removes the file, and all that is stored in it: the next operation begins with a new one. */
  remove(): void {
    if (!this.#leave('replaced')) removeFile(this.#settings.file);
  }

  /** Finishes what is being written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#open?.sweep.stop();
    await this.writer.idle();
    this.#open?.close();
    this.#open = undefined;
  }

  /** Whether another process has moved or removed the file already: what lies there now is good. */
  #leave(because: 'replaced' | 'damaged'): boolean {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return false;
    this.#lastTick = Math.max(this.#lastTick ?? 0, open.lastTick);
    open.sweep.stop().catch(() => undefined);
    if (because === 'replaced') open.retire();
    else open.close();
    return open.identity !== identityOf(this.#settings.file);
  }

  async #readLater<T>(read: (open: Open) => MaybePromise<T>): Promise<T> {
    const giveUpAt = performance.now() + readPatience;
    for (let pause = 1; ; pause *= 2) {
      await new Promise(resolve => setTimeout(resolve, pause));
      try {
        return await read(this.current());
      } catch (error) {
        if (isBusy(error) && performance.now() < giveUpAt) continue;
        throw this.told(error);
      }
    }
  }
}
