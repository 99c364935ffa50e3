import {createClient, createClientPool, createCluster, createSentinel} from 'redis';
import {
  createClient as createClient5,
  createCluster as createCluster5,
  createSentinel as createSentinel5,
} from 'redis-5';
import {expect, test} from 'vitest';
import {settingsOf} from './options.ts';
import {RedisStore} from './redis-store.ts';

const url = 'redis://127.0.0.1';
const names = 'client, url, prefix, timeout, clearTimeout, maxBodyBytes, keepStale, now';

test.each<[unknown, string]>([
  [undefined, `RedisStore options is undefined; allowed: an object with ${names}`],
  [[], `RedisStore options is []; allowed: an object with ${names}`],
  [{}, 'RedisStore takes a client or a url; allowed: one of them'],
  [{url, client: {sendCommand: () => undefined}}, 'RedisStore takes a client or a url; allowed: one of them'],
  [{client: 'redis'}, 'RedisStore client is "redis"; allowed: what createClient or createCluster gives'],
  [{client: {}}, 'RedisStore client is {}; allowed: what createClient or createCluster gives'],
  // A password may stand in it.
  [{url: 'http://user:secret@a.example'}, 'RedisStore url is no address; allowed: "redis://…" or "rediss://…"'],
  [{url, prefx: 'a'}, 'RedisStore prefx is not an option; did you mean "prefix"?'],
  [{url, ttl: 1}, `RedisStore ttl is not an option; known: ${names}`],
  [{url, prefix: 'a b'}, 'RedisStore prefix is "a b"; allowed: letters, digits, "-", "_", "." and ":"'],
  [{url, prefix: ''}, 'RedisStore prefix is ""; allowed: letters, digits, "-", "_", "." and ":"'],
  [{url, timeout: 0}, 'RedisStore timeout is 0; allowed: a whole number from 1 to 2147483647'],
  [{url, timeout: 2 ** 31}, 'RedisStore timeout is 2147483648; allowed: a whole number from 1 to 2147483647'],
  [{url, clearTimeout: '1s'}, 'RedisStore clearTimeout is "1s"; allowed: a whole number from 1 to 2147483647'],
  [{url, clearTimeout: 1e12}, 'RedisStore clearTimeout is 1000000000000; allowed: a whole number from 1 to 2147483647'],
  [{url, maxBodyBytes: 1.5}, 'RedisStore maxBodyBytes is 1.5; allowed: a whole number above 0'],
  [{url, keepStale: Number.NaN}, 'RedisStore keepStale is NaN; allowed: a whole number above 0'],
  [{url, now: 5}, 'RedisStore now is 5; allowed: a function that returns milliseconds since the epoch'],
])('%j is refused', (options, message) => {
  expect(() => settingsOf(options as never)).toThrow(new TypeError(`limpid: ${message}`));
});

test.each([
  'redis://user:secret@a.example:99999',
  'redis://user:secret@',
  'redis://user:%secret@a.example',
  'redis://user:secret@a.example/cache',
])('%s, which names no server, is refused without its secrets', given => {
  const refused = new TypeError('limpid: RedisStore url is no address; allowed: "redis://…" or "rediss://…"');
  expect(() => new RedisStore({url: given})).toThrow(refused);
});

test.each([
  ['a pool', createClientPool({url})],
  ['a sentinel', createSentinel({name: 'mymaster', sentinelRootNodes: [{host: '127.0.0.1', port: 1}]})],
  ['a sentinel of version 5', createSentinel5({name: 'mymaster', sentinelRootNodes: [{host: '127.0.0.1', port: 1}]})],
])('%s is refused', (_, client) => {
  const message = 'limpid: RedisStore client is a class instance; allowed: what createClient or createCluster gives';
  expect(() => settingsOf({client} as never)).toThrow(new TypeError(message));
});

test.each([
  createClient({url}),
  createCluster({rootNodes: [{url}]}),
  createClient5({url}),
  createCluster5({rootNodes: [{url}]}),
])('%# what createClient and createCluster give is taken', client => {
  expect(settingsOf({client}).client).toBe(client);
});

test('all but the place has defaults', () => {
  expect(settingsOf({url})).toMatchObject({
    prefix: 'limpid',
    timeout: 250,
    clearTimeout: 10_000,
    maxBodyBytes: 1_048_576,
    keepStale: 86_400_000,
  });
});
