import {HttpCache} from 'limpid';
import {HttpResponse, http} from 'msw';
import {setupServer} from 'msw/node';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {cachedFetch} from './index.ts';

const server = setupServer();
beforeAll(() => server.listen({onUnhandledFrame: 'error'}));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const url = 'https://api.example.com/users';
const statusOf = (response: Response): string => response.headers.get('cache-status') ?? '';

/** Answers every GET of `url` with these fields, and counts. */
function answering(headers: Record<string, string>): () => number {
  let count = 0;
  server.use(
    http.get(url, () => {
      count += 1;
      return HttpResponse.json({count}, {headers: {date: new Date().toUTCString(), ...headers}});
    }),
  );
  return () => count;
}

test('the second call is a hit', async () => {
  const count = answering({'cache-control': 'max-age=60'});
  const get = cachedFetch(new HttpCache());
  const miss = await get(url);
  expect(statusOf(miss)).toBe('limpid; fwd=uri-miss; stored');
  expect(await miss.json()).toEqual({count: 1});
  const hit = await get(url);
  expect(statusOf(hit)).toMatch(/^limpid; hit; ttl=/);
  expect(hit).toMatchObject({url, status: 200, redirected: false});
  expect(await hit.json()).toEqual({count: 1});
  expect(count()).toBe(1);
});

test('a clear is a clear', async () => {
  const count = answering({'cache-control': 'max-age=60'});
  const cache = new HttpCache();
  const get = cachedFetch(cache);
  await (await get(url)).text();
  await cache.clear(url);
  expect(await (await get(url)).json()).toEqual({count: 2});
  expect(count()).toBe(2);
});

test('one cache serves several fetches', async () => {
  const count = answering({'cache-control': 'max-age=60'});
  const cache = new HttpCache();
  await (await cachedFetch(cache)(url)).text();
  expect(statusOf(await cachedFetch(cache)(url))).toMatch(/; hit/);
  expect(count()).toBe(1);
});

test('a response the network breaks off is not stored', async () => {
  let count = 0;
  server.use(
    http.get(url, () => {
      count += 1;
      const body = new ReadableStream({
        start: controller => controller.enqueue(new TextEncoder().encode('half')),
        pull: controller => controller.error(new Error('broken off')),
      });
      return new HttpResponse(body, {headers: {'cache-control': 'max-age=60'}});
    }),
  );
  const get = cachedFetch(new HttpCache());
  for (const expected of [1, 2]) {
    await expect(get(url).then(response => response.text())).rejects.toThrow();
    expect(count).toBe(expected);
  }
});

describe('options', () => {
  /** An instant, for answers and a cache of that instant: an age of a second is then never in the way. */
  const noon = Date.UTC(2026, 0, 1, 12);
  const atNoon = {date: new Date(noon).toUTCString()};
  const cacheAtNoon = (): HttpCache => new HttpCache({now: () => noon});

  test('hold for every call', async () => {
    answering(atNoon);
    const get = cachedFetch(cacheAtNoon(), {ttl: '1m', tags: ['users']});
    await (await get(url)).text();
    expect(statusOf(await get(url))).toBe('limpid; hit; ttl=60');
  });

  test('give way to those of a call', async () => {
    answering(atNoon);
    const get = cachedFetch(cacheAtNoon(), {ttl: '1m'});
    await (await get(url, {limpid: {ttl: '1h'}})).text();
    expect(statusOf(await get(url))).toBe('limpid; hit; ttl=3600');
    expect(statusOf(await get(url, {limpid: false}))).toMatch(/fwd=bypass/);
  });

  test('name what sends', async () => {
    const get = cachedFetch(new HttpCache(), {fetch: async () => new Response('mine')});
    expect(await (await get(url)).text()).toBe('mine');
  });

  test.each([undefined, null, 5, {}, fetch])('what is no cache is refused: %o', cache => {
    expect(() => cachedFetch(cache as HttpCache)).toThrow(/^limpid: cache is /);
  });

  test('are refused at once when they are wrong', () => {
    const wrongs: readonly object[] = [{ttl: 'soon'}, {lifetime: '1m'}];
    for (const wrong of wrongs) expect(() => cachedFetch(new HttpCache(), wrong)).toThrow(TypeError);
  });
});

test.each<[name: string, options: unknown, message: string]>([
  ['options that are null', null, 'limpid: options is null; allowed: an object of options'],
  ['options that are a number', 5, 'limpid: options is 5; allowed: an object of options'],
  ['options that are an array', [], 'limpid: options is []; allowed: an object of options'],
  ['options that are a date', new Date(0), 'limpid: options is a Date; allowed: an object of options'],
  ['an unknown transport', {transport: 'fast'}, 'limpid: transport is "fast"; allowed: "default", "no-store"'],
  ['a misspelt transport', {transprot: 'no-store'}, 'limpid: transprot is not an option; did you mean "transport"?'],
  ['a misspelt default', {tll: 5}, 'limpid: tll is not an option; did you mean "ttl"?'],
  ['a preflight that is no flag', {preflight: 1}, 'limpid: preflight is 1; allowed: true or false'],
])('%s are refused at once', (_, options, message) => {
  expect(() => cachedFetch(new HttpCache(), options as never)).toThrow(new TypeError(message));
});
