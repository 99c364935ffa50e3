import {describe, expect, test} from 'vitest';
import {testOf} from '../test/hand-made.ts';
import {afterDependencies, withDependencies} from './dependencies.ts';
import type {Outcome} from './judging.ts';

const dependent = (id: string, ...depends_on: readonly string[]) => testOf(id, [], {depends_on});
const all = [dependent('a'), dependent('b', 'a'), dependent('c', 'b'), dependent('d')];

const passed: Outcome = {type: 'passed'};
const failed: Outcome = {type: 'failed', message: ''};

describe('dependencies', () => {
  test('run with the tests that have them, however far away', () => {
    expect(withDependencies(all.slice(2, 3), all).map(({id}) => id)).toEqual(['c', 'b', 'a']);
  });

  test('run once', () => {
    expect(withDependencies(all, all)).toEqual(all);
  });

  test('that no test has are a mistake in the data', () => {
    expect(() => withDependencies([dependent('e', 'f')], all)).toThrow('e depends on f');
  });

  test.each<[string, Record<string, Outcome>, readonly string[]]>([
    ['pass', {a: passed, b: passed, c: passed, d: passed}, ['passed', 'passed', 'passed', 'passed']],
    ['fail', {a: failed, b: passed, c: failed, d: failed}, ['failed', 'not run', 'not run', 'failed']],
    ['fail on the way', {a: passed, b: failed, c: passed, d: passed}, ['passed', 'failed', 'not run', 'passed']],
    [
      'do not count themselves',
      {a: {type: 'not run', because: 'setup', message: ''}, b: passed, c: passed, d: passed},
      ['not run', 'not run', 'not run', 'passed'],
    ],
  ])('that %s decide whether a test counts', (_, outcomes, expected) => {
    const final = afterDependencies(all, new Map(Object.entries(outcomes)));
    expect(all.map(({id}) => final.get(id)?.type)).toEqual(expected);
  });

  test('are named where they did not pass', () => {
    const outcomes = new Map<string, Outcome>([
      ['a', failed],
      ['b', passed],
      ['c', passed],
    ]);
    const final = afterDependencies(all.slice(0, 3), outcomes);
    expect(final.get('c')).toEqual({type: 'not run', because: 'dependency', message: 'b did not pass'});
  });
});
