import {describe, expect, test} from 'vitest';
import type {Clause, Conditions} from '../model/selection.ts';
import {decodeClear, decodeCover, encodeClear, encodeCover} from './clear-record.ts';
import {response} from './contract-support.ts';

const clause = (conditions: Conditions): Extract<Clause, {type: 'match'}> => ({
  type: 'match',
  within: {type: 'all'},
  conditions,
  test: () => true,
  covers: undefined,
});

const resource = 'https://a.example/x';
const selected = response({resource, tags: ['t'], groups: ['g'], partition: 'p'});
const {head} = selected;
const others = {
  resource: response({...selected, resource: 'https://a.example/y', url: `${resource}?z`}),
  prefix: response({...selected, url: 'https://a.example/y'}),
  origin: response({...selected, url: 'https://a.example.org/x'}),
  host: response({...selected, url: 'https://b.a.example/x'}),
  method: response({...selected, method: 'QUERY'}),
  tag: response({...selected, tags: ['u']}),
  partition: response({...selected, partition: ''}),
  status: response({...selected, head: {...head, status: 404}}),
};
const plain: Conditions = {
  resource,
  prefix: 'https://a.example/x',
  origin: 'https://a.example',
  host: 'a.example',
  method: 'GET',
  tag: 't',
  partition: 'p',
  status: 200,
};

describe('the record of a clear', () => {
  test.each(Object.entries(plain))('selects by %s what the clear selected, and nothing else', (name, value) => {
    const selects = decodeClear(encodeClear(clause({[name]: value})));
    expect(selects(selected)).toBe(true);
    const other = Object.entries(others).find(([differs]) => differs === name);
    expect(other?.[1] && selects(other[1])).toBe(false);
  });

  test('selects by resource what has it for its URL as it stands', () => {
    const selects = decodeClear(encodeClear(clause({resource})));
    expect(selects(response({resource: 'https://a.example/', url: resource}))).toBe(true);
  });

  test('asks all of its conditions', () => {
    const selects = decodeClear(encodeClear(clause(plain)));
    expect(selects(selected)).toBe(true);
    expect(Object.values(others).filter(selects)).toEqual([]);
  });

  test('selects too much where text cannot say what was meant', () => {
    const never = {pattern: /x^/, stale: true, storedBefore: 0, unusedSince: 0, where: () => false};
    expect(decodeClear(encodeClear(clause(never)))(selected)).toBe(true);
    const selects = decodeClear(encodeClear(clause({...never, tag: 't'})));
    expect([selects(selected), selects(others.tag)]).toEqual([true, false]);
  });

  test.each(['', '{', 'null', '1'])('that cannot be read selects everything: %j', record => {
    expect(decodeClear(record)(selected)).toBe(true);
  });
});

describe('the record of what is covered', () => {
  test.each<[name: string, clause: Clause, isCovered: boolean]>([
    ['everything', {type: 'scope', scope: {type: 'all'}}, true],
    ['its origin', {type: 'scope', scope: {type: 'origin', origin: 'https://a.example'}}, true],
    ['another origin', {type: 'scope', scope: {type: 'origin', origin: 'https://a.exam'}}, false],
    ['its prefix', clause({prefix: 'https://a.example/'}), true],
    ['another prefix', clause({prefix: 'https://a.example/y'}), false],
    ['a pattern that text cannot carry', clause({pattern: /y/}), true],
  ])('%s', (_, what, isCovered) => {
    expect(decodeCover(encodeCover(what))(resource, resource)).toBe(isCovered);
  });
});
