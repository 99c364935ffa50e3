import * as fake from 'fake-indexeddb';
import {storedResponse} from 'limpid/store-contract';
import {expect, onTestFinished, test, vi} from 'vitest';
import {IndexedDbStore} from './index.ts';

Object.assign(globalThis, fake, {indexedDB: fake.default});

test('once room had to be made, more is made when there is time', async () => {
  const waiting: (() => void)[] = [];
  vi.stubGlobal('requestIdleCallback', (callback: () => void) => waiting.push(callback));
  onTestFinished(() => void vi.unstubAllGlobals());
  const store = new IndexedDbStore({name: 'idle', maxBytes: 200_000});
  onTestFinished(() => store.close());
  const evicted: string[] = [];
  store.onEvict(({key}) => evicted.push(key));
  for (let made = 0; made < 7; made++) {
    expect(waiting).toEqual([]);
    const url = `https://a.example/${made}`;
    const sink = store.put(
      storedResponse({resource: url, key: String(made), lastUsed: made, began: await store.tick()}),
    );
    await sink.write(new Uint8Array(30_000));
    expect(await sink.commit()).toBe('stored');
  }
  expect(evicted).toEqual(['0']);
  expect(waiting).toHaveLength(1);
  await new Promise(resolve => setTimeout(resolve, 20));
  expect((await store.size()).count).toBe(6);
  waiting[0]?.();
  await expect.poll(async () => (await store.size()).count).toBe(5);
  expect(evicted).toHaveLength(2);
});

test('a body takes a quarter of the room at most', async () => {
  const store = new IndexedDbStore({name: 'quarter', maxBytes: 200_000});
  onTestFinished(() => store.close());
  for (const [length, outcome] of [
    [40_000, 'stored'],
    [50_001, 'full'],
  ] as const) {
    const sink = store.put(storedResponse({key: String(length), began: await store.tick()}));
    await sink.write(new Uint8Array(length));
    expect(await sink.commit()).toBe(outcome);
  }
});
