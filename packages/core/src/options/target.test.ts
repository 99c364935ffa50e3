import {describe, expect, test} from 'vitest';
import {urlTests} from '../model/condition-tests.ts';
import {hostTest} from '../model/host.ts';
import {readHost, readOrigin, readPattern, readPrefix, readTarget, readUrl} from './target.ts';

const absolute = 'an absolute URL like "https://api.example/users", without wildcards (they need pattern)';

describe('readUrl', () => {
  test.each<[string | URL, string]>([
    ['https://API.example', 'https://api.example/'],
    ['https://api.example:443/a/../b#part', 'https://api.example/b'],
    ['http://api.example/ü?q=ü', 'http://api.example/%C3%BC?q=%C3%BC'],
    ['https://api.example/users/*', 'https://api.example/users/*'],
    ['https://ann:secret@api.example/users', 'https://api.example/users'],
    [new URL('https://ann@api.example'), 'https://api.example/'],
    [new URL('https://api.example/#x'), 'https://api.example/'],
  ])('%s is %s', (given, url) => {
    expect(readUrl()(given, 'url')).toBe(url);
  });

  test('does not touch the URL object it is given', () => {
    const given = new URL('https://api.example/#x');
    readUrl()(given, 'url');
    expect(given.hash).toBe('#x');
  });

  test('resolves against a base', () => {
    expect(readUrl('https://api.example/a/b?c')('d', 'url')).toBe('https://api.example/a/d');
  });

  test.each<[unknown, string]>([
    ['users', '"users"'],
    ['/users', '"/users"'],
    ['', '""'],
    ['localhost:3000/users', '"localhost:3000/users"'],
    ['data:text/plain,x', '"data:text/plain,x"'],
    ['https://*.api.example/', '"https://*.api.example/"'],
    [{href: 'https://api.example/'}, 'an object'],
    [5, '5'],
  ])('refuses %s', (given, shown) => {
    expect(() => readUrl()(given, 'url')).toThrow(new TypeError(`limpid: url is ${shown}; allowed: ${absolute}`));
  });
});

describe('readPrefix', () => {
  test.each<[string | URL, string]>([
    ['https://api.example/users', 'https://api.example/users'],
    ['https://api.example/users/', 'https://api.example/users/'],
    ['HTTPS://API.example/.', 'https://api.example/.'],
    ['https://api.example/a/..', 'https://api.example/a/..'],
    ['https://api.example/a?', 'https://api.example/a?'],
    ['https://api.example', 'https://api.example'],
    ['https://api.example:8080', 'https://api.example:8080'],
    ['https://api.example:443', 'https://api.example/'],
    ['http://api.example:80', 'http://api.example/'],
    ['https://api.example:443/users', 'https://api.example/users'],
    ['https://ann:secret@api.example/users', 'https://api.example/users'],
    ['https://ann@api.example', 'https://api.example'],
    ['https:api.example', 'https://api.example'],
    ['https://api.example?q', 'https://api.example/?q'],
    [new URL('https://api.example'), 'https://api.example/'],
  ])('%s stays textual: %s', (given, prefix) => {
    expect(readPrefix()(given, 'prefix')).toBe(prefix);
  });

  test.each([
    ['users', 'https://api.example/v1/users'],
    ['/', 'https://api.example/'],
    ['//other.example', 'https://other.example'],
  ])('%s is resolved against a base: %s', (given, prefix) => {
    expect(readPrefix('https://api.example/v1/x')(given, 'prefix')).toBe(prefix);
  });

  test.each(['/users', 'https://api.example/#/users', '', 'http', 'https://*.example'])('refuses %s', given => {
    expect(() => readPrefix()(given, 'prefix')).toThrow(
      `limpid: prefix is "${given}"; allowed: how absolute URLs begin, like "https://api.example/users", without fragment`,
    );
  });
});

describe('readOrigin', () => {
  test.each<[string | URL, string]>([
    ['https://API.example', 'https://api.example'],
    ['https://api.example:443/', 'https://api.example'],
    [new URL('http://localhost:8080'), 'http://localhost:8080'],
  ])('%s is %s', (given, origin) => {
    expect(readOrigin(given, 'origin')).toBe(origin);
  });

  test.each([
    ['https://api.example/users', 'https://api.example/users'],
    ['https://api.example/?q', 'https://api.example/?…'],
    ['https://me@api.example', 'https://…@api.example'],
    ['api.example', 'api.example'],
    ['null', 'null'],
  ])('refuses %s, which says more or less than an origin', (given, shownAs) => {
    expect(() => readOrigin(given, 'origin')).toThrow(
      `limpid: origin is "${shownAs}"; allowed: an origin like "https://api.example", without path`,
    );
  });

  test('an origin does not match a longer host', () => {
    const matches = urlTests({origin: 'https://api.example'})[0] ?? (() => undefined);
    expect(['https://api.example/', 'https://api.example/a?b'].every(matches)).toBe(true);
    expect(['https://api.example.evil/', 'https://api.example:8443/', 'http://api.example/'].some(matches)).toBe(false);
  });
});

describe('readHost', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'API.example',
      ['https://api.example/', 'http://api.example:8080/x'],
      ['https://www.api.example/', 'https://api.examples/'],
    ],
    ['api.example:443', ['https://api.example/'], ['http://api.example/', 'https://api.example:8443/']],
    ['api.example:80', ['http://api.example/', 'https://api.example:80/'], ['https://api.example/']],
    ['[::1]', ['http://[::1]/', 'http://[::1]:3000/'], ['http://[::2]/']],
    ['[::1]:3000', ['http://[::1]:3000/'], ['http://[::1]/']],
    ['bücher.example', ['https://xn--bcher-kva.example/'], []],
  ])('%s matches hosts exactly, and its port when it has one', (given, matching, others) => {
    const matches = hostTest(readHost(given, 'host'));
    expect(matching.filter(matches)).toEqual(matching);
    expect(others.filter(matches)).toEqual([]);
  });

  test.each([
    '*.example',
    '.example',
    'https://api.example',
    'api.example/users',
    'me@api.example',
    '',
    'a b',
    'a:99999',
    '::1',
  ])('refuses %s', given => {
    expect(() => readHost(given, 'host')).toThrow(
      `limpid: host is "${given}"; allowed: a host like "api.example" or "localhost:8080", without wildcards (they need pattern)`,
    );
  });
});

describe('readPattern', () => {
  test('a global or sticky expression starts afresh each time', () => {
    for (const expression of [/users/g, /https:/y]) {
      const matches = readPattern(expression, 'pattern');
      expect([1, 2, 3].map(() => matches('https://api.example/users'))).toEqual([true, true, true]);
    }
  });

  test('a frozen expression is left as it is', () => {
    expect(readPattern(Object.freeze(/users/), 'pattern')('https://api.example/users')).toBe(true);
  });

  test('a pattern answers as the object it is', () => {
    const pattern = {end: '.json', test: (url: string): boolean => url.endsWith(pattern.end)};
    expect(readPattern(pattern, 'pattern')('https://api.example/a.json')).toBe(true);
  });

  test('a test that is not synchronous is an error, not a yes', () => {
    const pattern = {test: async () => false};
    expect(() => readPattern(pattern, 'for')('https://api.example/')).toThrow(
      new TypeError('limpid: the result of for.test is a Promise; allowed: true or false, not a promise'),
    );
  });

  test.each<[unknown, string]>([
    ['users', '"users"'],
    [{}, '{}'],
    [{test: true}, 'an object'],
    [null, 'null'],
  ])('refuses %j', (given, shown) => {
    expect(() => readPattern(given, 'pattern')).toThrow(
      `limpid: pattern is ${shown}; allowed: a pattern with test(url): a RegExp, a URLPattern`,
    );
  });
});

describe('readTarget', () => {
  test('a string is literal', () => {
    const matches = readTarget('https://api.example/users#top', 'for');
    expect(matches('https://api.example/users')).toBe(true);
    expect(matches('https://api.example/users/1')).toBe(false);
    expect(readTarget('https://api.example/*', 'for')('https://api.example/users')).toBe(false);
  });

  test('a URL is literal, a pattern is asked', () => {
    expect(readTarget(new URL('https://api.example'), 'for')('https://api.example/')).toBe(true);
    expect(readTarget(/users$/, 'for')('https://api.example/users')).toBe(true);
  });
});
