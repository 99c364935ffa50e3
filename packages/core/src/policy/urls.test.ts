import {expect, test} from 'vitest';
import {isSameOrigin, parsedUrl} from './urls.ts';

test.each<[text: string, base: string | undefined, href: string | undefined]>([
  ['https://a.example/x', undefined, 'https://a.example/x'],
  ['/x', undefined, undefined],
  ['/x', 'https://a.example/y', 'https://a.example/x'],
  ['https://', 'https://a.example/', undefined],
])('%s seen from %s', (text, base, href) => {
  expect(parsedUrl(text, base)?.href).toBe(href);
});

test.each<[one: string, other: string, isSame: boolean]>([
  ['https://a.example/x', 'https://a.example:443/y', true],
  ['https://a.example/', 'http://a.example/', false],
  ['https://a.example/', 'https://b.example/', false],
  ['https://a.example/', 'x', false],
  ['x', 'x', false],
])('%s and %s are of one origin: %j', (one, other, isSame) => {
  expect(isSameOrigin(one, other)).toBe(isSame);
});
