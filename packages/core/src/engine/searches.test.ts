import {expect, test} from 'vitest';
import {resolveOptions} from '../options/options.ts';
import {Searches} from './searches.ts';

const url = (host: number): string => `https://host-${host}.example/a?b=1`;

test('the origins that were asked longest ago are forgotten first', () => {
  const searches = new Searches(resolveOptions());
  for (let host = 0; host < 1024; host++) searches.add(true, url(host));
  searches.add(true, url(0));
  searches.add(true, url(1024));
  expect([0, 1, 2, 1024].map(host => searches.of(url(host)))).toEqual([[true], [], [true], [true]]);
});

test('the ways that were used longest ago are forgotten first', () => {
  const searches = new Searches(resolveOptions());
  const ways = Array.from({length: 65}, (_, index) => [`p${index}`]);
  for (const way of ways.slice(0, 64)) searches.add(way, url(0));
  for (const way of [ways[0], ways[64]]) searches.add(way ?? [], url(0));
  expect(new Set(searches.of(url(0)))).toEqual(new Set(ways.filter(way => way !== ways[1])));
});
