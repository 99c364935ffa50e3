import type {MaybePromise} from './units.ts';

export const isPromise = <T>(value: MaybePromise<T>): value is Promise<T> => value instanceof Promise;

/** Goes on with a value at once when it is there: a hit over a synchronous store never waits a turn. */
export function after<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Runs `attempt`; whether it throws or rejects, `rescue` decides what comes of it. */
export function rescued<T>(
  attempt: () => MaybePromise<T>,
  rescue: (error: unknown) => MaybePromise<T>,
): MaybePromise<T> {
  try {
    const value = attempt();
    return isPromise(value) ? value.catch(rescue) : value;
  } catch (error) {
    return rescue(error);
  }
}

/** All values, at once when all of them are there. */
export function allOf<T>(values: readonly MaybePromise<T>[]): MaybePromise<readonly T[]> {
  const there = values.filter((value): value is Exclude<MaybePromise<T>, Promise<T>> => !isPromise(value));
  return there.length === values.length ? there : Promise.all(values);
}
