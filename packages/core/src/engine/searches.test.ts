import {expect, test} from 'vitest';
import {resolveOptions} from '../options/options.ts';
import {Searches} from './searches.ts';

const url = (host: number): string => `https://host-${host}.example/a?b=1`;

test('a way counts for the origins it was used for', () => {
  const searches = new Searches(resolveOptions());
  for (let host = 0; host < 1023; host++) searches.add(true, url(host));
  expect([0, 1022, 1023].map(host => searches.of(url(host)))).toEqual([[true], [true], []]);
});

test('a way that was used for too many origins counts for every one', () => {
  const searches = new Searches(resolveOptions());
  for (let host = 0; host < 1024; host++) searches.add(['p'], url(host));
  expect(searches.of(url(5000))).toEqual([['p']]);
});

test('equal ways are one, however many clients have them', () => {
  const searches = new Searches(resolveOptions());
  for (let client = 0; client < 1000; client++) searches.add(['p', 'q'], url(0));
  searches.add(['p,q'], url(0));
  expect(searches.of(url(0))).toEqual([['p', 'q'], ['p,q']]);
});

test('more ways than a clear can look at are refused, and none is forgotten', () => {
  const searches = new Searches(resolveOptions());
  for (let way = 0; way < 256; way++) searches.add([`p${way}`], url(0));
  const allowed = 'limpid: ignoreSearch is an array; allowed: 256 different ones in one cache';
  expect(() => searches.add(['p256'], url(0))).toThrow(allowed);
  searches.add(['p0'], url(0));
  expect(searches.of(url(0)).length).toBe(256);
});
