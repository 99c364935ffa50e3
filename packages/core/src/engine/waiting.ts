export type Timers = {
  readonly setTimeout: (callback: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
};

/** A wait that is over after some time, with a value, unless it was stopped before. */
export type Wait<T> = {readonly over: Promise<T>; readonly stop: () => void};

/** Waits so many milliseconds; what is over then ends as `then` does. */
export function wait<T>(timers: Timers, ms: number, then: () => T): Wait<T> {
  let timer: unknown;
  const passed = new Promise<void>(resolve => {
    timer = timers.setTimeout(resolve, ms);
  });
  return {over: passed.then(then), stop: () => timers.clearTimeout(timer)};
}
