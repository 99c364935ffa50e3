import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {isNormalUrl} from './normal-url.ts';

describe('a URL that needs no parsing', () => {
  test.each([
    'http://a/',
    'https://api.example.com/users/7',
    'https://api.example.com:8443/users?q=a+b&ids[]=1&c=%20',
    'http://127.0.0.1:40001/fresh/1024/a',
    'http://localhost:3000/a//b/',
    "https://a-b.example/it's(a;b)",
  ])('%s', url => {
    expect(isNormalUrl(url)).toBe(true);
    expect(new URL(url).href).toBe(url);
  });
});

describe('a URL that does', () => {
  test.each([
    'http://a',
    'HTTP://a/',
    'http://A/',
    'http://a:80/',
    'https://a:443/',
    'http://a:08080/',
    'http://a:70000/',
    'http://127.1/',
    'http://127.0.0.01/',
    'http://256.0.0.1/',
    'http://0x7f.1/',
    'http://a.0x7f/',
    'http://user@a/',
    'http://a/b/../c',
    'http://a/./c',
    'http://a/%2e%2E/c',
    'http://a/%2E/c',
    'http://a/b c',
    'http://a/b\tc',
    'http://a/b\n',
    'http://a/\\c',
    'http://a/ü',
    'http://a/{b}',
    "http://a/?q='",
    'http://a/#part',
    'http://xn--a/',
    'http://[::1]/',
    'http://a_b/',
    'http://-a/',
    'ftp://a/',
    '/a',
    '',
  ])('%j', url => {
    expect(isNormalUrl(url)).toBe(false);
  });
});

test('whatever needs no parsing is what parsing gives', () => {
  const pieces =
    "http:// https:// a b.c 1 255 . .. - : 8080 80 / /. %2e %2E % xn-- 0x1 @ ? # = & [ ] ' ; \\ \t ü A _ ~ | ^ \n";
  const piece = fc.constantFrom(' ', ...pieces.split(' '));
  const texts = fc
    .tuple(fc.constantFrom('http://', 'https://'), fc.array(piece, {maxLength: 9}))
    .map(([scheme, rest]) => scheme + rest.join(''));
  fc.assert(
    fc.property(texts, text => {
      if (isNormalUrl(text)) expect(new URL(text).href).toBe(text);
    }),
    {numRuns: 20_000},
  );
});
