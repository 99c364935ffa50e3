import {describe, expect, test} from 'vitest';
import type {CompiledSelection, Scope} from '../model/selection.ts';
import type {ClearHow, ClearOutcome} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {Tick} from '../model/units.ts';
import {inScope, matching, response} from './contract-support.ts';
import {type Fenced, FencedStore, isSelected} from './fenced-store.ts';

/** Stores nothing: tests hand in what would be stored. */
class Half extends FencedStore {
  note(what: CompiledSelection, how: ClearHow, found: readonly Fenced[]): ClearOutcome {
    return this.cleared(what, how, found);
  }

  add(what: CompiledSelection, how: ClearHow, found: readonly StoredResponse[]): Tick {
    return this.note(
      what,
      how,
      found.map(one => ({...one, expiredAt: 0})),
    ).tick;
  }

  keep(one: StoredResponse, earlier?: Fenced): Fenced {
    const fenced = this.admitted(one, earlier);
    if (fenced === undefined) throw new Error('fenced');
    return fenced;
  }

  admits(one: StoredResponse, earlier?: Fenced): boolean {
    return this.admitted(one, earlier) !== undefined;
  }

  see(one: Fenced): StoredResponse {
    return this.shown(one);
  }
}

const url = 'https://a.example/';
const other = 'https://b.example/';
const stored = response({resource: url, url, partition: 'p', tags: ['t'], groups: ['g']});

const scope = (one: Scope): CompiledSelection => [inScope(one)];

const remove = {action: 'remove', through: false, exact: false} as const;
const expire = {...remove, action: 'expire'} as const;
const through = {...remove, through: true} as const;

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
    const half = new Half();
    const began = half.tick();
    const tick = half.add(what, remove, []);
    expect(tick).toBeGreaterThan(began);
    expect(half.tick()).toBe(tick);
    expect([half.admits({...stored, began}), half.counts({...stored, began})]).toEqual([false, false]);
    expect([half.admits({...stored, began: tick}), half.counts({...stored, began: tick})]).toEqual([true, true]);
  });
  test('expired, lets it be stored', () => {
    const half = new Half();
    const began = half.tick();
    half.add(what, expire, []);
    expect([half.admits({...stored, began}), half.counts({...stored, began})]).toEqual([true, false]);
    expect(half.counts({...stored, began: half.tick()})).toBe(true);
  });
});

describe.each(sparing)('%s', (_, what) => {
  test('spares it', () => {
    expect(isSelected(stored, what)).toBe(false);
    const half = new Half();
    const began = half.tick();
    half.add(what, remove, []);
    half.add(what, expire, []);
    expect([half.admits({...stored, began}), half.counts({...stored, began})]).toEqual([true, true]);
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
    const half = new Half();
    const found = what.some(clause => clause.type === 'match' || clause.scope.type === 'tag') ? [stored] : [];
    const tick = half.add(what, through, found);
    expect(half.through(url, url)).toBe(tick);
    expect(half.through(other, other)).toBe(isOther ? tick : undefined);
    half.reached(url, url, tick - 1);
    expect(half.through(url, url)).toBe(tick);
    half.reached(url, url, tick);
    expect(half.through(url, url)).toBeUndefined();
  });
  test('marks for each clause what that selects', () => {
    const half = new Half();
    const untagged = response({resource: other, url: other});
    const what = [
      matching(({tags}) => tags.includes('t')),
      inScope({type: 'resource', resource: 'https://c.example/'}),
    ];
    const tick = half.add(what, through, [stored, untagged]);
    expect([url, other, 'https://c.example/'].map(one => half.through(one, one))).toEqual([tick, undefined, tick]);
  });
  test('asks a predicate no second time', () => {
    let left = 0;
    const half = new Half();
    const tick = half.add([matching(() => left-- > 0)], through, [stored]);
    expect(half.through(url, url)).toBe(tick);
  });
  test('is not asked for', () => {
    const half = new Half();
    half.add(scope({type: 'all'}), remove, []);
    expect(half.through(url, url)).toBeUndefined();
  });
  test('is forgotten after a day', () => {
    let now = 0;
    const half = new Half(() => now);
    half.add(scope({type: 'all'}), through, []);
    now = 25 * 60 * 60 * 1000;
    expect(half.through(url, url)).toBeUndefined();
  });
});

test('what is no clear is refused, and moves nothing', () => {
  const half = new Half();
  const before = half.tick();
  const add = (how: unknown): unknown => half.add(scope({type: 'all'}), how as typeof remove, []);
  expect(() => add({action: 'forget', through: false})).toThrow(
    'limpid: action is "forget"; allowed: "remove", "expire" or "count"',
  );
  expect(() => add('remove')).toThrow('limpid: action is undefined; allowed: "remove", "expire" or "count"');
  expect(half.tick()).toBe(before);
  expect(() => new Half(5 as never)).toThrow('limpid: store now is 5; allowed: a function that gives milliseconds');
});

test('is bounded: what was forgotten counts as cleared', () => {
  const half = new Half();
  const began = half.tick();
  for (let index = 0; index < 5000; index++) half.add(scope({type: 'tag', tag: `tag-${index}`}), remove, []);
  // Of the 5000, the first nine hundred are forgotten; nobody has cleared `t`.
  expect(half.admits({...stored, began})).toBe(false);
  expect(half.admits({...stored, began: began + 4000})).toBe(true);
  expect(half.admits({...stored, tags: ['tag-4999'], began: began + 4000})).toBe(false);
});

describe('an expiry', () => {
  const tag: CompiledSelection = scope({type: 'tag', tag: 't'});
  test('is shown until a validation that began later has been stored', () => {
    const half = new Half();
    const kept = half.keep({...stored, began: half.tick()});
    expect(half.see(kept).expired).toBe(false);
    half.add(tag, expire, []);
    expect(half.see(kept).expired).toBe(true);
    expect(half.see(half.keep({...stored, began: half.tick()}, kept)).expired).toBe(false);
  });
  test('of a tag that an update takes away holds against the update, when that began before', () => {
    const half = new Half();
    const kept = half.keep({...stored, began: half.tick()});
    half.add(tag, expire, []);
    half.add(scope({type: 'tag', tag: 'x'}), remove, []);
    const changed = half.keep({...stored, tags: [], began: kept.began}, kept);
    expect(half.see(changed).expired).toBe(true);
    const validated = half.keep({...stored, tags: [], began: half.tick() - 1}, changed);
    expect(half.see(validated).expired).toBe(false);
  });
  test('by a predicate holds for what it found, whatever the predicate says later', () => {
    const half = new Half();
    let isStale = true;
    const kept = half.keep({...stored, began: half.tick()});
    half.note([matching(() => isStale)], expire, [kept]);
    isStale = false;
    expect(half.see(kept).expired).toBe(true);
  });
  test('is not in what is shown', () => {
    const half = new Half();
    expect(half.see(half.keep(stored))).not.toHaveProperty('expiredAt');
  });
});

describe('what comes too late', () => {
  const half = new Half(() => 1000);
  const began = half.tick();
  half.add(scope({type: 'tag', tag: 'x'}), remove, []);
  const kept = half.keep({...stored, id: 'new', began: began + 1});
  test('does not replace the answer to a later request', () => {
    expect(half.admits({...stored, id: 'old', began}, kept)).toBe(false);
    expect(half.admits({...stored, id: 'newer', began: began + 1}, kept)).toBe(true);
  });
  test("does not give to all what has become one user's", () => {
    expect(half.admits({...kept, partition: '*'}, kept)).toBe(false);
    expect(half.admits({...kept}, kept)).toBe(true);
  });
});

test('when it was last used outlives an update', () => {
  let now = 5;
  const half = new Half(() => now);
  const kept = half.keep({...stored, began: half.tick()});
  now = 7;
  expect(half.keep(kept, kept).lastUsed).toBe(5);
  expect(half.keep({...kept, id: 'other'}, kept).lastUsed).toBe(7);
});

test('a count changes nothing', () => {
  const half = new Half();
  const before = half.tick();
  const kept = half.keep({...stored, size: 3, began: before});
  expect(half.note(scope({type: 'all'}), {...remove, action: 'count'}, [kept])).toEqual({
    count: 1,
    bytes: 3,
    tick: before,
  });
  expect(half.tick()).toBe(before);
});

test('what a predicate throws is thrown where something is looked for, and holds against what began before', () => {
  const what = [matching(() => JSON.parse('{') as boolean)];
  expect(() => isSelected(stored, what)).toThrow(SyntaxError);
  const half = new Half();
  const began = half.tick();
  half.add(what, remove, []);
  expect(half.admits({...stored, began})).toBe(false);
});
