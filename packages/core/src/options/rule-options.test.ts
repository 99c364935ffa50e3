import {describe, expect, test} from 'vitest';
import {Fields} from '../fields/fields.ts';
import type {RequestHead} from '../model/messages.ts';
import {compileDefaults, namedPartition} from './rule-options.ts';

const head: RequestHead = {
  method: 'GET',
  url: 'https://api.example/me',
  fields: Fields.from({'X-User': 'ann'}),
  mode: 'default',
  redirect: 'follow',
  client: 'fetch',
  variant: '',
};

const storeIf = (): boolean => true;

describe('compileDefaults', () => {
  test('keeps only what was set', () => {
    expect(compileDefaults({ttl: '1m', vary: undefined})).toEqual({ttl: 60});
  });

  test('reads every option of a rule', () => {
    const read = compileDefaults({
      ttl: 1000,
      defaultTtl: '2s',
      staleWhileRevalidate: '5s',
      staleIfError: '1h',
      tags: ['a', 'b', 'a'],
      ignoreSearch: ['utm_source'],
      vary: ['Accept'],
      methods: ['post', 'REPORT'],
      statuses: [302, 503],
      partition: 'ann',
      cache: 'no-store',
      storeIf,
      ignores: ['no-store'],
    });
    expect(read).toEqual({
      ttl: 1,
      defaultTtl: 2,
      staleWhileRevalidate: 5,
      staleIfError: 3600,
      tags: ['a', 'b'],
      vary: ['accept'],
      methods: ['POST', 'REPORT'],
      statuses: [302, 503],
      ignores: ['no-store'],
      ignoreSearch: ['utm_source'],
      partition: 'ann',
      cache: 'no-store',
      storeIf,
    });
  });

  test('the same object is read once', () => {
    const defaults = {ttl: 1};
    expect(compileDefaults(defaults)).toBe(compileDefaults(defaults));
  });

  test.each<[unknown, string]>([
    [
      {for: /x/},
      'defaults.for is not an option; known: ttl, defaultTtl, staleWhileRevalidate, staleIfError, tags, partition, cache, storeIf, ignoreSearch, vary, methods, statuses, ignores',
    ],
    [{ttl: -1}, 'defaults.ttl is -1; allowed: milliseconds or text like "90s", "5m", "7d"'],
    [{defaultTtl: '5 min'}, 'defaults.defaultTtl is "5 min"; allowed: milliseconds or text like "90s", "5m", "7d"'],
    [{statuses: 302}, 'defaults.statuses is 302; allowed: an array of statuses'],
    [{statuses: [200, '302']}, 'defaults.statuses[1] is "302"; allowed: a whole number from 100 to 999'],
    [
      {cache: 'none'},
      'defaults.cache is "none"; allowed: "default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"',
    ],
    [{tags: 'users'}, 'defaults.tags is "users"; allowed: an array of tags'],
    [{tags: ['ok', '']}, 'defaults.tags[1] is ""; allowed: text of 1 to 256 characters'],
    [{ignoreSearch: 'utm'}, 'defaults.ignoreSearch is "utm"; allowed: true, false, or an array of parameter names'],
    [{ignoreSearch: [1]}, 'defaults.ignoreSearch[0] is 1; allowed: text that is not empty'],
    [
      {partition: ''},
      'defaults.partition is ""; allowed: a name (not "*"), or a function of the request that gives one',
    ],
    [
      {partition: '*'},
      'defaults.partition is "*"; allowed: a name (not "*"), or a function of the request that gives one',
    ],
    [{storeIf: true}, 'defaults.storeIf is true; allowed: a function of the response that returns true or false'],
    [
      {ignores: ['nostore']},
      'defaults.ignores[0] is "nostore"; allowed: "no-store", "private", "no-cache", "must-revalidate"',
    ],
    [
      {ignores: 'no-store'},
      'defaults.ignores is "no-store"; allowed: an array of "no-store", "private", "no-cache", "must-revalidate"',
    ],
    [{methods: ['G T']}, 'defaults.methods[0] is "G T"; allowed: a method like "GET"'],
    [null, 'defaults is null; allowed: an object of options'],
  ])('refuses %j', (value, message) => {
    expect(() => compileDefaults(value)).toThrow(new TypeError(`limpid: ${message}`));
  });
});

describe('namedPartition', () => {
  test('a function sees the request and names it', () => {
    expect(namedPartition(request => request.headers.get('x-USER') ?? undefined, head)).toBe('ann');
    expect(namedPartition(({method, url}) => `${method} ${url}`, head)).toBe('GET https://api.example/me');
  });

  test('a text is a name', () => {
    expect(namedPartition('ann', head)).toBe('ann');
  });

  test('without a name credentials decide', () => {
    expect(namedPartition(undefined, head)).toBeUndefined();
    expect(namedPartition(() => undefined, head)).toBeUndefined();
    expect(namedPartition(() => '', head)).toBeUndefined();
  });

  test('a user called * does not get to share with everybody', () => {
    expect(() => namedPartition(() => '*', head)).toThrow(
      new TypeError('limpid: the result of partition is "*"; allowed: a name (not "*"), or undefined'),
    );
  });

  test('a promise is no name', () => {
    const partition = (async () => 'ann') as unknown as () => string;
    expect(() => namedPartition(partition, head)).toThrow('limpid: the result of partition is a Promise');
  });
});
