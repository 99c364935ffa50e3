import {resolve} from 'node:path';
import {expect, test} from 'vitest';
import {settingsOf} from './options.ts';

const file = 'cache.db';
const names = 'file, maxBytes, compress, now';
const path = 'allowed: the path of a file, like "./cache.db"';

test.each<[unknown, string]>([
  [undefined, `SqliteStore options is undefined; allowed: an object with ${names}`],
  [[], `SqliteStore options is []; allowed: an object with ${names}`],
  [{}, `SqliteStore file is undefined; ${path}`],
  [{file: ''}, `SqliteStore file is ""; ${path}`],
  [{file: ':memory:'}, `SqliteStore file is ":memory:"; ${path}`],
  [{file: 'file:cache.db'}, `SqliteStore file is "file:cache.db"; ${path}`],
  [{file, maxByte: 1}, 'SqliteStore maxByte is not an option; did you mean "maxBytes"?'],
  [{file, ttl: 1}, `SqliteStore ttl is not an option; known: ${names}`],
  [{file, maxBytes: 0}, 'SqliteStore maxBytes is 0; allowed: a whole number above 0'],
  [{file, maxBytes: '1 MB'}, 'SqliteStore maxBytes is "1 MB"; allowed: a whole number above 0'],
  [{file, compress: true}, 'SqliteStore compress is true; allowed: "zstd", "brotli" or false'],
  [{file, compress: 'zstd'}, 'SqliteStore compress is "zstd"; allowed: what this platform has: "brotli" or false'],
  [{file, now: 5}, 'SqliteStore now is 5; allowed: a function that returns milliseconds since the epoch'],
  [{file, now: () => 1e300}, 'SqliteStore now() is 1e+300; allowed: milliseconds since the epoch'],
  [{file, now: () => 'noon'}, 'SqliteStore now() is "noon"; allowed: milliseconds since the epoch'],
])('%j is refused where there is no zstd', (options, message) => {
  expect(() => settingsOf(options as never, name => name !== 'zstd')).toThrow(new TypeError(`limpid: ${message}`));
});

test('a clock is refused when it goes wrong later, too', () => {
  const times = [5, Number.NaN];
  const {now} = settingsOf({file, now: () => times.shift() ?? 0}, () => true);
  expect(now).toThrow(new TypeError('limpid: SqliteStore now() is NaN; allowed: milliseconds since the epoch'));
  expect(now()).toBe(0);
});

test('all but the file has defaults', () => {
  expect(settingsOf({file}, () => true)).toMatchObject({file: resolve(file), maxBytes: 268_435_456, compress: false});
});
