import {expect, test} from 'vitest';
import {turns} from './coordinator.ts';

test('each has its turn in every round', () => {
  for (let round = 0; round < 7; round++) {
    expect(turns(['a', 'b', 'c'], round).toSorted()).toEqual(['a', 'b', 'c']);
  }
});

test('nobody always comes first, or always after the same', () => {
  const orders = Array.from({length: 6}, (_, round) => turns(['a', 'b', 'c'], round).join(''));
  expect(new Set(orders.map(order => order[0])).size).toBe(3);
  expect(orders.some(order => order.includes('ab'))).toBe(true);
  expect(orders.some(order => order.includes('ba'))).toBe(true);
});

test('turns of nobody are none', () => {
  expect(turns([], 3)).toEqual([]);
});
