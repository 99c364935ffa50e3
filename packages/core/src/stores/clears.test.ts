import {describe, expect, test} from 'vitest';
import type {CompiledSelection, Scope} from '../model/selection.ts';
import {Clears, isSelected} from './clears.ts';
import {inScope, matching, response} from './contract-support.ts';

const url = 'https://a.example/';
const other = 'https://b.example/';
const stored = response({resource: url, url, partition: 'p', tags: ['t'], groups: ['g']});

const scope = (one: Scope): CompiledSelection => [inScope(one)];

const remove = {action: 'remove', through: false} as const;

const selecting: readonly (readonly [title: string, what: CompiledSelection])[] = [
  ...(
    [
      {type: 'all'},
      {type: 'origin', origin: 'https://a.example'},
      {type: 'resource', resource: url},
      {type: 'partition', partition: 'p'},
      {type: 'tag', tag: 't'},
      {type: 'group', origin: 'https://a.example', group: 'g'},
    ] satisfies readonly Scope[]
  ).map(one => [one.type, scope(one)] as const),
  ['a predicate', [matching(() => true)]],
  ['a predicate that throws', [matching(() => JSON.parse('{') as boolean)]],
  ['the second of two', [...scope({type: 'tag', tag: 'x'}), ...scope({type: 'tag', tag: 't'})]],
];

const sparing: typeof selecting = [
  ['another origin', scope({type: 'origin', origin: 'https://b.example'})],
  ['another resource', scope({type: 'resource', resource: other})],
  ['another partition', scope({type: 'partition', partition: 'q'})],
  ['another tag', scope({type: 'tag', tag: 'x'})],
  ['the group of another origin', scope({type: 'group', origin: 'https://b.example', group: 'g'})],
  ['a predicate that does not hold', [matching(() => false)]],
  ['nothing', []],
];

describe.each(selecting)('%s', (_, what) => {
  test('selects it', () => {
    expect(isSelected(stored, what)).toBe(true);
  });
  test('cleared, holds against what began before, and not against what begins then', () => {
    const clears = new Clears();
    const began = clears.tick;
    const tick = clears.add(what, remove, []);
    expect(tick).toBeGreaterThan(began);
    expect(clears.tick).toBe(tick);
    expect([clears.admits({...stored, began}), clears.isCurrent({...stored, began})]).toEqual([false, false]);
    expect([clears.admits({...stored, began: tick}), clears.isCurrent({...stored, began: tick})]).toEqual([true, true]);
  });
  test('expired, lets it be stored', () => {
    const clears = new Clears();
    const began = clears.tick;
    clears.add(what, {action: 'expire', through: false}, []);
    expect([clears.admits({...stored, began}), clears.isCurrent({...stored, began})]).toEqual([true, false]);
    expect(clears.isCurrent({...stored, began: clears.tick})).toBe(true);
  });
});

describe.each(sparing)('%s', (_, what) => {
  test('spares it', () => {
    expect(isSelected(stored, what)).toBe(false);
    const clears = new Clears();
    const began = clears.tick;
    clears.add(what, remove, []);
    clears.add(what, {action: 'expire', through: false}, []);
    expect([clears.admits({...stored, began}), clears.isCurrent({...stored, began})]).toEqual([true, true]);
  });
});

describe('through', () => {
  test.each<[title: string, what: CompiledSelection, isOther: boolean]>([
    ['everything, whatever is stored', scope({type: 'all'}), true],
    ['an origin, whatever is stored', scope({type: 'origin', origin: 'https://a.example'}), false],
    ['a resource, stored or not', scope({type: 'resource', resource: url}), false],
    ['a tag, the resources of what is found', scope({type: 'tag', tag: 't'}), false],
    ['a predicate, the resources of what is found', [matching(({tags}) => tags.includes('t'))], false],
  ])('marks %s', (_, what, isOther) => {
    const clears = new Clears();
    const found = what.some(clause => clause.type === 'match' || clause.scope.type === 'tag') ? [stored] : [];
    const tick = clears.add(what, {action: 'remove', through: true}, found);
    expect(clears.through(url, url)).toBe(tick);
    expect(clears.through(other, other)).toBe(isOther ? tick : undefined);
    clears.reached(url, url, tick - 1);
    expect(clears.through(url, url)).toBe(tick);
    clears.reached(url, url, tick);
    expect(clears.through(url, url)).toBeUndefined();
  });
  test('marks for each clause what that selects', () => {
    const clears = new Clears();
    const untagged = response({resource: other, url: other});
    const what = [
      matching(({tags}) => tags.includes('t')),
      inScope({type: 'resource', resource: 'https://c.example/'}),
    ];
    const tick = clears.add(what, {action: 'remove', through: true}, [stored, untagged]);
    expect([url, other, 'https://c.example/'].map(one => clears.through(one, one))).toEqual([tick, undefined, tick]);
  });
  test('asks a predicate no second time', () => {
    let left = 0;
    const clears = new Clears();
    const tick = clears.add([matching(() => left-- > 0)], {action: 'remove', through: true}, [stored]);
    expect(clears.through(url, url)).toBe(tick);
  });
  test('is not asked for', () => {
    const clears = new Clears();
    clears.add(scope({type: 'all'}), remove, []);
    expect(clears.through(url, url)).toBeUndefined();
  });
  test('is forgotten after a day', () => {
    let now = 0;
    const clears = new Clears(() => now);
    clears.add(scope({type: 'all'}), {action: 'remove', through: true}, []);
    now = 25 * 60 * 60 * 1000;
    expect(clears.through(url, url)).toBeUndefined();
  });
});

test('what is no clear is refused, and moves nothing', () => {
  const clears = new Clears();
  const before = clears.tick;
  const add = (how: unknown): unknown => clears.add(scope({type: 'all'}), how as typeof remove, []);
  expect(() => add({action: 'count', through: false})).toThrow(
    'limpid: action is "count"; allowed: "remove" or "expire"',
  );
  expect(() => add('remove')).toThrow('limpid: action is undefined; allowed: "remove" or "expire"');
  expect(clears.tick).toBe(before);
  expect(() => new Clears(5 as never)).toThrow('limpid: Clears now is 5; allowed: a function that gives milliseconds');
});

test('is bounded: what was forgotten counts as cleared', () => {
  const clears = new Clears();
  const began = clears.tick;
  for (let index = 0; index < 5000; index++) clears.add(scope({type: 'tag', tag: `tag-${index}`}), remove, []);
  // Of the 5000, the first nine hundred are forgotten; nobody has cleared `t`.
  expect(clears.admits({...stored, began})).toBe(false);
  expect(clears.admits({...stored, began: began + 4000})).toBe(true);
  expect(clears.admits({...stored, tags: ['tag-4999'], began: began + 4000})).toBe(false);
});
