import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {expectTypeOf, test} from 'vitest';

const get = cachedFetch(new HttpCache());

test('it can stand in for fetch', () => {
  expectTypeOf(get).toExtend<typeof fetch>();
  expectTypeOf(get('https://example.com/')).resolves.toEqualTypeOf<Response>();
});

test('it takes limpid, a cache mode, and nothing unknown', () => {
  void get('https://example.com/', {cache: 'reload', limpid: {ttl: '5m', tags: ['a']}});
  void get(new URL('https://example.com/'), {limpid: false});
  // @ts-expect-error no such option
  void get('https://example.com/', {limpid: {lifetime: 1}});
  // @ts-expect-error a duration has a unit
  void get('https://example.com/', {limpid: {ttl: '5 min'}});
});

test('the global fetch does not take limpid', () => {
  // @ts-expect-error it would be ignored
  void fetch('https://example.com/', {limpid: {ttl: '5m'}});
});

test('its options are defaults and fetch', () => {
  expectTypeOf(cachedFetch).parameter(1).toExtend<{fetch?: unknown; ttl?: unknown} | undefined>();
  // @ts-expect-error no such option
  cachedFetch(new HttpCache(), {lifetime: 1});
});
