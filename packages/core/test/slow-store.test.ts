import {describe, expect, test} from 'vitest';
import {entriesOf, response} from '../src/stores/contract-support.ts';
import {MemoryStore} from '../src/stores/memory.ts';
import {Gate, SlowStore} from './slow-store.ts';

describe('a slow store', () => {
  test('runs a call after it has travelled, and answers after that', async () => {
    const gate = new Gate();
    const store = new SlowStore(new MemoryStore(), gate.schedule);
    const tick = store.tick();
    const early = new Promise(resolve => setTimeout(resolve, 10, 'early'));
    await gate.release();
    expect(await Promise.race([tick, early])).toBe('early');
    await gate.release();
    expect(await tick).toBe(1);
  });

  test('rejects, hangs and heals as it is told', async () => {
    const store = new SlowStore(new MemoryStore(), queueMicrotask);
    const error = new Error('down');
    store.fail(error, 'list', 'entries', 'commit');
    store.hang('tick');
    await expect(store.list('https://a.example/')).rejects.toBe(error);
    await expect(store.put(response()).commit()).rejects.toBe(error);
    await expect(entriesOf(store, [])).rejects.toBe(error);
    const hung = await Promise.race([store.tick(), new Promise(resolve => setTimeout(resolve, 10, 'hung'))]);
    expect(hung).toBe('hung');
    store.heal();
    expect(await store.list('https://a.example/')).toEqual([]);
    expect(store.calls).toEqual(['list', 'commit', 'entries', 'tick', 'list']);
  });

  test('takes the chunks of a body in order, however many are on their way', async () => {
    const inner = new MemoryStore();
    const store = new SlowStore(inner, run => void setTimeout(run, Math.random() * 5));
    const stored = response({began: await store.tick()});
    const sink = store.put(stored);
    for (const byte of [1, 2, 3, 4]) void sink.write(Uint8Array.of(byte));
    expect(await sink.commit()).toBe('stored');
    expect(inner.body(stored)).toEqual(Uint8Array.of(1, 2, 3, 4));
  });
});
