// Whether a history keeps promise 2. A pure function of what was recorded.

import {type Generated, type Micros, type Operation, selects, type User} from './history.ts';

/** A request that was given what it must not be given. */
export type Violation = {readonly message: string; readonly operation: Operation};

/** Clears or expiries that select one thing, as they were over: by their ends, each with the newest start up to it. */
type Endings = {readonly ends: readonly Micros[]; readonly newestStarts: readonly Micros[]};

function endingsOf(operations: readonly Operation[], type: 'clear' | 'expire', path: string, user: User): Endings {
  const found = operations.filter(one => one.type === type && selects(one.what, path, user));
  found.sort((one, other) => one.end - other.end);
  let newest = 0;
  return {
    ends: found.map(({end}) => end),
    newestStarts: found.map(({start}) => {
      newest = Math.max(newest, start);
      return newest;
    }),
  };
}

/** The newest start among those that were over before `time`; 0 when there is none. */
function newestBefore({ends, newestStarts}: Endings, time: Micros): Micros {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return newestStarts[low - 1] ?? 0;
}

/**
 * What breaks the promise: a response generated before a completed clear that selects it began, given to a request
 * begun after that clear was over; after an expiry, unless the origin has said since that it is current. Also whatever
 * failed, and a response that belongs to another path or user.
 *
 * What happens at the same time may be ordered either way, so nothing is held against it.
 */
export function violations(
  operations: readonly Operation[],
  generated: ReadonlyMap<number, Generated>,
): readonly Violation[] {
  const known = new Map<string, {readonly clears: Endings; readonly expiries: Endings}>();
  const endings = (path: string, user: User): {readonly clears: Endings; readonly expiries: Endings} => {
    const name = `${path} ${user}`;
    const found = known.get(name) ?? {
      clears: endingsOf(operations, 'clear', path, user),
      expiries: endingsOf(operations, 'expire', path, user),
    };
    known.set(name, found);
    return found;
  };
  return operations.flatMap(operation => {
    const message = complaint(operation, generated, endings);
    return message === undefined ? [] : [{message, operation}];
  });
}

function complaint(
  operation: Operation,
  generated: ReadonlyMap<number, Generated>,
  endings: (path: string, user: User) => {readonly clears: Endings; readonly expiries: Endings},
): string | undefined {
  if (operation.type === 'failure') return `failed: ${operation.message}`;
  if (operation.type !== 'request') return undefined;
  const {path, user, number, start, end} = operation;
  const response = generated.get(number);
  if (response === undefined) return `${number} was never generated`;
  if (response.path !== path || response.user !== user) {
    return `${path} for ${user} was answered with ${number}, which is ${response.path} for ${response.user}`;
  }
  const {clears, expiries} = endings(path, user);
  const cleared = newestBefore(clears, start);
  if (response.at < cleared) {
    return `${number} was generated ${cleared - response.at} µs before a clear of it began, and given to a request after that`;
  }
  const current = Math.max(response.at, ...response.validated.filter(time => time <= end));
  const expired = newestBefore(expiries, start);
  if (current < expired) {
    return `${number} was current ${expired - current} µs before an expiry of it began, and given to a request after that`;
  }
  return undefined;
}
