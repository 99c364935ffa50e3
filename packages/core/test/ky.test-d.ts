import ky from 'ky';
import {HttpCache} from 'limpid';
import {cacheHooks, clearHook, readHook, writeHook} from 'limpid/ky';
import {test} from 'vitest';

const cache = new HttpCache();

test('the hooks fit ky', () => {
  ky.extend({hooks: cacheHooks(cache)});
  ky.create({hooks: cacheHooks(cache, {ttl: '5m'})});
  ky.extend({
    hooks: {
      beforeRequest: [readHook(cache, {ttl: '5m'})],
      afterResponse: [writeHook(cache), clearHook(cache, {tag: 'users'}), clearHook(cache, ({request}) => request.url)],
    },
  });
});

test('limpid is an option of every call', () => {
  void ky('https://example.com/', {limpid: {ttl: '5m', clears: response => response.url}});
  void ky.post('https://example.com/', {json: {}, limpid: false});
  ky.extend({hooks: {beforeRequest: [({options}) => void options.limpid]}});
  // @ts-expect-error no such option
  void ky('https://example.com/', {limpid: {lifetime: 1}});
  // @ts-expect-error a duration has a unit
  void ky('https://example.com/', {limpid: {ttl: '5 min'}});
});
