import {describe, expect, test} from 'vitest';
import {isEscaped, scopeText, wellFormed} from './names.ts';

const names = ['', 'a', 'a b', '\0', '\u0001', '\u0001"a"', '\ud800', '\udc00', '\ud800a', '\ufffd', '😀', '"\\ud800"'];

describe('a name', () => {
  test.each(names)('%j is told apart from all others, also in UTF-8', name => {
    const bytes = (text: string): string => Buffer.from(wellFormed(text)).toString('hex');
    expect(Buffer.from(wellFormed(name)).toString()).toBe(wellFormed(name));
    expect(names.filter(other => bytes(other) === bytes(name))).toEqual([name]);
  });

  test.each(names)('%j is read as it is, or says that it is not', name => {
    const text = wellFormed(name);
    expect(text).not.toContain('\0');
    expect(isEscaped(text)).toBe(text !== name);
  });

  test('that is well-formed stays as it is', () => {
    expect(wellFormed('https://a.example/é?😀')).toBe('https://a.example/é?😀');
  });
});

test('a scope begins with its type', () => {
  expect(scopeText({type: 'all'})).toBe('all ');
  expect(scopeText({type: 'tag', tag: 'a b'})).toBe('tag a b');
  expect(scopeText({type: 'group', origin: 'https://a.example', group: 'g'})).toBe('group https://a.example g');
});
