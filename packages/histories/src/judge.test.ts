import {describe, expect, test} from 'vitest';
import type {Generated, Named, Operation} from './history.ts';
import {violations} from './judge.ts';

const path = '/r/2';
const request = (start: number, number: number, changes: object = {}): Operation => ({
  type: 'request',
  path,
  user: undefined,
  number,
  isHit: true,
  start,
  end: start + 5,
  ...changes,
});
const clear = (start: number, end: number, what: Named = {type: 'all'}): Operation => ({
  type: 'clear',
  start,
  end,
  what,
});
const expire = (start: number, end: number, what: Named = {type: 'all'}): Operation =>
  ({...clear(start, end, what), type: 'expire'}) as Operation;

const generated = (at: number, validated: number[] = []): ReadonlyMap<number, Generated> =>
  new Map([[1, {path, user: undefined, at, validated}]]);

describe('a clear wins', () => {
  test.each<[name: string, operations: readonly Operation[], at: number, count: number]>([
    ['given before the clear began', [request(10, 1), clear(20, 30)], 5, 0],
    ['given while the clear went on', [request(25, 1), clear(20, 30)], 5, 0],
    ['asked for in the moment it was over', [request(30, 1), clear(20, 30)], 5, 0],
    ['given after the clear', [request(31, 1), clear(20, 30)], 5, 1],
    ['generated while the clear went on', [request(31, 1), clear(20, 30)], 20, 0],
    ['generated after the clear', [request(50, 1), clear(20, 30)], 40, 0],
    ['given after the older of two clears', [request(31, 1), clear(20, 30), clear(40, 50)], 25, 0],
    ['given after a short clear within a long one', [request(31, 1), clear(1, 60), clear(20, 30)], 5, 1],
    ['given after a clear that ended first and began last', [request(61, 1), clear(1, 60), clear(20, 30)], 15, 1],
    ['given after a clear of something else', [request(31, 1), clear(20, 30, {type: 'tag', tag: 'odd'})], 5, 0],
    ['validated after the clear', [request(61, 1), clear(20, 30)], 5, 1],
  ])('%s', (name, operations, at, count) => {
    const history = generated(at, name.startsWith('validated') ? [40] : []);
    expect(violations(operations, history)).toHaveLength(count);
  });
});

describe('an expiry asks for a validation', () => {
  test.each<[name: string, validated: number[], count: number]>([
    ['that never came', [], 1],
    ['that came before', [10], 1],
    ['that came while it went on', [20], 0],
    ['that came after', [40], 0],
    ['that came after the request was over', [100], 1],
  ])('%s', (_, validated, count) => {
    expect(violations([request(50, 1), expire(20, 30)], generated(5, validated))).toHaveLength(count);
  });
});

test.each<[what: Named, isSelected: boolean]>([
  [{type: 'all'}, true],
  [{type: 'origin'}, true],
  [{type: 'url', path}, true],
  [{type: 'url', path: '/r/22'}, false],
  [{type: 'prefix', path: '/r/'}, true],
  [{type: 'prefix', path: '/r/22'}, false],
  [{type: 'tag', tag: 'even'}, true],
  [{type: 'tag', tag: 'remainder-2'}, true],
  [{type: 'where', tag: 'odd'}, false],
  [{type: 'partition', user: 'ada'}, false],
  [{type: 'pattern', digit: '2'}, true],
  [{type: 'pattern', digit: '3'}, false],
])('%j selects the response: %s', (what, isSelected) => {
  expect(violations([request(50, 1), clear(20, 30, what)], generated(5))).toHaveLength(isSelected ? 1 : 0);
});

test('what belongs to another path or user, was never generated, or failed is noticed', () => {
  const failure: Operation = {type: 'failure', start: 1, end: 2, message: 'lost'};
  const operations = [request(1, 1, {path: '/r/3'}), request(1, 1, {user: 'ada'}), request(1, 9), failure];
  expect(violations(operations, generated(0))).toHaveLength(4);
});
