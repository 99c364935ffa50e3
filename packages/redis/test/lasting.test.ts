// What is kept, and for how long: Redis itself ends it.

import {type Server, startServer} from '@limpid/redis-servers';
import type {StoredResponse} from 'limpid/store';
import {storedResponse} from 'limpid/store-contract';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {RedisStore, type RedisStoreOptions} from '../src/index.ts';
import {keep} from './stored.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const hour = 60 * 60;
const etag = {weak: false, opaque: 'a'};
const long = 'x'.repeat(20_000);
let made = 0;

type Place = {
  readonly store: RedisStore;
  /** How long each key but the marks will last, in seconds. */
  readonly lasting: () => Promise<readonly number[]>;
};

function place(options: Partial<RedisStoreOptions> = {}): Place {
  const prefix = `p${++made}`;
  const store = new RedisStore({url: server.url, prefix, timeout: 2_000, ...options});
  onTestFinished(() => store.close());
  const lasting = async (): Promise<readonly number[]> => {
    const keys = (await server.tell('KEYS', `${prefix}:*`)).split('\n').filter(key => key !== `${prefix}:{${prefix}}`);
    return Promise.all(keys.map(async key => Math.round(Number(await server.tell('PTTL', key)) / 1000)));
  };
  return {store, lasting};
}

const facts = (changes: Partial<StoredResponse['facts']>): Partial<StoredResponse> => ({
  facts: {...storedResponse().facts, etag: undefined, lastModified: undefined, ...changes},
});

/** Commands take a moment. */
const about = (seconds: number): object => expect.toSatisfy((it: number) => it > seconds - 5 && it <= seconds);

describe('heads and long bodies last', () => {
  test.each<[string, Partial<StoredResponse['facts']>, Partial<RedisStoreOptions>, number]>([
    ['as long as they are fresh', {lifetime: hour}, {}, hour],
    ['less what they are old', {lifetime: hour, initialAge: 600}, {}, hour - 600],
    ['and as they may be served while revalidated', {lifetime: hour, staleWhileRevalidate: 600}, {}, hour + 600],
    [
      'and as they may be served for an error',
      {lifetime: hour, staleIfError: 900, staleWhileRevalidate: 600},
      {},
      hour + 900,
    ],
    ['a day longer where they can be validated', {lifetime: hour, etag}, {}, 25 * hour],
    [
      'so, too, by the date they were changed',
      {lifetime: hour, lastModified: 'Sun, 29 Nov 2026 00:00:00 GMT'},
      {},
      25 * hour,
    ],
    ['or as long as it is said', {lifetime: hour, etag}, {keepStale: 600_000}, hour + 600],
    ['a minute at least', {lifetime: 0}, {}, 60],
    ['thirty days at most', {lifetime: 365 * 24 * hour}, {}, 30 * 24 * hour],
  ])('%s', async (_, changes, options, seconds) => {
    const {store, lasting} = place(options);
    await keep(store, facts({initialAge: 0, staleWhileRevalidate: 0, staleIfError: 0, ...changes}), long);
    expect(await lasting()).toEqual([about(seconds), about(seconds)]);
  });

  test('longer when a 304 makes them fresh again', async () => {
    const {store, lasting} = place();
    const stored = await keep(store, facts({lifetime: 600}), long);
    expect(await lasting()).toEqual([about(600), about(600)]);
    const fresh = {...stored, ...facts({lifetime: hour}), requestTime: stored.requestTime + 1};
    expect(await store.update(fresh)).toBe('stored');
    expect(await lasting()).toEqual([about(hour), about(hour)]);
  });
});

test.each([
  [{}, 1024 * 1024],
  [{maxBodyBytes: 100}, 100],
])('bodies of up to as many bytes are kept: %o', async (options, limit) => {
  const {store} = place(options);
  for (const [length, outcome] of [
    [limit, 'stored'],
    [limit + 1, 'full'],
  ] as const) {
    const sink = store.put(storedResponse({key: String(length), began: await store.tick()}));
    await sink.write(new Uint8Array(length - 1));
    await sink.write(new Uint8Array(1));
    expect(await sink.commit()).toBe(outcome);
  }
  expect((await store.size()).count).toBe(1);
});
