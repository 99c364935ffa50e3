import {describe, expect, test} from 'vitest';
import {at, clear, has, put} from '../../test/memory-store.ts';
import {inScope, response} from './contract-support.ts';
import {MemoryStore} from './memory.ts';

describe('bounds', () => {
  test('the least recently used goes first, and is told', () => {
    const store = new MemoryStore({maxCount: 3});
    const evicted: string[] = [];
    store.onEvict(({id}) => void evicted.push(id));
    const [a, b, c] = [put(store, at('a')), put(store, at('b')), put(store, at('c'))];
    store.body(a);
    const d = put(store, at('d'));
    expect(evicted).toEqual([b.id]);
    store.body(c);
    store.body(a);
    put(store, at('e'));
    put(store, at('f'));
    expect(evicted).toEqual([b.id, d.id, c.id]);
  });

  test('one in steady use survives any number of others', () => {
    const store = new MemoryStore({maxCount: 100});
    const hot = put(store, at('hot'));
    for (let index = 0; index < 5000; index++) {
      put(store, at(index));
      if (index % 20 === 0) expect(store.body(hot)).toBeDefined();
    }
    expect(store.size().count).toBe(100);
  });

  test('heads weigh too', () => {
    const store = new MemoryStore({maxBytes: 100 * 1024});
    for (let index = 0; index < 1000; index++) put(store, at(index));
    expect(store.size().count).toBeGreaterThan(20);
    expect(store.size().count).toBeLessThan(100);
  });

  test('bodies never come to more than the limit', () => {
    const store = new MemoryStore({maxBytes: 1024 * 1024});
    for (let index = 0; index < 500; index++) put(store, at(index), (index * 7919) % 60_000);
    expect(store.size().bytes).toBeLessThanOrEqual(1024 * 1024);
    expect(store.size().bytes).toBeGreaterThan(800 * 1024);
  });

  test('a body beyond the share of one resource is full, and evicts nothing', () => {
    const store = new MemoryStore({maxBytes: 100_000});
    const other = put(store, at('other'), 10_000);
    const sink = store.put(response({began: store.tick()}));
    for (let chunk = 0; chunk < 50; chunk++) sink.write(new Uint8Array(1000));
    expect(sink.commit()).toBe('full');
    expect(has(store, other)).toBe(true);
  });

  test('bodies under way are bounded together', () => {
    const store = new MemoryStore({maxBytes: 100_000});
    const sinks = Array.from({length: 6}, (_, index) => store.put(response({...at(index), began: store.tick()})));
    for (const sink of sinks) sink.write(new Uint8Array(20_000));
    expect(sinks.map(sink => sink.commit())).toEqual(['stored', 'stored', 'stored', 'stored', 'stored', 'full']);
    const later = store.put(response({...at('later'), began: store.tick()}));
    later.write(new Uint8Array(20_000));
    expect(later.commit()).toBe('stored');
  });

  test('what a clear emptied is not told as evicted', () => {
    const store = new MemoryStore({maxCount: 1000});
    const evicted: string[] = [];
    store.onEvict(({id}) => void evicted.push(id));
    for (let index = 0; index < 1000; index++) put(store, {...at(index), tags: ['t']});
    clear(store, [inScope({type: 'tag', tag: 't'})]);
    for (let index = 0; index < 1000; index++) put(store, at(index));
    expect(evicted).toEqual([]);
    expect(store.size().count).toBe(1000);
  });

  test('secrets are bounded, and one that fell out is given a new pseudonym', () => {
    const store = new MemoryStore();
    const first = store.pseudonym('first');
    for (let index = 0; index < 60_000; index++) store.pseudonym(`secret ${index}`);
    expect(store.pseudonym('first')).not.toBe(first);
  }, 60_000);

  test('neither content nor signed URLs push out anybody’s credentials', () => {
    const store = new MemoryStore();
    const ada = store.pseudonym('credentials ada');
    for (let index = 0; index < 60_000; index++) store.pseudonym(`parameter ${index}`);
    for (let index = 0; index < 400; index++) store.pseudonym(`content ${index} ${'x'.repeat(60_000)}`);
    expect(store.pseudonym('credentials ada')).toBe(ada);
  }, 60_000);

  test('a secret that would take the room of many is not remembered', () => {
    const store = new MemoryStore();
    const secret = 's'.repeat(2 * 1024 * 1024);
    expect(store.pseudonym(secret)).toBe(store.pseudonym(secret));
    expect(store.pseudonym(`${secret}s`)).not.toBe(store.pseudonym(`${secret}s`));
  });

  test('as many users as there is room for keep their names, with tokens as long as they get', () => {
    const store = new MemoryStore();
    const token = (user: number): string => `${user} ${'t'.repeat(1500)}`;
    const names = (): readonly string[] => Array.from({length: 5000}, (_, user) => store.pseudonym(token(user)));
    expect(names()).toEqual(names());
    expect(new Set(names()).size).toBe(5000);
  });
});

describe('shares', () => {
  test('random credentials displace one another, not everyone', () => {
    const store = new MemoryStore({maxCount: 100});
    const others = Array.from({length: 40}, (_, index) => put(store, at(`other/${index}`)));
    for (let index = 0; index < 1000; index++) put(store, {...at(index), partition: store.pseudonym(`${index}`)});
    expect(others.every(stored => has(store, stored))).toBe(true);
    expect(store.size().count).toBe(100);
  });

  test('of random credentials, those used least recently go first', () => {
    const store = new MemoryStore({maxCount: 100});
    for (let index = 0; index < 40; index++) put(store, at(`other/${index}`));
    const derived = (index: number) => put(store, {...at(index), partition: store.pseudonym(`${index}`)});
    const [used, unused] = Array.from({length: 60}, (_, index) => derived(index));
    if (used === undefined || unused === undefined) expect.unreachable();
    store.body(used);
    derived(60);
    expect([has(store, used), has(store, unused)]).toEqual([true, false]);
  });

  test.each(['p', ''])('the partition "%s" displaces itself when it has half and others are there', partition => {
    const store = new MemoryStore({maxCount: 100});
    const others = Array.from({length: 30}, (_, index) => put(store, {...at(index), partition: 'q'}));
    for (let index = 0; index < 1000; index++) put(store, {...at(`many/${index}`), partition});
    expect(others.every(stored => has(store, stored))).toBe(true);
    expect(store.size().count).toBe(100);
  });

  test('a partition alone has everything, and gives way when another comes', () => {
    const store = new MemoryStore({maxCount: 100});
    for (let index = 0; index < 200; index++) put(store, {...at(index), partition: 'p'});
    expect(store.size().count).toBe(100);
    for (let index = 0; index < 60; index++) put(store, {...at(`q/${index}`), partition: 'q'});
    const {count} = clear(store, [inScope({type: 'partition', partition: 'q'})], {action: 'count'});
    expect(count).toBe(50);
  });

  test('random Vary values displace variants of the same resource alone', () => {
    const store = new MemoryStore({maxCount: 200});
    const others = Array.from({length: 100}, (_, index) => put(store, at(index)));
    const variants = Array.from({length: 500}, () => put(store, at('varies')));
    expect(others.every(stored => has(store, stored))).toBe(true);
    expect(store.list(at('varies').resource).map(({id}) => id)).toEqual(variants.slice(-64).map(({id}) => id));
  });

  test('of a resource, each user has as many variants, whatever others have', () => {
    const store = new MemoryStore();
    const ids = (partition: string) => store.list(at('me').resource, store.tick(), partition).map(({id}) => id);
    const users = Array.from({length: 1000}, (_, index) => put(store, {...at('me'), partition: `user-${index}`}));
    const variants = Array.from({length: 100}, () => put(store, {...at('me'), partition: 'varies'}));
    const [first] = variants.slice(-64);
    for (const used of [...users, first]) if (used !== undefined) store.body(used);
    const late = put(store, {...at('me'), partition: 'varies'});
    const kept = [first, ...variants.slice(-62), late].map(stored => stored?.id);
    expect(new Set(ids('varies'))).toEqual(new Set(kept));
    for (const {id, partition} of users) expect(ids(partition)).toEqual([id]);
  });

  test('the users of one resource have a quarter of the count, and leave the rest to others', () => {
    const store = new MemoryStore({maxCount: 1000});
    const others = Array.from({length: 500}, (_, index) => put(store, at(index)));
    for (let index = 0; index < 600; index++) put(store, {...at('me'), partition: `user-${index}`});
    expect(others.every(stored => has(store, stored))).toBe(true);
    expect(store.list(at('me').resource)).toHaveLength(250);
  });

  test('the users of one resource who used it last have its share of the bytes', () => {
    const store = new MemoryStore({maxBytes: 1024 * 1024});
    const others = Array.from({length: 10}, (_, index) => put(store, at(index)));
    const [first] = Array.from({length: 100}, (_, index) => {
      const stored = put(store, {...at('me'), partition: `user-${index}`}, 10 * 1024);
      const [used] = store.list(at('me').resource, store.tick(), 'user-0');
      if (used !== undefined) store.body(used);
      return stored;
    });
    expect(others.every(stored => has(store, stored))).toBe(true);
    const left = store.list(at('me').resource);
    expect(left.length).toBeGreaterThan(20);
    expect(left.length).toBeLessThan(26);
    expect(left.some(({id}) => id === first?.id)).toBe(true);
    expect(left.some(({partition}) => partition === 'user-99')).toBe(true);
  });

  test('one resource takes at most a quarter of the bytes', () => {
    const store = new MemoryStore({maxBytes: 1024 * 1024});
    for (let index = 0; index < 20; index++) put(store, at('varies'), 100 * 1024);
    expect(store.list(at('varies').resource)).toHaveLength(2);
  });
});

describe('what the store has let go of', () => {
  const size = 20_000;

  async function heldBytes(): Promise<number> {
    for (let round = 0; round < 4; round++) {
      globalThis.gc?.();
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    return process.memoryUsage().arrayBuffers;
  }

  test.each<[how: string, churn: (store: MemoryStore, index: number) => void]>([
    ['by replacing', (store, index) => void put(store, at(index % 100), size)],
    [
      'by clearing',
      (store, index) => {
        clear(store, [inScope({type: 'resource', ...at(index % 100)})]);
        put(store, at(index % 100), size);
      },
    ],
    ['in one resource', (store, index) => void put(store, {...at('one'), partition: `credentials:${index}`}, size)],
  ])('%s is garbage, also once a first response had to go', async (_, churn) => {
    const store = new MemoryStore({maxCount: 100});
    for (let index = 0; index < 101; index++) put(store, at(index), size);
    const before = await heldBytes();
    for (let index = 0; index < 2000; index++) churn(store, index);
    expect((await heldBytes()) - before).toBeLessThan(30 * size);
  });
});
