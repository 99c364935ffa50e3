import {expect, test, vi} from 'vitest';
import {Gate} from './gate.ts';

/** Runs that are let through one by one. */
function opened(width: number, patience: number) {
  const gate = new Gate(width, patience);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const pass = (name: string): Promise<string> =>
    gate.through(
      () => {
        begun.push(name);
        return new Promise(resolve => ends.set(name, () => resolve(name)));
      },
      () => new Error(`${name} is late`),
    );
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await new Promise(resolve => setImmediate(resolve));
  };
  return {begun, pass, end};
}

test('so many run at a time, and of those that wait the latest comes first', async () => {
  const {begun, pass, end} = opened(2, 1_000);
  const all = ['a', 'b', 'c', 'd', 'e'].map(pass);
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'e']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'e', 'd']);
  for (const name of ['e', 'd', 'c']) await end(name);
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('who has waited for too long is given up as soon as another comes or goes', async () => {
  vi.useFakeTimers({toFake: ['performance']});
  try {
    const {begun, pass, end} = opened(1, 100);
    const first = pass('first');
    const early = expect(pass('early')).rejects.toThrow('early is late');
    vi.advanceTimersByTime(60);
    const later = expect(pass('later')).rejects.toThrow('later is late');
    vi.advanceTimersByTime(60);
    const young = pass('young');
    await early;
    vi.advanceTimersByTime(60);
    await end('first');
    await Promise.all([first, later]);
    expect(begun).toEqual(['first', 'young']);
    await end('young');
    expect(await young).toBe('young');
  } finally {
    vi.useRealTimers();
  }
});

test('one that fails makes room as well', async () => {
  const gate = new Gate(1, 1_000);
  const late = (): Error => new Error('late');
  const failing = gate.through(() => Promise.reject(new Error('failed')), late);
  const next = gate.through(() => Promise.resolve('next'), late);
  await expect(failing).rejects.toThrow('failed');
  expect(await next).toBe('next');
});
