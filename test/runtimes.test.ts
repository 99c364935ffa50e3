import {expect, test} from 'vitest';
import {runtimes} from '../packages/runtimes/src/runtimes.ts';
import {textOf} from '../scripts/source.ts';

test('the suite runs in every runtime that the README names', () => {
  const named = /Each of (.*?) and (\S+) \[runs\]/.exec(textOf('README.md').replaceAll(/\s+/g, ' '));
  expect(new Set([...(named?.[1]?.split(', ') ?? []), named?.[2]])).toEqual(new Set(Object.keys(runtimes)));
});
