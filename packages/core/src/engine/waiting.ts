import type {Timers} from '../options/options.ts';

/** A wait: `over` settles when its time has passed, and never once it was stopped. */
export type Wait<T> = {readonly over: Promise<T>; readonly stop: () => void};

/** Waits so many milliseconds; then `over` resolves to what `then` returns, or rejects with what it throws. */
export function wait<T>(timers: Timers, ms: number, then: () => T): Wait<T> {
  let timer: unknown;
  const passed = new Promise<void>(resolve => {
    timer = timers.setTimeout(resolve, ms);
  });
  return {over: passed.then(then), stop: () => timers.clearTimeout(timer)};
}
