import {expect, test, vi} from 'vitest';
import {remembered} from './remembered.ts';

test('the same text is parsed once', () => {
  const parse = vi.fn((text: string) => ({text}));
  const quick = remembered(parse);
  expect(quick('a')).toBe(quick('a'));
  expect(quick('b')).toEqual({text: 'b'});
  expect(parse).toHaveBeenCalledTimes(2);
});

test('long texts are not held', () => {
  const parse = vi.fn((text: string) => ({text}));
  const quick = remembered(parse);
  const long = 'x'.repeat(257);
  expect(quick(long)).not.toBe(quick(long));
  expect(parse).toHaveBeenCalledTimes(2);
});

test('what is remembered is bounded', () => {
  const parse = vi.fn((text: string) => ({text}));
  const quick = remembered(parse);
  for (let index = 0; index < 65; index++) quick(String(index));
  quick('64');
  expect(parse).toHaveBeenCalledTimes(65);
  quick('0');
  expect(parse).toHaveBeenCalledTimes(66);
});
