import {describe, expect, test} from 'vitest';
import {cacheStatus} from './cache-status.ts';

const value = 'Edge; fwd=stale, limpid; hit; ttl=7';

describe('cacheStatus', () => {
  test.each([
    ['a Response', new Response('', {headers: {'cache-status': value}})],
    ['Headers', {headers: new Headers({'cache-status': value})}],
    ['anything with get', {headers: {get: (name: string) => (name.toLowerCase() === 'cache-status' ? value : null)}}],
    ['a record', {headers: {'Cache-Status': value}}],
    ['a record of lists', {headers: {'cache-status': value.split(', ')}}],
    ['a record without prototype', {headers: Object.assign(Object.create(null) as object, {'cache-status': value})}],
    ['a Map', {headers: new Map([['Cache-Status', value]])}],
  ])('reads %s', (_, response) => {
    expect(cacheStatus(response)).toMatchObject({hit: true, ttl: 7});
  });

  test.each([
    ['a Response', new Response()],
    ['a record', {headers: {}}],
    ['a Map', {headers: new Map([[1, value]])}],
    ['what another cache wrote', {headers: {'cache-status': 'Edge; hit'}}],
  ])('is undefined for %s without a word of ours', (_, response) => {
    expect(cacheStatus(response)).toBeUndefined();
  });

  test.each([
    [undefined, 'response is undefined'],
    [null, 'response is null'],
    ['limpid; hit', 'response is "limpid; hit"'],
    [{}, 'response.headers is undefined'],
    [{headers: undefined}, 'response.headers is undefined'],
    [{headers: null}, 'response.headers is null'],
    [{headers: 5}, 'response.headers is 5'],
    [{headers: [['cache-status', value]]}, 'response.headers is an array'],
    [{headers: new Set([value])}, 'response.headers is a Set'],
  ])('refuses %o', (response, message) => {
    const read = (): unknown => cacheStatus(response as never);
    expect(read).toThrow(TypeError);
    expect(read).toThrow(`limpid: cacheStatus ${message}; allowed: `);
  });
});
