import {describe, expect, test} from 'vitest';
import {Clock, settled} from '../../test/scenarios/clock.ts';
import {SlowStore} from '../../test/slow-store.ts';
import {cachingFetch} from '../adapter/caching-fetch.ts';
import {LimpidError} from '../errors.ts';
import {response} from '../stores/contract-support.ts';
import {MemoryStore} from '../stores/memory.ts';
import {GuardedStore} from './guarded-store.ts';
import {HttpCache} from './http-cache.ts';

function make(inner: MemoryStore | SlowStore = new MemoryStore()) {
  const clock = new Clock();
  const errors: string[] = [];
  const noted = (error: unknown, during: string): void => void errors.push(`${during}: ${(error as Error).message}`);
  return {clock, errors, store: new GuardedStore(inner, clock.timers, () => clock.now, noted)};
}

const slow = (): SlowStore => new SlowStore(new MemoryStore(), run => void setImmediate(run));
const fails = (): never => {
  throw new Error('down');
};

function lockedStream(): ReadableStream {
  const stream = new ReadableStream();
  stream.getReader();
  return stream;
}

const streamed = (...chunks: readonly string[]): ReadableStream<Uint8Array> => new Blob([...chunks]).stream();

const place = {resource: 'https://a.example/', url: 'https://a.example/', partition: ''};

describe('a lookup', () => {
  test('over a synchronous store is there at once', () => {
    const {store} = make();
    expect(store.lookup(place)).toEqual({
      began: 1,
      candidates: [],
      through: undefined,
    });
  });

  test('is asked for at once where the store can', () => {
    const store = new MemoryStore();
    const lookup = {began: 3, candidates: [], through: 2};
    expect(make(Object.assign(store, {lookup: () => lookup})).store.lookup(place)).toBe(lookup);
    const {store: guarded, errors} = make(Object.assign(store, {lookup: () => ({...lookup, candidates: {}})}));
    expect(guarded.lookup(place)).toBeUndefined();
    expect(errors).toHaveLength(1);
  });

  test('reads the tick before anything else, so that a later clear fences what follows', async () => {
    const inner = slow();
    await make(inner).store.lookup(place);
    expect(inner.calls).toEqual(['tick', 'list', 'through']);
  });

  test('of a store that fails is nothing, and an error', async () => {
    const inner = slow();
    inner.fail(new Error('down'), 'list');
    const {store, errors} = make(inner);
    expect(await store.lookup(place)).toBeUndefined();
    expect(errors).toEqual(['list: down']);
  });
});

describe('a store that answers what no store answers', () => {
  const lists: readonly {readonly listed: unknown}[] = [
    undefined,
    null,
    5,
    {},
    {length: 0},
    'list',
    new Set(),
    [null],
    [{}],
    [{facts: {}}],
  ].map(listed => ({listed}));
  const bodies: readonly {readonly body: unknown}[] = [
    null,
    5,
    {},
    'body',
    [1, 2],
    new Uint8Array(3),
    lockedStream(),
  ].map(body => ({body}));

  test.each(lists)('a list that is $listed is a failure', async ({listed}) => {
    const inner = new MemoryStore();
    inner.list = () => listed as never;
    const {store, errors} = make(inner);
    expect(await store.lookup(place)).toBeUndefined();
    inner.list = (async () => listed) as never;
    expect(await store.lookup(place)).toBeUndefined();
    const failure = 'list: limpid: the store listed what are no responses';
    expect(errors).toEqual([failure, failure]);
  });

  test.each([undefined, null, '', 5])('a pseudonym that is %o is a failure, and mixes up nobody', async name => {
    const inner = new MemoryStore();
    inner.pseudonym = () => name as never;
    const cache = new HttpCache({store: inner});
    const errors: unknown[] = [];
    cache.on('error', ({during, error}) => errors.push([during, String((error as Error).cause)]));
    const send: typeof fetch = async (_, init) =>
      new Response(new Headers(init?.headers).get('authorization'), {headers: {'cache-control': 'max-age=60'}});
    const get = cachingFetch(cache, {fetch: send});
    for (const user of ['ada', 'bob'])
      expect(await (await get('https://example.com/me', {headers: {authorization: user}})).text()).toBe(user);
    expect(errors[0]).toEqual(['pseudonym', 'TypeError: limpid: the store gave a pseudonym that is no text']);
  });

  test.each(bodies)('a body that is $body is a failure', async ({body}) => {
    const inner = new MemoryStore();
    inner.body = () => body as never;
    const {store, errors} = make(inner);
    expect(await store.body(response())).toBeUndefined();
    inner.body = (async () => body) as never;
    expect(await store.body(response())).toBeUndefined();
    const failure = 'body: limpid: the store gave no body of 0 bytes';
    expect(errors).toEqual([failure, failure]);
  });
});

describe('a body that is a stream', () => {
  test('is read to its end', async () => {
    const {store, errors} = make(Object.assign(new MemoryStore(), {body: () => streamed('hel', 'lo')}));
    const body = await store.body(response({size: 5}));
    expect(await new Response(body as BodyInit).text()).toBe('hello');
    expect(errors).toEqual([]);
  });

  test.each([
    {name: 'too short', size: 6, failure: 'limpid: a body has 5 bytes or more instead of 6'},
    {name: 'too long', size: 4, failure: 'limpid: a body has 5 bytes or more instead of 4'},
  ])('that is $name fails its reader, and is told of', async ({size, failure}) => {
    const {store, errors} = make(Object.assign(new MemoryStore(), {body: () => streamed('hello')}));
    const body = await store.body(response({size}));
    await expect(new Response(body as BodyInit).text()).rejects.toThrow(failure);
    expect(errors).toEqual([`body: ${failure}`]);
  });

  test('that fails is told of', async () => {
    const failing = new ReadableStream({pull: () => Promise.reject(new Error('disk'))}, {highWaterMark: 0});
    const {store, errors} = make(Object.assign(new MemoryStore(), {body: () => failing}));
    await expect(new Response((await store.body(response())) as BodyInit).text()).rejects.toThrow('disk');
    expect(errors).toEqual(['body: disk']);
  });

  test('that its reader leaves while it is read has failed nobody', async () => {
    const waiting = new ReadableStream<Uint8Array>({pull: () => new Promise(() => undefined)}, {highWaterMark: 0});
    const {store, errors} = make(Object.assign(new MemoryStore(), {body: () => waiting}));
    const reader = ((await store.body(response({size: 5}))) as ReadableStream<Uint8Array>).getReader();
    const read = reader.read();
    await reader.cancel();
    expect((await read).done).toBe(true);
    await settled(5);
    expect(errors).toEqual([]);
  });

  test('of a range is as long as that', async () => {
    const {store} = make(Object.assign(new MemoryStore(), {body: () => streamed('ell')}));
    const body = await store.body(response({size: 5}), {offset: 1, length: 3});
    expect(await new Response(body as BodyInit).text()).toBe('ell');
  });
});

describe('an attempt', () => {
  test('gives what the store gives', async () => {
    const inner = slow();
    const {store} = make(inner);
    expect(await store.attempt('size', undefined, from => from.size())).toEqual({count: 0, bytes: 0});
    expect(make().store.attempt('size', undefined, from => from.size())).toEqual({count: 0, bytes: 0});
  });

  test('falls back when the store throws, rejects or takes too long', async () => {
    const {store, clock, errors} = make();
    expect(store.attempt('one', 'fallback', fails)).toBe('fallback');
    expect(await store.attempt('two', 'fallback', async () => fails())).toBe('fallback');
    const hung = store.attempt('three', 'fallback', () => new Promise<string>(() => undefined));
    await clock.advance(1);
    expect(await hung).toBe('fallback');
    expect(errors).toEqual(['one: down', 'two: down', 'three: limpid: the store did not answer within 1000 ms']);
  });

  test('leaves no timer', async () => {
    const {store, clock} = make(slow());
    await store.attempt('size', undefined, from => from.size());
    expect(clock.waiting).toBe(0);
  });

  test('after one that took too long is not made for a second, whether or not the clock jumps', async () => {
    const {store, clock, errors} = make();
    void store.attempt('list', 0, () => new Promise<number>(() => undefined));
    await clock.advance(1);
    await settled();
    expect(store.attempt('next', 'fallback', () => 'asked')).toBe('fallback');
    await clock.advance(1);
    expect(store.attempt('next', 'fallback', () => 'asked')).toBe('asked');
    expect(errors).toHaveLength(1);
    void store.attempt('body', 0, () => new Promise<number>(() => undefined));
    await clock.advance(1);
    await settled();
    clock.now -= 3_600_000;
    expect(store.attempt('next', 'fallback', () => 'asked')).toBe('asked');
  });

  test('after one that the store gave up itself is not made for as long as that took', async () => {
    const {store, clock} = make();
    const late = Promise.withResolvers<string>();
    const attempted = store.attempt('list', 'fallback', () => late.promise);
    await clock.advance(0.25);
    late.reject(new LimpidError('STORE_FAILED', {cause: new DOMException('250 ms', 'TimeoutError')}));
    expect(await attempted).toBe('fallback');
    await clock.advance(0.24);
    expect(store.attempt('next', 'fallback', () => 'asked')).toBe('fallback');
    await clock.advance(0.01);
    expect(store.attempt('next', 'fallback', () => 'asked')).toBe('asked');
  });

  test('to read is made while a write takes too long', async () => {
    const {store, clock, errors} = make();
    void store.attempt('commit', 0, () => new Promise<number>(() => undefined));
    await clock.advance(1);
    await settled();
    expect(errors).toHaveLength(1);
    expect(store.attempt('list', 'fallback', () => 'asked')).toBe('asked');
  });

  test('that failed at once is made again at once', () => {
    const {store} = make();
    void store.attempt('one', 0, fails);
    expect(store.attempt('two', 'fallback', () => 'asked')).toBe('asked');
  });

  test('whose late answer is a rejection rejects nowhere', async () => {
    const {store, clock} = make();
    const late = Promise.withResolvers<string>();
    const attempted = store.attempt('late', 'fallback', () => late.promise);
    await clock.advance(1);
    late.reject(new Error('too late'));
    await settled();
    expect(await attempted).toBe('fallback');
  });
});

describe('what must be known to have happened', () => {
  test('throws and rejects as the store does, and when it takes too long', async () => {
    const {store, clock, errors} = make();
    expect(() => store.insist(10, fails)).toThrow('down');
    await expect(store.insist(10, async () => fails())).rejects.toThrow('down');
    const late = expect(store.insist(10_000, () => new Promise(() => undefined))).rejects.toThrow('within 10000 ms');
    await clock.advance(10);
    await late;
    expect(errors).toEqual([]);
  });

  test('is tried even while requests leave the store alone', async () => {
    const {store, clock} = make();
    void store.attempt('hung', 0, () => new Promise<number>(() => undefined));
    await clock.advance(1);
    await settled();
    expect(store.insist(10, from => from.counts(response()))).toBeDefined();
  });
});
