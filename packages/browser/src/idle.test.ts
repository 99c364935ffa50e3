import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {idly} from './idle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('what is called for again and again is done once, when there is time', () => {
  const waiting: (() => void)[] = [];
  vi.stubGlobal('requestIdleCallback', (callback: () => void, {timeout}: {timeout: number}) => {
    expect(timeout).toBe(1000);
    return waiting.push(callback);
  });
  let done = 0;
  const come = idly(async () => {
    done += 1;
    throw new Error('nobody hears of it');
  });
  for (let time = 0; time < 3; time++) come();
  vi.advanceTimersByTime(10_000);
  expect([waiting.length, done]).toEqual([1, 0]);
  waiting[0]?.();
  expect(done).toBe(1);
  come();
  expect([waiting.length, done]).toEqual([2, 1]);
});

test('where there are no idle callbacks, a fifth of a second later', () => {
  vi.stubGlobal('requestIdleCallback', undefined);
  const run = vi.fn(async () => undefined);
  const come = idly(run);
  come();
  come();
  vi.advanceTimersByTime(199);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledOnce();
});
