import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Directories} from './directories.ts';
import type {Kept} from './kept.ts';

/** As much of a stored response as a directory sees. */
const kept = (url: string): Kept => ({stored: {url}}) as unknown as Kept;

const urlsIn = (directories: Directories, prefix: string): readonly string[] =>
  directories
    .within(prefix)
    .flatMap(({members}) => Array.from(members, ({stored}) => stored.url))
    .toSorted();

function filled(...urls: string[]): Directories {
  const directories = new Directories();
  for (const url of urls) directories.add(kept(url));
  return directories;
}

test('a directory under the prefix is whole, one that it ends in is not', () => {
  const directories = filled('http://a/x/1', 'http://a/x/y/2');
  const wholes = (prefix: string): readonly boolean[] => directories.within(prefix).map(({isWhole}) => isWhole);
  expect([wholes('http://a/x/'), wholes('http://a/x/y'), wholes('http://a/x/1')]).toEqual([
    [true, true],
    [false, true],
    [false],
  ]);
});

describe('what may begin with a prefix', () => {
  const directories = filled('http://a/', 'http://a/x/1', 'http://a/x/2?q=/x/', 'http://a/x/y/3', 'http://a/z/1');

  test.each<[prefix: string, urls: readonly string[]]>([
    ['http://a/x/', ['http://a/', 'http://a/x/1', 'http://a/x/2?q=/x/', 'http://a/x/y/3']],
    ['http://a/x/y/', ['http://a/', 'http://a/x/1', 'http://a/x/2?q=/x/', 'http://a/x/y/3']],
    ['http://a/z/1', ['http://a/', 'http://a/z/1']],
    ['http://a/x/2?q=/', ['http://a/', 'http://a/x/1', 'http://a/x/2?q=/x/']],
    ['http://b/', []],
    ['http', ['http://a/', 'http://a/x/1', 'http://a/x/2?q=/x/', 'http://a/x/y/3', 'http://a/z/1']],
  ])('%s', (prefix, urls) => {
    expect(urlsIn(directories, prefix)).toEqual(urls);
  });
});

test('what is deleted is not there any more, and leaves nothing', () => {
  const directories = new Directories();
  const [one, other] = [kept('http://a/x/1'), kept('http://a/x/2')];
  for (const each of [one, other]) directories.add(each);
  directories.delete(one);
  directories.delete(one);
  expect(urlsIn(directories, 'http://a/')).toEqual(['http://a/x/2']);
  directories.delete(other);
  expect(urlsIn(directories, '')).toEqual([]);
});

test('nothing that begins with a prefix is left out, and all of a whole directory does', () => {
  const segment = fc.constantFrom('', 'a', 'b', 'ab', '?', '?q=/', '.');
  const url = fc.array(segment, {maxLength: 5}).map(segments => `http://h/${segments.join('/')}`);
  fc.assert(
    fc.property(fc.uniqueArray(url, {maxLength: 8}), url, fc.nat(30), (urls, base, length) => {
      const prefix = base.slice(0, length);
      const directories = filled(...urls);
      expect(urlsIn(directories, prefix)).toEqual(
        expect.arrayContaining(urls.filter(one => one.startsWith(prefix)).toSorted()),
      );
      const whole = directories.within(prefix).filter(({isWhole}) => isWhole);
      const known = whole.flatMap(({members}) => Array.from(members, ({stored}) => stored.url));
      expect(known.filter(one => !one.startsWith(prefix))).toEqual([]);
    }),
  );
});
