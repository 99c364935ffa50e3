import {expect, test} from 'vitest';
import {Uses} from './uses.ts';

/** Uses whose writing ends when the test says so, and what is written at each time. */
function held() {
  const written: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const uses = new Uses(batch => {
    written.push([...batch.keys()]);
    return new Promise(resolve => void ends.push(resolve));
  });
  return {uses, written, end: (): void => ends.shift()?.()};
}

test('who flushes while others are being written waits for these, and for what came meanwhile', async () => {
  const {uses, written, end} = held();
  uses.note('one', 1);
  const first = uses.flush();
  uses.note('two', 2);
  let isOver = false;
  const second = uses.flush().finally(() => {
    isOver = true;
  });
  end();
  await first;
  await Promise.resolve();
  expect([written, isOver]).toEqual([[['one'], ['two']], false]);
  end();
  await second;
});

test('of many uses while others are being written, none waits by itself', async () => {
  const {uses, written, end} = held();
  uses.note('one', 1);
  const first = uses.flush();
  for (let count = 0; count < 5000; count++) uses.note(`more-${count}`, count);
  end();
  await first;
  await new Promise(resolve => setImmediate(resolve));
  // They are written a second later, or when somebody asks.
  expect(written.length).toBe(1);
  expect(uses.of('more-4999')).toBe(4999);
  const rest = uses.flush();
  end();
  await rest;
  expect(written.map(batch => batch.length)).toEqual([1, 5000]);
});
