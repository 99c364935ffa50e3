import {setTimeout as delay} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import {at, clear, has, put} from '../../test/memory-store.ts';
import type {Scope} from '../model/selection.ts';
import {inScope, matching, response} from './contract-support.ts';
import {MemoryStore} from './memory.ts';

const tag: Scope = {type: 'tag', tag: 't'};

/** How many steps over sets and maps `run` takes. */
function steps(run: () => void): number {
  const prototypes = [Object.getPrototypeOf(new Set().values()), Object.getPrototypeOf(new Map().values())];
  const originals = prototypes.map(prototype => prototype.next);
  let count = 0;
  for (const [index, prototype] of prototypes.entries()) {
    prototype.next = function next(this: unknown, ...args: unknown[]) {
      count++;
      return originals[index].apply(this, args);
    };
  }
  try {
    run();
  } finally {
    for (const [index, prototype] of prototypes.entries()) prototype.next = originals[index];
  }
  return count;
}

describe('clearing', () => {
  const scopes: readonly Scope[] = [
    {type: 'all'},
    {type: 'origin', origin: 'https://a.example'},
    {type: 'partition', partition: 'p'},
    tag,
    {type: 'group', origin: 'https://a.example', group: 'g'},
  ];
  const filled = (): MemoryStore => {
    const store = new MemoryStore();
    for (let index = 0; index < 5000; index++) put(store, {...at(index), partition: 'p', tags: ['t'], groups: ['g']});
    return store;
  };

  test.each(scopes)('the scope %j empties 5000 responses without walking them, and counts them', scope => {
    const store = filled();
    let count: number | undefined;
    expect(
      steps(() => {
        count = clear(store, [inScope(scope)]).count;
      }),
    ).toBeLessThan(10);
    expect(count).toBe(5000);
    expect(store.list(at(4999).resource)).toEqual([]);
    expect(store.size()).toEqual({count: 0, bytes: 0});
  });

  test.each(scopes)('the scope %j expires 5000 responses without walking them', scope => {
    const store = filled();
    expect(steps(() => clear(store, [inScope(scope)], {action: 'expire'}))).toBeLessThan(10);
    expect(store.list(at(4999).resource)[0]?.expired).toBe(true);
  });

  test('a predicate is asked only about what lies in its scope', () => {
    const store = filled();
    for (let index = 0; index < 10; index++) put(store, {resource: `https://b.example/${index}`});
    let asked = 0;
    const clause = matching(() => ++asked < 0, {type: 'origin', origin: 'https://b.example'});
    expect(clear(store, [clause]).count).toBe(0);
    expect(asked).toBe(10);
  });

  test('a predicate that throws changes nothing, and holds against what is stored later', () => {
    const store = new MemoryStore();
    const stored = put(store);
    let broken = true;
    const clause = matching(() => {
      if (broken) throw new Error('broken');
      return false;
    });
    expect(() => clear(store, [clause])).toThrow('broken');
    expect(has(store, stored)).toBe(true);
    broken = false;
    const late = response({began: store.tick()});
    clear(store, [clause]);
    broken = true;
    expect(store.counts(late)).toBe(false);
  });

  test('several large scopes are counted only when asked', () => {
    const store = filled();
    const what = [inScope(tag), inScope({type: 'partition', partition: 'p'})];
    expect(clear(store, what, {action: 'count'}).count).toBeUndefined();
    expect(clear(store, what, {action: 'count', exact: true}).count).toBe(5000);
  });

  test('what overlaps an earlier clear is not counted again', () => {
    const small = new MemoryStore();
    for (let index = 0; index < 900; index++) put(small, {...at(index), tags: ['t'], partition: 'p'});
    clear(small, [inScope(tag)]);
    const sameAgain = [inScope({type: 'partition', partition: 'p'})];
    expect(clear(small, sameAgain).count).toBe(0);
    // Freeing so many at once would hold up everybody else: they are counted for those who insist.
    const large = filled();
    clear(large, [inScope(tag)]);
    expect(clear(large, sameAgain, {action: 'count'}).count).toBeUndefined();
    expect(clear(large, sameAgain, {exact: true}).count).toBe(0);
  });

  test('what a search found is gone at once, counted once, and freed later', () => {
    const store = filled();
    const found = matching(() => true, {type: 'all'});
    expect(clear(store, [found]).count).toBe(5000);
    expect(store.list(at(4999).resource)).toEqual([]);
    expect(clear(store, [found], {action: 'count'}).count).toBe(0);
    expect(store.size()).toEqual({count: 0, bytes: 0});
  });

  test('what waits to be freed does not keep what replaces it', () => {
    const store = filled();
    clear(store, [matching(() => true, {type: 'all'})]);
    const again = put(store, {...at(4999), began: store.tick()});
    expect(has(store, again)).toBe(true);
    expect(store.size().count).toBe(1);
    expect(has(store, again)).toBe(true);
  });

  test.each([1, 256, 1000, 1024])('the bytes of %d that were cleared are freed with no further call', async length => {
    const store = new MemoryStore();
    const bodies = Array.from({length}, (_, index) => {
      const stored = put(store, {...at(index), tags: ['t']}, 10);
      return new WeakRef(store.body(stored) ?? {});
    });
    await delay(0);
    clear(store, [inScope(tag)]);
    const alive = (): number => bodies.filter(body => body.deref() !== undefined).length;
    // The sweep and the collector take their time on a busy machine.
    for (let rounds = 0; alive() > 0 && rounds < 100; rounds++) {
      await delay(20);
      globalThis.gc?.();
    }
    expect(alive()).toBe(0);
    expect(store.list(at(0).resource)).toEqual([]);
  });
});

describe('the fence when it overflows', () => {
  test('a log that lost clears refuses what began before them', () => {
    const store = new MemoryStore();
    const early = response({began: store.tick()});
    for (let index = 0; index < 1200; index++) clear(store, [matching(() => false)]);
    expect(store.counts(early)).toBe(false);
    expect(store.put(early).commit()).toBe('fenced');
    const late = response({began: store.tick()});
    clear(store, [matching(() => false)]);
    expect(store.put(late).commit()).toBe('stored');
  });

  test('a log that lost expiries stores what began before them as expired', () => {
    const store = new MemoryStore();
    const early = response({began: store.tick()});
    for (let index = 0; index < 1200; index++) clear(store, [matching(() => false)], {action: 'expire'});
    expect(store.put(early).commit()).toBe('stored');
    expect(store.list(early.resource)[0]?.expired).toBe(true);
  });

  test('a scope whose mark was forgotten counts as cleared then', () => {
    const store = new MemoryStore();
    const early = response({began: store.tick(), tags: ['0']});
    const unrelated = response({...at('unrelated'), began: store.tick(), tags: ['never cleared']});
    for (let index = 0; index < 5000; index++) clear(store, [inScope({type: 'tag', tag: String(index)})]);
    expect(store.put(early).commit()).toBe('fenced');
    expect(store.put(unrelated).commit()).toBe('fenced');
    expect(store.put({...early, began: store.tick()}).commit()).toBe('stored');
  });

  test('a scope whose mark was forgotten counts as expired when the newest forgotten one was', () => {
    const store = new MemoryStore();
    const early = response({began: store.tick(), tags: ['0']});
    for (let index = 0; index < 5000; index++)
      clear(store, [inScope({type: 'tag', tag: String(index)})], {action: 'expire'});
    expect(store.counts(early)).toBe(false);
    expect(store.put(early).commit()).toBe('stored');
    expect(store.list(early.resource)[0]?.expired).toBe(true);
  });

  test('what is stored is never lost because marks were forgotten', () => {
    const store = new MemoryStore();
    const stored = put(store, {tags: ['kept']});
    for (let index = 0; index < 5000; index++) clear(store, [inScope({type: 'tag', tag: String(index)})]);
    expect(has(store, stored)).toBe(true);
    expect(store.update(stored)).toBe('stored');
    expect(has(store, stored)).toBe(true);
    const again = {...stored, id: 'again'};
    expect(store.put(again).commit()).toBe('stored');
    expect(has(store, again)).toBe(true);
  });

  test('a cleared scope that fills again holds what began after the clear alone', () => {
    const store = new MemoryStore();
    const early = response({began: store.tick(), tags: ['t']});
    put(store, {tags: ['t']});
    clear(store, [inScope(tag)]);
    const late = put(store, {tags: ['t']});
    expect(store.put(early).commit()).toBe('fenced');
    expect(store.list(late.resource).map(({id}) => id)).toEqual([late.id]);
  });
});

describe('through marks', () => {
  test('age out after a day', () => {
    let now = 1_000_000;
    const store = new MemoryStore({now: () => now});
    clear(store, [inScope({type: 'all'})], {through: true});
    clear(store, [inScope({type: 'resource', resource: 'https://a.example/'})], {through: true});
    now += 24 * 60 * 60 * 1000 - 1;
    expect(store.through('https://a.example/', 'https://a.example/')).toBe(3);
    now += 2;
    expect(store.through('https://a.example/', 'https://a.example/')).toBeUndefined();
  });

  test('are dropped, oldest first, when there are too many', () => {
    const store = new MemoryStore();
    for (let index = 0; index < 10_001; index++) {
      clear(store, [inScope({type: 'resource', resource: `https://a.example/${index}`})], {through: true});
    }
    expect(store.through('https://a.example/0', 'https://a.example/0')).toBeUndefined();
    expect(store.through('https://a.example/1', 'https://a.example/1')).toBeDefined();
  });
});
