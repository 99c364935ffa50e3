import {expect, test} from 'vitest';
import {response} from './contract-support.ts';
import {RememberedLists} from './remembered-lists.ts';

const url = 'https://a.example/';

test.each([
  [1, true],
  // The tick of whoever has no counter yet, and of the next who has none.
  [0, false],
])('what was listed at the tick %i is believed: %s', (tick, isBelieved) => {
  const lists = new RememberedLists();
  lists.remembering(url, undefined, tick)([response()]);
  lists.noteUnmarked(url, url, tick);
  expect(lists.find(url, undefined, tick) !== undefined).toBe(isBelieved);
  expect(lists.isUnmarked(url, url, tick)).toBe(isBelieved);
  expect(lists.find(url, undefined, tick + 1)).toBeUndefined();
  expect(lists.isUnmarked(url, url, tick + 1)).toBe(false);
});
