import {describe, expect, test} from 'vitest';
import {clear, put} from '../../test/memory-store.ts';
import {SlowStore} from '../../test/slow-store.ts';
import {storeContract} from './contract.ts';
import {inScope, response} from './contract-support.ts';
import {MemoryStore} from './memory.ts';

describe('the memory store', () =>
  storeContract({describe, test}, () => new MemoryStore(), {bounded: maxBytes => new MemoryStore({maxBytes})}));

describe('the memory store, asynchronous and slow', () =>
  storeContract({describe, test}, () => new SlowStore(new MemoryStore(), run => queueMicrotask(run))));

describe('options', () => {
  const cases = [
    [{maxBytes: '1'}, 'limpid: MemoryStore maxBytes is "1"; allowed: a whole number above 0'],
    [{maxBytes: 0}, 'limpid: MemoryStore maxBytes is 0; allowed: a whole number above 0'],
    [{maxCount: 1.5}, 'limpid: MemoryStore maxCount is 1.5; allowed: a whole number above 0'],
    [{maxCount: Number.NaN}, 'limpid: MemoryStore maxCount is NaN; allowed: a whole number above 0'],
    [{now: 5}, 'limpid: MemoryStore now is 5; allowed: a function that returns milliseconds since the epoch'],
    [{maxByte: 5}, 'limpid: MemoryStore maxByte is not an option; did you mean "maxBytes"?'],
    [{ttl: 5}, 'limpid: MemoryStore ttl is not an option; known: maxBytes, maxCount, now'],
    [null, 'limpid: MemoryStore options is null; allowed: an object with maxBytes, maxCount, now'],
  ] as const;
  test.each(cases)('%j is refused with what is allowed', (options, message) => {
    const construct = () => Reflect.construct(MemoryStore, [options]);
    expect(construct).toThrow(TypeError);
    expect(construct).toThrow(message);
  });
});

describe('reading', () => {
  test('list answers with the same array while nothing changes, and the same objects while they do not', () => {
    // A clock that stands still: a millisecond more would make another object of what was used.
    const store = new MemoryStore({now: () => 1_000_000});
    const stored = put(store);
    const first = store.list(stored.resource);
    store.body(stored);
    expect(store.list(stored.resource)).toBe(first);
    clear(store, [inScope({type: 'tag', tag: 'other'})]);
    expect(store.list(stored.resource)[0]).toBe(first[0]);
  });

  test('a body is the same bytes each time, and none of a larger buffer', () => {
    const store = new MemoryStore();
    const stored = response({began: store.tick()});
    const sink = store.put(stored);
    sink.write(new Uint8Array(1000).subarray(10, 20));
    sink.commit();
    const body = store.body(stored);
    expect(body?.buffer.byteLength).toBe(10);
    expect(store.body(stored)).toBe(body);
    expect(store.body(stored, {offset: 2, length: 3})?.buffer).toBe(body?.buffer);
  });

  test('the last use is shown by list to the second, and exactly by entries', async () => {
    let now = 1_000_000;
    const store = new MemoryStore({now: () => now});
    const stored = put(store);
    now += 10;
    store.body(stored);
    for await (const entry of store.entries([inScope({type: 'all'})])) expect(entry.lastUsed).toBe(1_000_010);
    now += 5000;
    store.body(stored);
    expect(store.list(stored.resource)[0]?.lastUsed).toBe(1_005_010);
  });
});
