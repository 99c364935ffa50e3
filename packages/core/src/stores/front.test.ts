import {expect, test} from 'vitest';
import {Front} from './front.ts';

function frontOf(set: Set<number>) {
  const walks = {begun: 0};
  const front = new Front<number>(
    () => {
      walks.begun += 1;
      return set.values();
    },
    () => set.size,
  );
  const leave = (member: number): void => {
    if (set.delete(member)) front.left(member);
  };
  return {front, walks, leave};
}

test('the first goes on where it stood', () => {
  const {front, walks, leave} = frontOf(new Set([1, 2, 3]));
  expect(front.first()).toBe(1);
  leave(2);
  expect(front.first()).toBe(1);
  leave(1);
  expect(front.first()).toBe(3);
  leave(3);
  expect(front.first()).toBeUndefined();
  expect(walks.begun).toBe(2);
});

test('a walk that stood still while many left is begun anew, and finds the same', () => {
  const set = new Set(Array.from({length: 100}, (_, index) => index));
  const {front, walks, leave} = frontOf(set);
  for (let round = 0; round < 10; round++) {
    expect(front.first()).toBe(0);
    for (let member = 100; member < 160; member++) {
      set.add(member);
      leave(member);
    }
  }
  leave(0);
  expect(front.first()).toBe(1);
  expect(walks.begun).toBeGreaterThan(1);
  expect(walks.begun).toBeLessThan(12);
});
