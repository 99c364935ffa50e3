import {expect, test} from 'vitest';
import {resolveOptions} from '../options/options.ts';
import {Searches} from './searches.ts';

const url = 'https://a.example/a?b=1';

test('equal ways are one, however many clients have them', () => {
  const searches = new Searches(resolveOptions());
  for (let client = 0; client < 1000; client++) searches.add({ignoreSearch: ['p', 'q']});
  searches.add({ignoreSearch: ['p,q']});
  searches.add({ignoreSearch: true});
  expect(searches.of(url)).toEqual([['p', 'q'], ['p,q'], true]);
});

test('more ways than a clear can look at are refused, and none is forgotten', () => {
  const searches = new Searches(resolveOptions());
  for (let way = 0; way < 256; way++) searches.add({ignoreSearch: [`p${way}`]});
  searches.add({ignoreSearch: ['p0']});
  expect(searches.of(url).length).toBe(256);
  const allowed = 'limpid: ignoreSearch is an array; allowed: 256 different ones in one cache';
  const refused = {ignoreSearch: ['p256']};
  for (const _ of [1, 2]) expect(() => searches.add(refused)).toThrow(allowed);
  expect(searches.of(url).length).toBe(256);
});

test('what a rule ignores is looked for where the rule is, and nowhere else', () => {
  const rules = [{for: {origin: 'https://b.example', method: 'REPORT'}, ignoreSearch: ['b']}];
  const searches = new Searches(resolveOptions({rules}));
  expect(searches.of('https://b.example/a?b=1')).toEqual([]);
  searches.add({methods: ['REPORT']});
  expect(searches.of('https://b.example/a?b=1')).toEqual([['b']]);
  expect(searches.of(url)).toEqual([]);
});

test('more methods than a clear can look at are refused as well', () => {
  const searches = new Searches(resolveOptions());
  const refused = {methods: Array.from({length: 256}, (_, at) => `M${at}`)};
  const allowed = 'limpid: methods is an array; allowed: 256 different ones in one cache';
  for (const _ of [1, 2]) expect(() => searches.add(refused)).toThrow(allowed);
  searches.add({methods: refused.methods.slice(3)});
  searches.add({methods: refused.methods.slice(3)});
});
