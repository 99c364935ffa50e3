import {describe, expect, test} from 'vitest';
import {compileRequestOptions} from './request-options.ts';

describe('compileRequestOptions', () => {
  test('false and undefined are answers of their own', () => {
    expect(compileRequestOptions(false)).toBe(false);
    expect(compileRequestOptions(undefined)).toBeUndefined();
  });

  test('the same object is read once', () => {
    const options = {ttl: '1m'};
    expect(compileRequestOptions(options)).toBe(compileRequestOptions(options));
  });

  test('a wrong object is wrong every time', () => {
    const options = {ttl: 'soon'};
    for (const _ of [1, 2]) expect(() => compileRequestOptions(options)).toThrow('limpid.ttl is "soon"');
  });

  test.each([
    {tag: 'users'},
    'https://api.example/users',
    '/users',
    '../users',
    ['/users', {tag: 'users'}],
    [],
    {all: true},
    () => [],
  ])('clears %j', clears => {
    expect(compileRequestOptions({clears})).toMatchObject({clears});
  });

  test.each<[unknown, string]>([
    [true, 'limpid is true; allowed: an object of options, or false'],
    [null, 'limpid is null; allowed: an object of options, or false'],
    ['no-store', 'limpid is "no-store"; allowed: an object of options, or false'],
    [{tll: 1}, 'limpid.tll is not an option; did you mean "ttl"?'],
    [{vary: ['a']}, "limpid.vary is not an option; it belongs in a rule, or in an adapter's defaults"],
    [{ttk: 1, unheard: 1}, 'limpid.ttk is not an option; did you mean "ttl"?'],
    [
      {unheard: 1},
      'limpid.unheard is not an option; known: ttl, defaultTtl, staleWhileRevalidate, staleIfError, tags, partition, cache, storeIf, key, clears, waitUntil',
    ],
    [{ttl: '5 min'}, 'limpid.ttl is "5 min"; allowed: milliseconds or text like "90s", "5m", "7d"'],
    [{key: ''}, 'limpid.key is ""; allowed: text that is not empty'],
    [
      {cache: 'none'},
      'limpid.cache is "none"; allowed: "default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"',
    ],
    [{waitUntil: true}, 'limpid.waitUntil is true; allowed: a function that takes a promise'],
    [
      {clears: {}},
      'limpid.clears is {}; allowed: a URL, a Request, a pattern, {all: true}, conditions like {tag: "users"}, or an array of them',
    ],
    [{clears: {tags: 'users'}}, 'limpid.clears.tags is not an option; did you mean "tag"?'],
    [{clears: [{tag: undefined}]}, 'limpid.clears[0].tag is undefined; allowed: a value; leave the key out for any'],
  ])('refuses %j', (value, message) => {
    expect(() => compileRequestOptions(value)).toThrow(new TypeError(`limpid: ${message}`));
  });
});
