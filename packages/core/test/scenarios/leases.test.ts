// Several caches, as in several processes, over one store that lets them take turns at the origin.

import {describe, expect, test} from 'vitest';
import {cachingFetch} from '../../src/adapter/index.ts';
import {HttpCache} from '../../src/engine/http-cache.ts';
import type {Lease} from '../../src/model/store.ts';
import {MemoryStore} from '../../src/stores/memory.ts';
import {tiered} from '../../src/stores/tiered.ts';
import {Clock, settled} from './clock.ts';

const url = 'https://a.example/';

/** Turns as a shared store gives them: by name, until they are given back or over. */
class LeasingStore extends MemoryStore {
  readonly held = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super({now: () => clock.now});
    this.#clock = clock;
  }

  lease(name: string, ms: number): Lease | undefined {
    if ((this.held.get(name) ?? 0) > this.#clock.now) return undefined;
    this.held.set(name, this.#clock.now + ms);
    return {release: () => void this.held.delete(name)};
  }
}

type Reply = {readonly body: string; readonly fields?: Record<string, string>; readonly status?: number};

/** Two caches over one store, and an origin that answers when it is told to. */
function make(wrap: (store: LeasingStore) => LeasingStore | ReturnType<typeof tiered> = store => store) {
  const clock = new Clock();
  const store = new LeasingStore(clock);
  const waiting: ((reply: Reply | Error) => void)[] = [];
  const fetch = (): Promise<Response> =>
    new Promise((resolve, reject) => {
      waiting.push(reply => {
        if (reply instanceof Error) return reject(reply);
        const headers = {'cache-control': 'max-age=60', ...reply.fields};
        return resolve(new Response(reply.body, {headers, status: reply.status ?? 200}));
      });
    });
  const caches = [0, 1].map(() => new HttpCache({store: wrap(store), now: () => clock.now, timers: clock.timers}));
  const clients = caches.map(cache => cachingFetch(cache, {fetch}));
  const ask = async (index: 0 | 1, init: RequestInit = {}): Promise<string> => {
    const [one, other = one] = clients;
    const response = await (index === 0 ? one : other)?.(url, init);
    if (response === undefined) throw new Error('nobody to ask');
    return `${await response.text()} (${response.headers.get('cache-status')})`;
  };
  const answer = async (reply: Reply | Error): Promise<void> => {
    waiting.shift()?.(reply);
    await settled();
  };
  return {clock, store, caches, waiting, ask, answer};
}

describe('of two caches that need the same at the same time', () => {
  test.each([
    ['over one store', (store: LeasingStore) => store],
    ['with memory in front of it', (store: LeasingStore) => tiered(new MemoryStore(), store)],
  ])('one asks and the other gets what it stored, %s', async (_, wrap) => {
    const {clock, store, waiting, ask, answer} = make(wrap);
    const both = [ask(0), ask(1)];
    await settled();
    expect(waiting.length).toBe(1);
    await answer({body: 'one'});
    await clock.advance(0.2);
    expect((await Promise.all(both)).toSorted()).toEqual([
      'one (limpid; fwd=uri-miss; stored)',
      'one (limpid; fwd=uri-miss; ttl=59; collapsed)',
    ]);
    expect(waiting.length).toBe(0);
    expect(store.held.size).toBe(0);
  });

  test('the other asks as well when the answer is for one alone', async () => {
    const {clock, waiting, ask, answer} = make();
    const both = [ask(0), ask(1)];
    await settled();
    await answer({body: 'private', fields: {'cache-control': 'no-store'}});
    await clock.advance(0.2);
    expect(waiting.length).toBe(1);
    await answer({body: 'another', fields: {'cache-control': 'no-store'}});
    expect((await Promise.all(both)).map(text => text.split(' ')[0]).toSorted()).toEqual(['another', 'private']);
  });

  test('the other asks as well when nothing came', async () => {
    const {clock, waiting, ask, answer} = make();
    const both = [ask(0).catch(String), ask(1).catch(String)];
    await settled();
    await answer(new Error('down'));
    await clock.advance(0.2);
    expect(waiting.length).toBe(1);
    await answer({body: 'one'});
    expect((await Promise.all(both)).toSorted()).toEqual(['Error: down', 'one (limpid; fwd=uri-miss; stored)']);
  });

  test('the other waits a second, and no longer', async () => {
    const {clock, waiting, ask, answer} = make();
    const slow = ask(0);
    const other = ask(1);
    await settled();
    await clock.advance(0.9);
    expect(waiting.length).toBe(1);
    await clock.advance(0.3);
    expect(waiting.length).toBe(2);
    await answer({body: 'late'});
    await answer({body: 'own'});
    expect([await slow, await other].map(text => text.split(' ')[0])).toEqual(['late', 'own']);
  });

  test('the other is not answered by what an invalidation selects that it could not apply', async () => {
    const {clock, store, waiting, ask, answer} = make();
    store.clear = () => {
      throw new Error('down');
    };
    const changed = ask(1, {method: 'POST'});
    await settled();
    await answer({body: 'changed'});
    await changed;
    const first = ask(0);
    await settled();
    const other = ask(1);
    await settled();
    expect(waiting.length).toBe(1);
    await answer({body: 'one'});
    expect(await first).toBe('one (limpid; fwd=uri-miss; stored)');
    await clock.advance(0.2);
    expect(waiting.length).toBe(1);
    await answer({body: 'two'});
    expect(await other).toBe('two (limpid; fwd=uri-miss; stored)');
  });

  test('the other is not answered by what was put here after a clear that reaches through', async () => {
    const {clock, caches, waiting, ask, answer} = make();
    const first = ask(0);
    await settled();
    const other = ask(1);
    await settled();
    await caches[1]?.clear({all: true}, {through: true});
    await caches[1]?.put(url, new Response('put', {headers: {'cache-control': 'max-age=60'}}));
    await clock.advance(1.2);
    expect(waiting.length).toBe(2);
    await answer({body: 'one'});
    await answer({body: 'two'});
    expect([await first, await other].map(text => text.split(' ')[0])).toEqual(['one', 'two']);
  });

  test('users wait for their own alone', async () => {
    const {waiting, ask} = make();
    void ask(0, {headers: {authorization: 'one'}});
    void ask(1, {headers: {authorization: 'other'}});
    await settled();
    expect(waiting.length).toBe(2);
  });

  test('one validates behind a stale answer', async () => {
    const {clock, caches, waiting, ask, answer} = make();
    const first = ask(0);
    await settled();
    await answer({body: 'one', fields: {'cache-control': 'max-age=1, stale-while-revalidate=60', etag: '"1"'}});
    await first;
    await clock.advance(2);
    const stale = await Promise.all([ask(0), ask(1)]);
    expect(stale.map(text => text.split(' ')[0])).toEqual(['one', 'one']);
    await settled();
    expect(waiting.length).toBe(1);
    await answer({body: 'two', fields: {'cache-control': 'max-age=60'}});
    await Promise.all(caches.map(cache => cache.idle()));
    expect((await ask(1)).split(' ')[0]).toBe('two');
  });
});

test('the time that a slow store takes is part of the second', async () => {
  const {clock, store, waiting, ask, answer} = make();
  const slow = (): Promise<undefined> =>
    new Promise(resolve => void clock.timers.setTimeout(() => resolve(undefined), 400));
  Object.assign(store, {lease: slow});
  const only = ask(0);
  await clock.advance(1);
  expect(waiting.length).toBe(0);
  await clock.advance(0.3);
  expect(waiting.length).toBe(1);
  await answer({body: 'one'});
  expect(await only).toBe('one (limpid; fwd=uri-miss; stored)');
});

test('the time that a turn takes does not age what a validation behind a stale answer brings', async () => {
  const {clock, store, caches, ask, answer} = make();
  const first = ask(0);
  await settled();
  await answer({body: 'one', fields: {'cache-control': 'max-age=1, stale-while-revalidate=60'}});
  await first;
  await clock.advance(2);
  const slow = (): Promise<Lease> =>
    new Promise(resolve => void clock.timers.setTimeout(() => resolve({release: () => undefined}), 900));
  Object.assign(store, {lease: slow});
  await ask(0);
  await clock.advance(0.9);
  await answer({body: 'two'});
  await caches[0]?.idle();
  expect(await ask(0)).toBe('two (limpid; hit; ttl=60)');
});

test('a holder that dies keeps nobody from asking', async () => {
  const {clock, store, waiting, ask, answer} = make();
  store.lease = () => undefined;
  const only = ask(0);
  await settled();
  await clock.advance(1.2);
  expect(waiting.length).toBe(1);
  await answer({body: 'one'});
  expect(await only).toBe('one (limpid; fwd=uri-miss; stored)');
});

test('a store that fails to give turns is an event, and nobody waits', async () => {
  const {caches, store, waiting, ask, answer} = make();
  const during: string[] = [];
  caches[0]?.on('error', event => during.push(String(event.error)));
  store.lease = () => {
    throw new Error('down');
  };
  const only = ask(0);
  await settled();
  expect(waiting.length).toBe(1);
  await answer({body: 'one'});
  expect(await only).toBe('one (limpid; fwd=uri-miss; stored)');
  expect(during).toHaveLength(1);
});
