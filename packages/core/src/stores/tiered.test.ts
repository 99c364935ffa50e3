import {afterEach, describe, expect, test, vi} from 'vitest';
import {at, put, clear as remove} from '../../test/memory-store.ts';
import {SlowStore, type StoreMethod} from '../../test/slow-store.ts';
import type {Scope} from '../model/selection.ts';
import type {Store} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {storeContract} from './contract.ts';
import {
  bodyOf,
  bytesOf,
  commit,
  everything,
  idsIn,
  inScope,
  keep,
  matching,
  onlyIn,
  response,
} from './contract-support.ts';
import {MemoryStore} from './memory.ts';
import {tiered} from './tiered.ts';

const slow = (): SlowStore => new SlowStore(new MemoryStore(), run => queueMicrotask(run));

describe('memory in front of memory', () =>
  storeContract({describe, test}, () => tiered(new MemoryStore(), new MemoryStore())));

describe('memory in front of a slow store', () =>
  storeContract({describe, test}, () => tiered(new MemoryStore(), slow()), {
    bounded: maxBytes => tiered(new MemoryStore(), new MemoryStore({maxBytes})),
  }));

describe('a slow store in front of a slower one', () =>
  storeContract({describe, test}, () => tiered(slow(), new SlowStore(new MemoryStore()))));

describe('three tiers', () =>
  storeContract({describe, test}, () => tiered(new MemoryStore(), tiered(new MemoryStore(), slow()))));

/** A process with its own memory, in front of a store that another process uses directly. */
function process(): {near: SlowStore; memory: MemoryStore; shared: MemoryStore; far: SlowStore; store: Store} {
  const [memory, shared] = [new MemoryStore(), new MemoryStore()];
  const near = new SlowStore(memory, run => queueMicrotask(run));
  const far = new SlowStore(shared, run => queueMicrotask(run));
  return {near, memory, shared, far, store: tiered(near, far)};
}

/** What a request asks of a store for a hit, and what of that it asked of the far one. */
async function hit(store: Store, far: SlowStore, resource: string): Promise<readonly StoreMethod[]> {
  const before = far.calls.length;
  const began = await store.tick();
  const [stored] = await store.list(resource, began);
  await store.through(resource, resource, began);
  if (stored !== undefined) await bodyOf(store, stored);
  return far.calls.slice(before);
}

const resource = 'https://a.example/';
const scopes: readonly Scope[] = [
  {type: 'all'},
  {type: 'origin', origin: 'https://a.example'},
  {type: 'resource', resource},
  {type: 'partition', partition: 'p'},
  {type: 'tag', tag: 't'},
  {type: 'group', origin: 'https://a.example', group: 'g'},
];
const clauses = [...scopes.map(inScope), matching(({method}) => method === 'GET')];
const changes: Partial<StoredResponse> = {partition: 'p', tags: ['t'], groups: ['g']};

afterEach(() => {
  vi.useRealTimers();
});

describe('what another process does in the far store', () => {
  test.each(clauses)('a clear of %j holds for the next read', async clause => {
    const {store, shared, far} = process();
    const stored = await keep(store, changes);
    await hit(store, far, resource);
    expect(await idsIn(store)).toEqual([stored.id]);
    remove(shared, [clause]);
    expect(await idsIn(store)).toEqual([]);
    expect(await store.counts(stored)).toBe(false);
  });

  test.each(clauses)('an expiry of %j holds for the next read, until a validation there', async clause => {
    const {store, shared} = process();
    await keep(store, changes);
    expect((await onlyIn(store)).expired).toBe(false);
    remove(shared, [clause], {action: 'expire'});
    const expired = await onlyIn(store);
    expect(expired.expired).toBe(true);
    expect(await bodyOf(store, expired)).toEqual(bytesOf('body'));
    expect(await store.update({...expired, began: await store.tick()})).toBe('stored');
    expect((await onlyIn(store)).expired).toBe(false);
  });

  test('a clear of a tag that a response was given there holds for a copy made before', async () => {
    const {store, shared} = process();
    const stored = await keep(store);
    await onlyIn(store);
    shared.update({...stored, tags: ['given there']});
    remove(shared, [inScope({type: 'tag', tag: 'given there'})]);
    expect(await idsIn(store)).toEqual([]);
  });

  test('a clear while a list is on its way holds for the next read', async () => {
    const {store, shared} = process();
    await keep(store);
    const listing = idsIn(store);
    remove(shared, everything);
    await listing;
    expect(await idsIn(store)).toEqual([]);
  });

  test('a clear between reading the counter and listing holds for that list', async () => {
    const {store, shared} = process();
    await keep(store);
    const began = await store.tick();
    remove(shared, everything);
    expect(await store.list(resource, began)).toEqual([]);
  });

  test('a clear fences what began before it, here as there', async () => {
    const {store, shared} = process();
    const sink = store.put(response({began: await store.tick()}));
    remove(shared, everything);
    expect(await commit(sink, bytesOf('late'))).toBe('fenced');
    expect(await idsIn(store)).toEqual([]);
  });

  test('a through mark holds for the next request, though none was there a moment ago', async () => {
    const {store, shared, far} = process();
    await keep(store);
    await hit(store, far, resource);
    const {tick} = remove(shared, everything, {through: true});
    expect(await store.through(resource, resource, await store.tick())).toBe(tick);
  });

  test('what is stored or freshened there is seen within a second', async () => {
    vi.useFakeTimers({toFake: ['Date']});
    const {store, shared} = process();
    const stored = await keep(store);
    await onlyIn(store);
    const other = put(shared, {partition: 'other'});
    expect(await idsIn(store)).toEqual([stored.id]);
    vi.advanceTimersByTime(1000);
    expect(await idsIn(store)).toEqual([stored.id, other.id].toSorted());
  });

  test('what it stores where nothing was is seen at once', async () => {
    const {store, shared} = process();
    expect(await idsIn(store)).toEqual([]);
    const {id} = put(shared);
    expect(await idsIn(store)).toEqual([id]);
  });

  test('what had to make room there is listed no more once it has been used', async () => {
    const shared = new MemoryStore({maxCount: 1});
    const store = tiered(new MemoryStore(), shared);
    const stored = await keep(store);
    expect(await idsIn(store)).toEqual([stored.id]);
    put(shared, at('other'));
    expect(await bodyOf(store, await onlyIn(store))).toEqual(bytesOf('body'));
    expect(await idsIn(store)).toEqual([]);
  });
});

describe('cost', () => {
  test('a hit reads the counter and nothing else', async () => {
    const {store, far} = process();
    await keep(store);
    await hit(store, far, resource);
    expect(await hit(store, far, resource)).toEqual(['tick']);
  });

  test('a hit after a clear of something else asks for the list, not for the body', async () => {
    const {store, shared, far} = process();
    await keep(store);
    await hit(store, far, resource);
    remove(shared, [inScope({type: 'tag', tag: 'other'})]);
    expect(await hit(store, far, resource)).toEqual(['tick', 'list', 'through']);
    expect(await hit(store, far, resource)).toEqual(['tick']);
  });

  test('the far store is told of a use once per second, and nobody waits for that', async () => {
    const {store, far} = process();
    await keep(store);
    const stored = await onlyIn(store);
    far.hang('body');
    expect(await bodyOf(store, stored)).toEqual(bytesOf('body'));
    expect(await bodyOf(store, stored)).toEqual(bytesOf('body'));
    expect(far.calls.filter(call => call === 'body')).toHaveLength(1);
  });

  test('what one user stores leaves what is known of others alone, unless it is for everybody', async () => {
    const {store, far} = process();
    const asked = async (partition: string): Promise<number> => {
      const before = far.calls.filter(call => call === 'list').length;
      await store.list(resource, await store.tick(), partition);
      return far.calls.filter(call => call === 'list').length - before;
    };
    await keep(store, {partition: 'p'});
    await keep(store, {partition: 'q'});
    expect([await asked('p'), await asked('q'), await asked('p'), await asked('q')]).toEqual([1, 1, 0, 0]);
    await keep(store, {partition: 'p'});
    expect([await asked('p'), await asked('q')]).toEqual([1, 0]);
    const everybodys = await keep(store, {partition: '*'});
    expect([await asked('p'), await asked('q')]).toEqual([1, 1]);
    expect(await store.update({...everybodys, partition: 'p'})).toBe('stored');
    expect([await asked('p'), await asked('q')]).toEqual([1, 1]);
  });

  test('a list that was on its way while something was stored is not relied on', async () => {
    const shared = new MemoryStore();
    const travelling: (() => void)[] = [];
    const store = tiered(new MemoryStore(), new SlowStore(shared, run => void travelling.push(run)));
    const first = put(shared);
    const began = shared.tick();
    const arrive = (which: 'first' | 'last'): Promise<void> => {
      (which === 'first' ? travelling.shift() : travelling.pop())?.();
      return new Promise(resolve => setTimeout(resolve, 0));
    };
    const listed = store.list(resource, began);
    await arrive('first');
    const outcome = store.put(response({began})).commit();
    await new Promise(resolve => setTimeout(resolve, 0));
    for (let travels = 0; travels < 2; travels++) await arrive('last');
    expect(await outcome).toBe('stored');
    await arrive('first');
    expect((await listed).map(({id}) => id)).toEqual([first.id]);
    const again = store.list(resource, began);
    for (let travels = 0; travels < 2; travels++) await arrive('first');
    expect(await again).toHaveLength(2);
  });

  test('lists are bounded', async () => {
    vi.useFakeTimers({toFake: ['Date']});
    const {store, shared, far} = process();
    for (let index = 0; index < 10_000; index++) put(shared, at(index));
    for (let index = 0; index < 10_000; index++) await store.list(at(index).resource, 1);
    put(shared, at('one more'));
    await store.list(at('one more').resource, 1);
    const before = far.calls.length;
    await store.list(at(9999).resource, 1);
    expect(far.calls.length - before).toBe(0);
    await store.list(at(0).resource, 1);
    expect(far.calls.length - before).toBe(1);
  });
});

describe('arguments', () => {
  const all = 'tick, list, counts, body, put, update, clear, through, reached, entries, pseudonym, size, close';
  test.each([
    [undefined, new MemoryStore(), `limpid: tiered near is undefined; allowed: a store (missing: ${all})`],
    [new MemoryStore(), {}, `limpid: tiered far is {}; allowed: a store (missing: ${all})`],
  ])('%# what is not a store is refused', (near, far, message) => {
    expect(() => Reflect.apply(tiered, undefined, [near, far])).toThrow(new TypeError(message));
  });

  test('one store is not two tiers', () => {
    const store = new MemoryStore();
    expect(() => tiered(store, store)).toThrow(TypeError);
  });
});
