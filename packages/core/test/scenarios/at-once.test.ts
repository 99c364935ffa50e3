// What adapters that render hits themselves ask: an answer at once, or nothing, and then nothing has happened.

import {describe, expect, test} from 'vitest';
import {HttpCache} from '../../src/engine/http-cache.ts';
import {fetchCall} from '../../src/fetch-api/fetch-request.ts';
import type {RequestHead} from '../../src/model/messages.ts';
import {MemoryStore} from '../../src/stores/memory.ts';
import {SlowStore} from '../slow-store.ts';
import {Clock} from './clock.ts';

const url = 'https://example.com/a';

function headOf(init: RequestInit = {}): RequestHead {
  const call = fetchCall(url, init);
  if (call === undefined) throw new Error('no call');
  return call.head;
}

async function filled(fields: Readonly<Record<string, string>>, status = 200) {
  const clock = new Clock();
  const cache = new HttpCache({now: () => clock.now});
  await cache.put(url, new Response('hello', {status, headers: {date: new Date(clock.now).toUTCString(), ...fields}}));
  return {cache, clock};
}

const fresh = {'cache-control': 'max-age=60'};

test('a fresh hit is answered as by handle, and counted once', async () => {
  const {cache} = await filled(fresh);
  const heard: string[] = [];
  using _ = cache.on('hit', ({url: hit}) => void heard.push(hit));
  const answer = cache.reuse(headOf());
  expect(new TextDecoder().decode(answer?.body as Uint8Array)).toBe('hello');
  expect(answer?.head.fields.get('cache-status')).toBe('limpid; hit; ttl=60');
  expect(answer?.head.fields.get('age')).toBe('0');
  expect([heard, (await cache.stats()).hits]).toEqual([[url], 1]);
});

describe('nothing is answered, counted or told', () => {
  const redirects = {max: 1, tooMany: () => new Error(), invalid: () => new Error()};

  test.each<[name: string, fields: Readonly<Record<string, string>>, init: RequestInit, seconds: number]>([
    ['for what is not stored', {...fresh, vary: 'x-a'}, {headers: {'x-a': '1'}}, 0],
    ['for what is stale', fresh, {}, 61],
    ['for what may be stale while it is validated', {'cache-control': 'max-age=1, stale-while-revalidate=60'}, {}, 2],
    ['for what must be validated', {'cache-control': 'no-cache', etag: '"a"'}, {}, 0],
    ['for a request that asks for validation', fresh, {headers: {'cache-control': 'no-cache'}}, 0],
    ['for an unsafe request', fresh, {method: 'POST'}, 0],
  ])('%s', async (_, fields, init, seconds) => {
    const {cache, clock} = await filled(fields);
    await clock.advance(seconds);
    const before = await cache.stats();
    expect(cache.reuse(headOf(init))).toBeUndefined();
    expect(await cache.stats()).toEqual(before);
  });

  test('for a redirect that is to be followed', async () => {
    const {cache} = await filled({...fresh, location: '/b'}, 301);
    expect(cache.reuse(headOf(), {redirects})).toBeUndefined();
    expect(cache.reuse(headOf())).toBeUndefined();
    expect(cache.reuse({...headOf(), redirect: 'manual'})?.head.status).toBe(301);
  });

  test('while the cache is paused or closed', async () => {
    const {cache} = await filled(fresh);
    const resume = cache.pause();
    expect(cache.reuse(headOf())).toBeUndefined();
    resume();
    expect(cache.reuse(headOf())).toBeDefined();
    await cache.close();
    expect(cache.reuse(headOf())).toBeUndefined();
  });

  test('over a store that answers later, which is asked once and not again', async () => {
    let listed = 0;
    const memory = new MemoryStore();
    const store = new SlowStore(memory);
    const list = store.list.bind(store);
    store.list = resource => {
      listed += 1;
      return list(resource);
    };
    const cache = new HttpCache({store});
    expect(cache.reuse(headOf())).toBeUndefined();
    expect(cache.reuse(headOf())).toBeUndefined();
    expect(listed).toBeLessThanOrEqual(1);
  });
});

test('the answer after a clear is none', async () => {
  const {cache} = await filled(fresh);
  await cache.clear(url);
  expect(cache.reuse(headOf())).toBeUndefined();
});

test('misuse throws as by handle', async () => {
  const {cache} = await filled(fresh);
  expect(() => cache.reuse(headOf(), {options: {tll: 1} as never})).toThrow(TypeError);
  const {signal} = {signal: AbortSignal.abort(new Error('left'))};
  expect(() => cache.reuse(headOf(), {signal})).toThrow('left');
});
