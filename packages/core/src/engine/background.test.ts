import {describe, expect, test} from 'vitest';
import {Clock, settled} from '../../test/scenarios/clock.ts';
import {Background} from './background.ts';

function make() {
  const clock = new Clock();
  const errors: unknown[] = [];
  return {clock, errors, background: new Background(clock.timers, error => void errors.push(error))};
}

/** What was noted once a promise had ended. */
function endOf(promise: Promise<unknown> | undefined): {readonly ended: boolean} {
  const state = {ended: false};
  void promise?.finally(() => {
    state.ended = true;
  });
  return state;
}

const held = (): PromiseWithResolvers<void> => Promise.withResolvers<void>();

describe('a background task', () => {
  test('of one name runs once at a time', async () => {
    const {background} = make();
    const gate = held();
    let runs = 0;
    const task = async (): Promise<void> => {
      runs += 1;
      await gate.promise;
    };
    background.once('one', task);
    background.once('one', task);
    background.once('two', task);
    expect(runs).toBe(2);
    gate.resolve();
    await background.idle();
    background.once('one', task);
    await background.idle();
    expect(runs).toBe(3);
  });

  test('that fails is reported, and rejects nowhere', async () => {
    const {background, errors} = make();
    const given: Promise<unknown>[] = [];
    background.once(
      'one',
      () => Promise.reject(new Error('mine')),
      promise => void given.push(promise),
    );
    background.track(Promise.reject(new Error('tracked')));
    await background.idle();
    await Promise.all(given);
    expect(errors.map(String).toSorted()).toEqual(['Error: mine', 'Error: tracked']);
  });

  test('without a name takes no place of those with one, and no more than a minute', async () => {
    const {background, clock, errors} = make();
    const aborted: AbortSignal[] = [];
    const never = (signal: AbortSignal): Promise<unknown> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(aborted.push(signal))));
    for (let count = 0; count < 300; count++) background.track(background.run(never));
    let isRun = false;
    background.once('one', async () => {
      isRun = true;
    });
    expect(isRun).toBe(true);
    await clock.advance(60);
    await background.idle();
    expect([aborted.length, errors.length]).toEqual([300, 300]);
  });

  test('that takes more than a minute is aborted, and that is told', async () => {
    const {background, clock, errors} = make();
    background.once(
      'one',
      signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    await clock.advance(59);
    const state = endOf(background.idle());
    await settled();
    expect(state.ended).toBe(false);
    await clock.advance(1);
    await settled();
    expect(state.ended).toBe(true);
    expect(errors).toEqual([expect.objectContaining({name: 'TimeoutError'})]);
  });

  test('leaves no timer', async () => {
    const {background, clock} = make();
    background.once('one', async () => undefined);
    await background.idle();
    expect(clock.waiting).toBe(0);
  });

  test('is not begun when there are too many', async () => {
    const {background} = make();
    const gate = held();
    let runs = 0;
    for (let index = 0; index < 300; index += 1) {
      background.once(String(index), () => {
        runs += 1;
        return gate.promise;
      });
    }
    expect(runs).toBe(256);
    gate.resolve();
    await background.idle();
  });

  test('keeps a worker alive as long as it runs', async () => {
    const {background} = make();
    const gate = held();
    const kept: Promise<unknown>[] = [];
    background.once(
      'one',
      () => gate.promise,
      promise => void kept.push(promise),
    );
    const state = endOf(kept[0]);
    await settled();
    expect(state.ended).toBe(false);
    gate.resolve();
    await settled();
    expect(state.ended).toBe(true);
  });
});

describe('idle', () => {
  test('waits for what is begun meanwhile', async () => {
    const {background} = make();
    const [first, second] = [held(), held()];
    background.track(first.promise.then(() => background.track(second.promise)));
    const waiting = background.idle();
    const state = endOf(waiting);
    first.resolve();
    await settled();
    expect(state.ended).toBe(false);
    second.resolve();
    await waiting;
  });

  test('gives up after a while before closing', async () => {
    const {background, clock} = make();
    background.track(new Promise(() => undefined));
    const state = endOf(background.idleBeforeClosing());
    await clock.advance(4);
    expect(state.ended).toBe(false);
    await clock.advance(1);
    await settled();
    expect(state.ended).toBe(true);
  });

  test('ends at once when there is nothing to wait for', async () => {
    const {background, clock} = make();
    await background.idleBeforeClosing();
    expect(clock.waiting).toBe(0);
  });
});

test('abort ends every task', async () => {
  const {background, errors} = make();
  for (const name of ['one', 'two']) {
    background.once(
      name,
      signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
  }
  background.abort();
  await background.idle();
  expect(errors).toEqual([]);
});
