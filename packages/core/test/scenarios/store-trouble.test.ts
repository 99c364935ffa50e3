import {describe, expect, test, vi} from 'vitest';
import {cachingFetch} from '../../src/adapter/caching-fetch.ts';
import {HttpCache} from '../../src/engine/http-cache.ts';
import {MemoryStore} from '../../src/stores/memory.ts';
import {SlowStore, type StoreMethod} from '../slow-store.ts';
import {Clock, settled, until} from './clock.ts';
import {scripted, type World} from './world.ts';

type Troubled = World & {readonly store: SlowStore; readonly errors: string[]};

function troubled(options: Parameters<typeof scripted>[3] = {}): Troubled {
  const clock = new Clock();
  const store = new SlowStore(new MemoryStore({now: () => clock.now}), run => void setImmediate(run));
  const world = scripted(store, clock, 'streams', options);
  const errors: string[] = [];
  world.cache.on('error', ({error, during}) => errors.push(`${during}: ${(error as {code?: string}).code}`));
  world.origin.answering = ({method}) => ({body: `network ${method}`});
  return {...world, store, errors};
}

/** Asks, with time passing for whatever hangs. */
async function patiently<T>({clock}: World, asked: Promise<T>): Promise<T> {
  const state = {done: false};
  const ended = asked.finally(() => {
    state.done = true;
  });
  ended.catch(() => undefined);
  for (let second = 0; second < 20 && !state.done; second += 1) {
    await settled(20);
    if (!state.done) await clock.advance(1);
  }
  return ended;
}

const methods: readonly StoreMethod[] = [
  'tick',
  'list',
  'body',
  'write',
  'commit',
  'update',
  'through',
  'pseudonym',
  'reached',
  'counts',
  'size',
];
const down = new Error('down');

describe.each(['fails', 'hangs'] as const)('a store whose one method %s', how => {
  test('an answer without its body is told all the same, and nobody waits for what the store makes of it', async () => {
    const {ask, cache, store, origin, errors, clock} = troubled();
    origin.answering = () => ({fields: {'cache-control': 'max-age=600', etag: '"a"'}});
    await ask('/a');
    await cache.idle();
    if (how === 'fails') store.fail(down, 'body');
    else store.hang('body');
    expect((await ask({url: '/a', fields: {'if-none-match': '"a"'}})).status).toBe(304);
    expect((await ask({url: '/a', method: 'HEAD'})).was).toBe('hit; ttl=600');
    await clock.advance(2);
    expect(new Set(errors)).toEqual(new Set(['body: STORE_FAILED']));
  });

  test.each(methods)('%s: every request is answered, by the network if need be', async method => {
    const world = troubled();
    const {ask, cache, clock, store, origin} = world;
    const asked = {url: '/a?token=secret', fields: {authorization: 'one'}};
    await ask(asked);
    await cache.idle();
    if (how === 'fails') store.fail(down, method);
    else store.hang(method);
    expect((await patiently(world, ask(asked))).body).toBe('network GET');
    await clock.advance(61);
    expect((await patiently(world, ask(asked))).body).toBe('network GET');
    expect((await patiently(world, ask({...asked, method: 'POST'}))).body).toBe('network POST');
    const both = Promise.all([ask({url: '/b'}), ask({url: '/b'})]);
    expect((await patiently(world, both)).map(({body}) => body)).toEqual(['network GET', 'network GET']);
    store.heal();
    await clock.advance(5);
    // An invalidation that could not be applied is applied first, and may fence the request that brought it about.
    for (const _ of [1, 2]) {
      expect((await patiently(world, ask('/c'))).body).toBe('network GET');
      await patiently(world, cache.idle());
    }
    const before = origin.seen.length;
    expect((await patiently(world, ask('/c'))).was).toBe('hit; ttl=60');
    expect(origin.seen).toHaveLength(before);
  });
});

test('each failure is an error event that says during what', async () => {
  const {ask, cache, store, errors} = troubled();
  store.fail(down, 'list');
  expect((await ask('/a')).was).toBe('fwd=bypass; detail=store-failed');
  store.heal();
  store.fail(down, 'commit');
  expect((await ask('/a')).body).toBe('network GET');
  await cache.idle();
  expect(errors).toEqual(['list: STORE_FAILED', 'commit: STORE_FAILED']);
  expect(await cache.stats()).toMatchObject({errors: 2, refused: 1});
});

test('an error that nothing can stand in for, because the stored bytes are gone, is its caller’s; it is not asked for again', async () => {
  const {ask, cache, clock, store, origin} = troubled();
  origin.script([{fields: {'cache-control': 'max-age=60, stale-if-error=600'}}]);
  await ask('/a');
  await cache.idle();
  await clock.advance(70);
  store.fail(down, 'body');
  origin.script([{status: 503, body: 'busy'}]);
  expect(await ask('/a')).toMatchObject({status: 503, body: 'busy'});
  expect(origin.seen).toHaveLength(2);
});

test.each(['list', 'body'] as const)('a %s that is garbage is a failure, and the network answers', async method => {
  const clock = new Clock();
  const store = new MemoryStore({now: () => clock.now});
  const {ask, cache, origin} = scripted(store, clock, 'bytes');
  const errors: string[] = [];
  cache.on('error', ({error, during}) => errors.push(`${during}: ${(error as {code?: string}).code}`));
  origin.script([{}, {body: 'network'}]);
  await ask('/a');
  store[method] = () => ({}) as never;
  expect((await ask('/a')).body).toBe('network');
  expect(errors).toEqual([`${method}: STORE_FAILED`]);
});

test('a store that hung is left alone for a while, so that requests do not queue behind it', async () => {
  const world = troubled();
  const {ask, clock, store} = world;
  store.hang('list');
  await patiently(world, ask('/a'));
  const before = clock.now;
  expect((await ask('/b')).was).toBe('fwd=bypass; detail=store-failed');
  expect(clock.now).toBe(before);
});

test('a sink whose abort rejects costs nobody anything', async () => {
  const inner = new MemoryStore();
  const put = inner.put.bind(inner);
  inner.put = stored => Object.assign(put(stored), {abort: async () => Promise.reject(down)});
  const {ask, cache, origin} = scripted(inner, new Clock(), 'streams');
  const errors: string[] = [];
  cache.on('error', ({error, during}) => errors.push(`${during}: ${(error as Error).message}`));
  origin.script([{fields: {'cache-control': 'max-age=60', 'content-length': '99'}, body: 'short'}]);
  await ask('/a');
  await settled(5);
  expect(errors).toEqual(['abort: down']);
});

test('a clear that comes to nothing known did not happen', async () => {
  const store = new MemoryStore();
  store.clear = () => undefined as never;
  const cache = new HttpCache({store});
  await expect(cache.clear()).rejects.toMatchObject({code: 'CLEAR_FAILED'});
  await expect(cache.expire({tag: 'a'})).rejects.toMatchObject({code: 'EXPIRE_FAILED'});
});

test('entries that cannot be had are an error of the store’s, whatever it threw', async () => {
  const {cache, store, ask} = troubled();
  await ask('/a');
  store.fail(down, 'entries');
  const walk = async (): Promise<void> => {
    for await (const _ of cache.entries()) expect.unreachable();
  };
  await expect(walk()).rejects.toMatchObject({name: 'LimpidError', code: 'STORE_FAILED', cause: down});
});

test('entries of a store that hangs, at once or on the way, are waited for no longer than a clear', async () => {
  const world = troubled();
  const {cache, store, ask} = world;
  await ask('/a');
  await ask('/b');
  const seen: string[] = [];
  const walk = async (): Promise<void> => {
    for await (const {url} of cache.entries()) {
      seen.push(url);
      store.hang('entries');
    }
  };
  await expect(patiently(world, walk())).rejects.toMatchObject({name: 'LimpidError', code: 'STORE_FAILED'});
  await expect(patiently(world, walk())).rejects.toMatchObject({name: 'LimpidError', code: 'STORE_FAILED'});
  expect(seen).toHaveLength(1);
});

test('whoever stops looking at entries lets go of them', async () => {
  const {cache, store, ask} = troubled();
  await ask('/a');
  await ask('/b');
  const letGo = vi.fn();
  const entries = store.entries.bind(store);
  store.entries = async function* (what) {
    try {
      yield* entries(what);
    } finally {
      letGo();
    }
  };
  for await (const _ of cache.entries()) break;
  await until(() => letGo.mock.calls.length === 1);
});

describe('a clear that did not happen is known', () => {
  test.each([
    ['clear', 'CLEAR_FAILED'],
    ['expire', 'EXPIRE_FAILED'],
  ] as const)('%s rejects when the store fails, and when it hangs', async (verb, code) => {
    const world = troubled();
    world.store.fail(down, 'clear');
    await expect(world.cache[verb]()).rejects.toMatchObject({name: 'LimpidError', code, cause: down});
    world.store.hang('clear');
    await expect(patiently(world, world.cache[verb]())).rejects.toMatchObject({code});
  });

  test('what has to be searched for is waited for longer', async () => {
    const {cache, clock, store} = troubled();
    store.hang('clear');
    const cleared = cache.clear({prefix: 'https://a.example/'}).then(
      () => 'cleared',
      (error: {readonly code?: unknown}) => error.code,
    );
    await settled();
    await clock.advance(59);
    expect(await Promise.race([cleared, settled().then(() => 'waiting')])).toBe('waiting');
    await clock.advance(1);
    expect(await cleared).toBe('CLEAR_FAILED');
  });

  test('put rejects too', async () => {
    const {cache, store} = troubled();
    store.fail(down, 'commit');
    const response = new Response('a', {headers: {'cache-control': 'max-age=60'}});
    await expect(cache.put('https://a.example/', response)).rejects.toMatchObject({code: 'PUT_FAILED'});
    store.heal();
    store.fail(down, 'list');
    await expect(cache.put('https://a.example/', new Response('a'))).rejects.toMatchObject({code: 'PUT_FAILED'});
  });
});

describe('an invalidation the store failed to apply', () => {
  async function unapplied(): Promise<Troubled> {
    const world = troubled();
    const {ask, cache, store} = world;
    await ask('/a');
    await ask('/b');
    await cache.idle();
    store.fail(down, 'clear');
    expect((await ask({url: '/a', method: 'POST'})).body).toBe('network POST');
    return world;
  }

  test('bypasses what it selects, and nothing else', async () => {
    const {ask, origin} = await unapplied();
    const before = origin.seen.length;
    await ask('/b');
    expect(origin.seen).toHaveLength(before);
    await ask('/a');
    await ask('/a');
    expect(origin.seen).toHaveLength(before + 2);
  });

  test('holds nobody up for long, where the store had not answered the request either', async () => {
    const {ask, cache, clock, store} = troubled();
    await ask('/a');
    await cache.idle();
    store.fail(down, 'tick');
    store.hang('clear');
    const asked = ask({url: '/a', method: 'POST'});
    await settled(20);
    await clock.advance(0.25);
    expect((await asked).body).toBe('network POST');
    store.heal('tick');
    await clock.advance(1.5);
    expect((await ask('/a')).was).toContain('detail=unapplied');
  });

  test('is applied before the answer is handed over, where the store had failed but is there again', async () => {
    const {ask, cache, store} = troubled();
    await ask('/a');
    await cache.idle();
    store.fail(down, 'tick');
    await ask({url: '/a', method: 'POST'});
    expect((await store.size()).count).toBe(0);
  });

  test('says so in Cache-Status', async () => {
    const {ask, cache} = await unapplied();
    expect(await cache.explain('https://a.example/a')).toMatchObject({because: 'uri-miss', detail: 'unapplied'});
    expect((await ask('/a')).was).toContain('detail=unapplied');
  });

  test('is applied as soon as the store is well again', async () => {
    const {ask, cache, clock, store} = await unapplied();
    store.heal();
    await clock.advance(2);
    await ask('/a');
    await settled();
    await ask('/a');
    await cache.idle();
    await settled();
    expect((await ask('/a')).was).toBe('hit; ttl=60');
  });

  test('is tried again after a second, not by every request', async () => {
    const {ask, clock, store} = await unapplied();
    const tries = (): number => store.calls.filter(call => call === 'clear').length;
    await ask('/a');
    await settled();
    expect(tries()).toBe(1);
    await clock.advance(1);
    await ask('/a');
    await ask('/a');
    await settled();
    expect(tries()).toBe(2);
  });

  test('counts as one of everything when there are too many to remember', async () => {
    const {ask, cache, store} = troubled();
    await ask('/last');
    await cache.idle();
    store.fail(down, 'clear');
    for (let index = 0; index < 256; index += 1) await ask({url: `/${index}`, method: 'POST'});
    expect((await ask('/last')).was).toBe('hit; ttl=60');
    await ask({url: '/last', method: 'POST'});
    expect((await ask('/last')).was).toContain('detail=unapplied');
  });

  test('is remembered when there are too many again, while those of before are being applied', async () => {
    const {ask, cache, clock, store} = troubled();
    const flood = async (): Promise<void> => {
      for (let index = 0; index <= 256; index += 1) await ask({url: `/${index}`, method: 'POST'});
    };
    store.fail(down, 'clear');
    await flood();
    store.heal('clear');
    const clear = store.clear.bind(store);
    const {promise, resolve} = Promise.withResolvers<void>();
    store.clear = async (...given) => {
      const outcome = await clear(...given);
      await promise;
      return outcome;
    };
    await clock.advance(1);
    // The first begins the clear, and is fenced by it.
    for (let times = 0; times < 2; times += 1) {
      await ask('/kept');
      await settled(20);
    }
    store.clear = () => Promise.reject(down);
    await flood();
    resolve();
    await cache.idle();
    await settled(20);
    expect((await ask('/kept')).was).toContain('detail=unapplied');
  });

  test('hides from match and explain as well', async () => {
    const {cache} = await unapplied();
    expect(await cache.match('https://a.example/b')).toBeDefined();
    expect(await cache.match('https://a.example/a')).toBeUndefined();
    expect(await cache.explain('https://a.example/a')).not.toMatchObject({decision: 'reuse'});
  });

  test('hides from those who join a flight begun before it', async () => {
    const {ask, origin, store} = troubled();
    const held = origin.hold();
    const before = ask('/a');
    await until(() => held.waiting === 1);
    origin.script([{status: 204}]);
    store.fail(down, 'clear');
    await ask({url: '/a', method: 'POST'});
    origin.answering = () => ({body: 'new'});
    const after = ask('/a');
    await settled();
    await held.answer({body: 'old'});
    expect((await before).body).toBe('old');
    expect((await after).body).toBe('new');
  });
});

test('a logout whose user the store could not name empties what everybody has of that origin', async () => {
  const {ask, cache, origin, store} = troubled();
  const other = {url: '/a', fields: {authorization: 'two'}};
  await ask(other);
  await cache.idle();
  expect((await ask(other)).was).toBe('hit; ttl=60');
  store.fail(down, 'pseudonym');
  origin.script([{fields: {'clear-site-data': '"cache"'}}, {}]);
  await ask({url: '/logout', fields: {authorization: 'one'}});
  store.heal();
  expect((await ask(other)).was).toBe('fwd=uri-miss; stored');
});

test('a response that does not fit is refused, and the caller has it', async () => {
  const clock = new Clock();
  const store = new MemoryStore({maxBytes: 2000, now: () => clock.now});
  const {cache, origin, ask} = scripted(store, clock, 'streams');
  const refused: string[] = [];
  cache.on('refuse', ({because}) => refused.push(because));
  origin.script([{body: 'x'.repeat(5000)}]);
  expect((await ask('/a')).body).toHaveLength(5000);
  await cache.idle();
  expect(refused).toEqual(['full']);
});

test('what made room is told, with a store that was given', async () => {
  const clock = new Clock();
  const {cache, origin, ask} = scripted(new MemoryStore({maxCount: 3, now: () => clock.now}), clock, 'bytes');
  const evicted: string[] = [];
  cache.on('evict', ({url}) => evicted.push(url));
  origin.answering = () => ({});
  for (let index = 0; index < 12; index += 1) await ask(`/${index}`);
  expect(evicted.length).toBeGreaterThan(0);
  expect((await cache.stats()).evicted).toBe(evicted.length);
  expect((await cache.stats()).size?.count).toBeLessThanOrEqual(3);
});

describe('a request that refuses the network does not reach it', () => {
  const refusing = {url: '/a?token=secret', fields: {'cache-control': 'only-if-cached'}};

  test.each(['list', 'through', 'pseudonym', 'body'] as const)('when %s fails', async method => {
    const {ask, cache, origin, store} = troubled();
    await ask({url: refusing.url});
    await cache.idle();
    expect(await ask(refusing)).toMatchObject({status: 200});
    store.fail(down, method);
    expect(await ask(refusing)).toMatchObject({status: 504});
    await expect(ask({url: refusing.url, mode: 'only-if-cached'})).rejects.toMatchObject({code: 'UNSATISFIABLE'});
    expect(origin.seen).toHaveLength(1);
  });

  test('unless the cache is switched off: then whoever lies below hears of it', async () => {
    const {ask, cache, origin} = troubled();
    const resume = cache.pause();
    await ask({url: '/a', mode: 'only-if-cached'});
    resume();
    await ask({...refusing, options: false});
    expect(origin.seen[0]).toMatchObject({mode: 'only-if-cached'});
    expect(origin.seen[1]?.fields.get('cache-control')).toBe('only-if-cached');
  });
});

test('an invalidation that failed holds in all caches of the process over the store', async () => {
  const store = new MemoryStore();
  const [one, other] = [new HttpCache({store}), new HttpCache({store})];
  let asked = 0;
  const send = async (): Promise<Response> => new Response(`${++asked}`, {headers: {'cache-control': 'max-age=60'}});
  const [get, getElsewhere] = [one, other].map(cache => cachingFetch(cache, {fetch: send}));
  const url = 'https://a.example/a';
  expect(await (await get?.(url))?.text()).toBe('1');
  vi.spyOn(store, 'clear').mockImplementationOnce(() => {
    throw new Error('down');
  });
  await (await get?.(url, {method: 'POST'}))?.text();
  expect(await (await getElsewhere?.(url))?.text()).toBe('3');
});
