import {platform} from '../fetch-api/platform.ts';
import {rescued} from '../model/maybe.ts';
import type {Timers} from '../options/options.ts';
import type {WaitUntil} from '../options/request-options.ts';
import {wait} from './waiting.ts';

/** Background validations at the same time; more are simply not begun. */
const maxTasks = 256;
/** How long a background task may take, in milliseconds, where nothing else is said. */
const deadline = 60_000;

/** How long closing waits for writes under way, in milliseconds. */
const closingDeadline = 5_000;

/**
 * Work nobody waits for: bounded, with a deadline, never an unhandled rejection.
 *
 * In workerd it lives as long as the incoming request, or as `waitUntil` says: none is begun without, and none is
 * remembered, because what was broken off never settles.
 */
export class Background {
  readonly #timers: Timers;
  readonly #onError: (error: unknown) => void;
  readonly #running: Set<Promise<void>> = new Set();
  readonly #names: Set<string> = new Set();
  readonly #controllers: Set<AbortController> = new Set();
  #isClosing = false;

  constructor(timers: Timers, onError: (error: unknown) => void) {
    this.#timers = timers;
    this.#onError = onError;
  }

  /** Runs `task` unless one of that name is running or there are too many; `waitUntil` keeps a worker alive for it. */
  once(name: string, task: (signal: AbortSignal) => Promise<unknown>, waitUntil?: WaitUntil): void {
    if (this.#names.has(name) || this.#names.size >= maxTasks || (platform.isWorkerd && !waitUntil)) return;
    if (!platform.isWorkerd) this.#names.add(name);
    this.track(
      this.run(task).finally(() => this.#names.delete(name)),
      waitUntil,
    );
  }

  /**
   * Lets `idle` and `close` wait for work that goes on by itself. A `waitUntil` that fails costs the worker's life, not the
   * answer.
   */
  track(work: Promise<unknown>, waitUntil?: WaitUntil): void {
    const kept = work.then(() => undefined, this.#onError).finally(() => this.#running.delete(kept));
    if (!platform.isWorkerd) this.#running.add(kept);
    this.outlive(kept, waitUntil);
  }

  /** Keeps a worker alive for work that nobody here waits for. */
  outlive(work: Promise<unknown>, waitUntil: WaitUntil | undefined): void {
    void rescued(() => waitUntil?.(work), this.#onError);
  }

  /** Resolves when nothing runs any more, what is begun meanwhile included. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Like `idle`, but does not wait for ever. */
  async idleBeforeClosing(): Promise<void> {
    const {over, stop} = wait(this.#timers, closingDeadline, () => undefined);
    await Promise.race([this.idle(), over]);
    stop();
  }

  /** Ends what has not come to an end. */
  abort(): void {
    this.#isClosing = true;
    for (const controller of this.#controllers) controller.abort();
  }

  /** Runs `task`, for `ms` milliseconds at most. Never rejects. */
  async run(task: (signal: AbortSignal) => Promise<unknown>, ms: number = deadline): Promise<void> {
    const controller = new AbortController();
    this.#controllers.add(controller);
    const timer = this.#timers.setTimeout(
      () => controller.abort(new DOMException(`limpid: it took longer than ${ms} ms`, 'TimeoutError')),
      ms,
    );
    try {
      await task(controller.signal);
    } catch (error) {
      if (!this.#isClosing) this.#onError(error);
    } finally {
      this.#timers.clearTimeout(timer);
      this.#controllers.delete(controller);
    }
  }
}
