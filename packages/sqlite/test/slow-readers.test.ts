// Long bodies, and readers that take their time.

import {expect, onTestFinished, test, vi} from 'vitest';
import {noticedWithin} from '../src/identity.ts';
import type {SqliteStore} from '../src/index.ts';
import {keep, newFile, storeAt} from './place.ts';

const length = 1_000_000;
const everything = [{type: 'scope', scope: {type: 'all'}}] as const;
const remove = {action: 'remove', through: false, exact: true} as const;

/** A reader that has had its first chunk, and the body it reads. From then on the time is the test's. */
async function begun(store: SqliteStore) {
  const stored = await keep(store, {}, length);
  // Then no clear has to wait.
  await new Promise(resolve => setTimeout(resolve, noticedWithin + 2));
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
  onTestFinished(() => void vi.useRealTimers());
  const body = await store.body(stored);
  if (!(body instanceof ReadableStream)) throw new Error('the body is no stream');
  const reader = body.getReader();
  const first = await reader.read();
  const rest = async (): Promise<number> => {
    let size = first.value?.length ?? 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) size += next.value.length;
    return size;
  };
  return {stored, rest};
}

test('a reader that reads nothing for longer than a minute goes on where it was', async () => {
  const {rest} = await begun(storeAt(newFile()));
  vi.advanceTimersByTime(3_600_000);
  expect(await rest()).toBe(length);
});

test('a reader keeps what is cleared meanwhile for a minute', async () => {
  const store = storeAt(newFile());
  const {rest} = await begun(store);
  await store.clear(everything, remove);
  vi.advanceTimersByTime(59_000);
  expect(await rest()).toBe(length);
});

test('a reader of what was cleared more than a minute ago is told so', async () => {
  const store = storeAt(newFile());
  const {rest} = await begun(store);
  vi.advanceTimersByTime(61_000);
  await store.clear(everything, remove);
  await store.size();
  await expect(rest()).rejects.toThrow('the body was removed while it was read');
});

test('a reader that goes on after a minute is one of those that may read at the same time', async () => {
  const store = storeAt(newFile());
  const {stored, rest} = await begun(store);
  vi.advanceTimersByTime(61_000);
  const others = Array.from({length: 32}, () => store.body(stored));
  expect(others).not.toContain(undefined);
  await expect(rest()).rejects.toThrow('more than 32 bodies are read at the same time');
});

test.each([0, 61_000])('a reader of a store that is closed after %d ms opens nothing', async ms => {
  const store = storeAt(newFile());
  const {rest} = await begun(store);
  vi.advanceTimersByTime(ms);
  vi.useRealTimers();
  await store.close();
  await expect(rest()).rejects.toThrow('the store was closed');
});
