import {expect, test} from 'vitest';
import {reasonsPage, reasonsPath} from '../scripts/reasons.ts';
import {textOf} from '../scripts/source.ts';

test('the page of reasons says what the code says: run `pnpm reasons`', () => {
  expect(textOf(reasonsPath)).toBe(reasonsPage());
});
