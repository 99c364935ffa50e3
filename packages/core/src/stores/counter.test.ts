import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {put, clear as remove} from '../../test/memory-store.ts';
import {SlowStore} from '../../test/slow-store.ts';
import type {Store} from '../model/store.ts';
import {storeContract} from './contract.ts';
import {bodyOf, everything, idsIn, keep} from './contract-support.ts';
import {leased} from './counter.ts';
import {MemoryStore} from './memory.ts';
import {tiered} from './tiered.ts';

describe('a counter on a lease of 100 ms', () => {
  beforeEach(() => void vi.useFakeTimers({toFake: ['Date', 'performance', 'setTimeout']}));
  afterEach(() => void vi.useRealTimers());

  const counter = (): {read: () => unknown; asked: number[]; answer: (tick: number) => void} => {
    const asked: number[] = [];
    const answers: ((tick: number) => void)[] = [];
    const trust = async (ms: number): Promise<number> => {
      asked.push(ms);
      return new Promise(resolve => answers.push(resolve));
    };
    return {read: leased(trust, 100), asked, answer: tick => answers.shift()?.(tick)};
  };

  test('is asked for once, and known at once until the lease ends', async () => {
    const {read, asked, answer} = counter();
    const [first, second] = [read(), read()];
    answer(7);
    expect(await Promise.all([first, second])).toEqual([7, 7]);
    vi.advanceTimersByTime(99);
    expect(read()).toBe(7);
    expect(asked).toEqual([100]);
    vi.advanceTimersByTime(1);
    expect(read()).toBeInstanceOf(Promise);
    expect(asked).toEqual([100, 100]);
  });

  test('the lease begins when it is asked for, not when it is given', async () => {
    const {read, asked, answer} = counter();
    const first = read();
    vi.advanceTimersByTime(100);
    const second = read();
    expect(asked).toHaveLength(2);
    answer(7);
    expect(await first).toBe(7);
    vi.advanceTimersByTime(50);
    answer(8);
    expect(await second).toBe(8);
    vi.advanceTimersByTime(49);
    expect(read()).toBe(8);
    vi.advanceTimersByTime(1);
    expect(read()).toBeInstanceOf(Promise);
  });

  test.each([
    ['ahead', 100],
    ['back', -1],
  ])('a clock that is set %s ends it', async (_, by) => {
    const {read, asked, answer} = counter();
    const first = read();
    answer(7);
    await first;
    vi.setSystemTime(Date.now() + by);
    void read();
    expect(asked).toHaveLength(2);
  });

  test('a failure is nobody else’s', async () => {
    let isBroken = true;
    const read = leased(async () => {
      if (isBroken) throw new Error('lost');
      return 7;
    }, 100);
    await expect(read()).rejects.toThrow('lost');
    isBroken = false;
    expect(await read()).toBe(7);
  });
});

/** A store that can be trusted: clears wait. */
class TrustedStore extends SlowStore {
  #ms = 0;
  trusts = 0;

  constructor(inner: Store = new MemoryStore()) {
    super(inner, run => queueMicrotask(run));
  }

  async trust(ms: number): Promise<number> {
    this.trusts++;
    this.#ms = Math.max(this.#ms, ms);
    return this.tick();
  }

  override async clear(...args: Parameters<SlowStore['clear']>): ReturnType<SlowStore['clear']> {
    const outcome = await super.clear(...args);
    if (args[1].action !== 'count') await new Promise(resolve => setTimeout(resolve, this.#ms + 1));
    return outcome;
  }
}

const lease = {coherence: {lease: 20}} as const;

describe('memory in front of a store, on a lease', () =>
  storeContract({describe, test}, () => tiered(new MemoryStore(), new TrustedStore(), lease)));

describe('memory on a lease in front of memory on a lease', () =>
  storeContract({describe, test}, () =>
    tiered(new MemoryStore(), tiered(new MemoryStore(), new TrustedStore(), lease), lease),
  ));

describe('a hit on a lease', () => {
  const resource = 'https://a.example/';

  test('asks the far store for nothing, and ends when the lease does', async () => {
    const shared = new MemoryStore();
    const far = new TrustedStore(shared);
    const store = tiered(new MemoryStore(), far, {coherence: {lease: 1000}});
    const stored = put(shared, {resource});
    const hit = async (): Promise<number> => {
      const began = await store.tick();
      const [found] = await store.list(resource, began);
      await store.through(resource, resource, began);
      if (found !== undefined) await bodyOf(store, found);
      return (await idsIn(store)).length;
    };
    await hit();
    const calls = far.calls.length;
    expect(await hit()).toBe(1);
    expect(far.calls.slice(calls).filter(call => call !== 'body')).toEqual([]);
    expect(far.trusts).toBe(1);
    // Somebody else's clear, still under way.
    remove(shared, everything);
    expect(await hit()).toBe(1);
    vi.useFakeTimers({now: Date.now() + 1000, toFake: ['Date']});
    expect(await hit()).toBe(0);
    vi.useRealTimers();
    expect(await idsIn(store)).not.toContain(stored.id);
  });

  test('what began on an old counter is fenced', async () => {
    const shared = new MemoryStore();
    const store = tiered(new MemoryStore(), new TrustedStore(shared), {coherence: {lease: 1000}});
    await store.tick();
    remove(shared, everything);
    await expect(keep(store)).rejects.toThrow('fenced');
  });
});

describe('what a lease may be', () => {
  test.each([
    [0, 'tiered coherence.lease is 0; allowed: '],
    [5001, 'tiered coherence.lease is 5001'],
    ['1s', 'tiered coherence.lease is "1s"'],
    [undefined, 'tiered coherence is an object'],
  ])('%j is refused', (value, message) => {
    const options = {coherence: {lease: value as number}};
    expect(() => tiered(new MemoryStore(), new TrustedStore(), options)).toThrow(message);
  });

  test.each([
    [{coherence: 'lease'}, 'is "lease"'],
    [{coherence: null}, 'is null'],
    [{lease: 1}, 'tiered lease is not an option; known: coherence'],
    [200, 'tiered options is 200'],
    [null, 'tiered options is null'],
    [new Date(), 'tiered options is a Date'],
  ])('%j is refused', (options, message) => {
    expect(() => tiered(new MemoryStore(), new TrustedStore(), options as never)).toThrow(message);
  });

  test('a far store that gives none is named', () => {
    expect(() => tiered(new MemoryStore(), new MemoryStore(), lease)).toThrow('does not give');
  });
});
