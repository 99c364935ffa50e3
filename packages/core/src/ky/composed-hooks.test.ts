import ky, {type AfterResponseHook, type BeforeRequestHook, HTTPError, type Options} from 'ky';
import {describe, expect, test} from 'vitest';
import {type Answering, answer, loopbackOrigin} from '../../test/loopback-origin.ts';
import {HttpCache} from '../engine/http-cache.ts';
import {clearHook, readHook, writeHook} from '../ky.ts';
import {MemoryStore} from '../stores/memory.ts';

const fresh = {'cache-control': 'max-age=60'} as const;

async function start(answering: Answering, hooks: Options['hooks'] = {}) {
  const origin = await loopbackOrigin(answering);
  const cache = new HttpCache();
  const api = ky
    .create({retry: {delay: () => 1}, hooks})
    .extend({hooks: {beforeRequest: [readHook(cache)], afterResponse: [writeHook(cache)]}});
  return {origin, cache, api, url: origin.url};
}

const etagged: Answering = (response, {headers}) => {
  if (headers['if-none-match'] === '"a"') response.writeHead(304, {etag: '"a"'}).end();
  else response.writeHead(200, {etag: '"a"', 'cache-control': 'no-cache'}).end('hello');
};

test('a miss is stored by one hook and answered by the other', async () => {
  const {origin, api, url} = await start(answer(fresh));
  const miss = await api(url);
  expect(miss.headers.get('cache-status')).toMatch(/fwd=uri-miss; stored/);
  expect(await miss.text()).toBe('hello');
  const hit = await api(url);
  expect(hit.headers.get('cache-status')).toMatch(/; hit/);
  expect(hit.url).toBe(`${url}/`);
  expect(await hit.text()).toBe('hello');
  expect(origin.seen).toHaveLength(1);
});

test('a POST whose answer says that it stands for GET answers a later one', async () => {
  const {origin, api, url} = await start(answer({...fresh, 'content-location': '/'}));
  const post = await api.post(url, {json: {a: 1}});
  expect(post.headers.get('cache-status')).toBe('limpid; fwd=method; stored');
  expect(await post.text()).toBe('hello');
  expect((await api(url)).headers.get('cache-status')).toMatch(/; hit/);
  expect(origin.seen).toHaveLength(1);
});

test('a 304 becomes the stored response, and is no reload to the caches on the way', async () => {
  const {origin, api, url} = await start(etagged);
  expect(await api(url).text()).toBe('hello');
  expect(await api(url).text()).toBe('hello');
  expect(origin.seen[1]?.headers).toMatchObject({'if-none-match': '"a"', 'cache-control': 'max-age=0'});
});

test('a 304 whose stored response has been cleared meanwhile leads to a whole answer', async () => {
  const caches: HttpCache[] = [];
  const {origin, cache, api, url} = await start((response, seen) => {
    if (seen.headers['if-none-match'] === undefined) return etagged(response, seen);
    return void caches[0]?.clear().then(() => etagged(response, seen));
  });
  expect(await api(url).text()).toBe('hello');
  caches.push(cache);
  expect(await api(url).text()).toBe('hello');
  expect(origin.seen.map(({headers}) => headers['if-none-match'])).toEqual([undefined, '"a"', undefined]);
});

test('hooks that are there twice act once', async () => {
  const {cache, api, url} = await start(etagged);
  const twice = api.extend({hooks: {beforeRequest: [readHook(cache)], afterResponse: [writeHook(cache)]}});
  const miss = await twice(url);
  expect(miss.headers.get('cache-status')).toBe('limpid; fwd=uri-miss; stored');
  expect(await miss.text()).toBe('hello');
  expect(await twice(url).text()).toBe('hello');
  expect(await cache.stats()).toMatchObject({stored: 1, notModified: 1});
});

test('the caller’s own condition gets its 304', async () => {
  const {api, url} = await start(etagged);
  const response = await api(url, {headers: {'if-none-match': '"a"'}, throwHttpErrors: false});
  expect(response.status).toBe(304);
});

test('credentials set by an earlier hook are seen', async () => {
  let token = 'a';
  const {origin, api, url} = await start(answer(fresh), {
    beforeRequest: [
      ({request}) => {
        request.headers.set('authorization', token);
      },
    ],
  });
  await api(url).text();
  token = 'b';
  await api(url).text();
  await api(url).text();
  expect(origin.seen).toHaveLength(2);
});

test.each<[what: string, change: (request: Request) => Request]>([
  ['another path', request => new Request(`${request.url}b`, request)],
  ['another query', request => new Request(`${request.url}?token=1`, request)],
  ['no-store', request => new Request(request, {headers: {'cache-control': 'no-store'}})],
])('an answer to what a later hook made of the request is not stored: %s', async (_, change) => {
  const origin = await loopbackOrigin((response, {path}) => response.writeHead(200, fresh).end(`of ${path}`));
  const cache = new HttpCache();
  const by = (...later: readonly BeforeRequestHook[]) =>
    ky.create({hooks: {beforeRequest: [readHook(cache), ...later], afterResponse: [writeHook(cache)]}});
  const changed = await by(({request}) => change(request))(`${origin.url}/a`);
  expect(changed.headers.get('cache-status')).toBe('limpid; fwd=bypass; detail=changed-later');
  expect((await cache.stats()).size?.count).toBe(0);
  expect(await by()(`${origin.url}/a#part`).text()).toBe('of /a');
  expect(await by()(`${origin.url}/a`).text()).toBe('of /a');
  expect(origin.seen).toHaveLength(2);
});

test('what later hooks change in the request keeps its answer from being stored', async () => {
  const origin = await loopbackOrigin((response, {headers}) =>
    response.writeHead(200, fresh).end(`for ${headers.authorization ?? 'anybody'}`),
  );
  const cache = new HttpCache();
  const as = (token?: string) =>
    ky.create({
      hooks: {
        beforeRequest: [
          readHook(cache),
          ({request}) => {
            if (token !== undefined) request.headers.set('authorization', token);
          },
        ],
        afterResponse: [writeHook(cache)],
      },
    });
  const first = await as('a')(origin.url);
  expect(first.headers.get('cache-status')).toBe('limpid; fwd=bypass; detail=changed-later');
  expect(await first.text()).toBe('for a');
  expect((await cache.stats()).size?.count).toBe(0);
  expect(await as('b')(origin.url).text()).toBe('for b');
  expect(await as()(origin.url).text()).toBe('for anybody');
  expect(await as()(origin.url).text()).toBe('for anybody');
  expect(origin.seen).toHaveLength(3);
});

test('what later hooks add to a request that changes something still invalidates', async () => {
  const origin = await loopbackOrigin(answer(fresh));
  const cache = new HttpCache();
  const api = ky.create({
    hooks: {
      beforeRequest: [readHook(cache), ({request}) => request.headers.set('x-later', '1')],
      afterResponse: [writeHook(cache)],
    },
  });
  await cache.put(`${origin.url}/`, new Response('old', {headers: fresh}));
  await api.post(origin.url).text();
  expect((await cache.stats()).size?.count).toBe(0);
});

test('what comes after a retry is stored, and invalidates', async () => {
  let failures = 1;
  const {origin, api, url} = await start((response, {method}) => {
    if (method === 'PUT' && failures-- > 0) response.writeHead(503).end();
    else response.writeHead(200, fresh).end('hello');
  });
  await api(url).text();
  await api.put(url, {json: {}}).text();
  expect((await api(url)).headers.get('cache-status')).toMatch(/fwd=uri-miss/);
  expect(origin.seen.map(({method}) => method)).toEqual(['GET', 'PUT', 'PUT', 'GET']);
});

test('an aborted signal rejects, though the answer is stored', async () => {
  const {api, url} = await start(answer(fresh));
  await api(url).text();
  const reason = {why: 'test'};
  await expect(api(url, {signal: AbortSignal.abort(reason)})).rejects.toBe(reason);
});

test('an error that is stored throws as ky does', async () => {
  const {origin, api, url} = await start(answer(fresh, 'gone', 410));
  await expect(api(url)).rejects.toBeInstanceOf(HTTPError);
  await expect(api(url)).rejects.toBeInstanceOf(HTTPError);
  expect(origin.seen).toHaveLength(1);
});

describe('a hook among those of another kind says where it belongs', () => {
  const cache = new HttpCache();
  const hooks = {
    readHook: {hook: readHook(cache), place: 'beforeRequest'},
    writeHook: {hook: writeHook(cache), place: 'afterResponse'},
    clearHook: {hook: clearHook(cache, {all: true}), place: 'afterResponse'},
  } as const;
  const states = {
    init: {},
    beforeRequest: {request: new Request('https://a.example/'), options: {}, retryCount: 0},
    beforeRetry: {request: new Request('https://a.example/'), options: {}, retryCount: 1, error: new Error('x')},
    beforeError: {request: new Request('https://a.example/'), options: {}, retryCount: 0, error: new Error('x')},
    afterResponse: {request: new Request('https://a.example/'), response: new Response(), options: {}, retryCount: 0},
  };
  const wrong = Object.entries(hooks).flatMap(([name, {hook, place}]) =>
    Object.entries(states)
      .filter(([kind]) => kind !== place)
      .map(([kind, state]) => ({name, kind, place, call: () => (hook as (given: unknown) => unknown)(state)})),
  );

  test.each(wrong)('$name among $kind', ({name, place, call}) => {
    expect(call).toThrow(new TypeError(`limpid: ${name} is among other hooks; allowed: ${place}`));
  });

  test('and ky rejects the call with that', async () => {
    const {url} = await loopbackOrigin(answer(fresh));
    const read = ky.create({hooks: {afterResponse: [hooks.readHook.hook as unknown as AfterResponseHook]}});
    await expect(read(url)).rejects.toThrow('limpid: readHook is among other hooks');
  });
});

describe('what a hook behind readHook changes in a request that validates, or asks for a part,', () => {
  const ranged: Answering = (response, {headers}) => {
    const [asked, first = '0', last = ''] = /bytes=(\d+)-(\d*)/.exec(headers.range ?? '') ?? [];
    const end = last === '' ? 9 : Number(last);
    const part = {'content-range': `bytes ${first}-${end}/10`};
    response
      .writeHead(asked === undefined ? 200 : 206, {...fresh, etag: '"a"', ...(asked !== undefined && part)})
      .end('0123456789'.slice(Number(first), end + 1));
  };

  test.each([
    {name: 'a 304', answering: etagged, before: {}, whole: 'hello'},
    {name: 'a part', answering: ranged, before: {range: 'bytes=0-4'}, whole: '0123456789'},
  ])('has it sent again as it was: $name is no answer to it', async ({answering, before, whole}) => {
    const {origin, api, url} = await start(answering);
    await api(url, {headers: before}).text();
    const traced = api.extend({hooks: {beforeRequest: [({request}) => request.headers.set('x-trace', '1')]}});
    const answered = await traced(url);
    expect([answered.status, await answered.text()]).toEqual([200, whole]);
    expect(answered.headers.get('cache-status')).toBe('limpid; fwd=bypass; detail=changed-later');
    expect(origin.seen).toHaveLength(3);
    const asked = origin.seen[2]?.headers ?? {};
    expect(['range', 'if-range', 'if-none-match'].filter(name => name in asked)).toEqual([]);
    expect(asked['x-trace']).toBe('1');
  });

  test('is answered as that hook has asked', async () => {
    const {api, url} = await start(ranged);
    const partly = api.extend({hooks: {beforeRequest: [({request}) => request.headers.set('range', 'bytes=0-4')]}});
    const part = await partly(url);
    expect([part.status, await part.text()]).toEqual([206, '01234']);
    expect(part.headers.get('cache-status')).toBe('limpid; fwd=bypass; detail=changed-later');
  });

  test('leaves the caller’s own range and condition alone', async () => {
    const {api, url} = await start(ranged);
    const traced = api.extend({hooks: {beforeRequest: [({request}) => request.headers.set('x-trace', '1')]}});
    const part = await traced(url, {headers: {range: 'bytes=2-3'}});
    expect([part.status, await part.text()]).toEqual([206, '23']);
  });
});

test('where a stale response might answer, it is validated first', async () => {
  let now = Date.now();
  const cache = new HttpCache({now: () => now});
  const origin = await loopbackOrigin(answer({'cache-control': 'max-age=60, stale-while-revalidate=600'}));
  const {url} = origin;
  const api = ky.create({hooks: {beforeRequest: [readHook(cache)], afterResponse: [writeHook(cache)]}});
  await api(url).text();
  now += 100_000;
  expect((await api(url)).headers.get('cache-status')).toBe('limpid; fwd=stale; stored; detail=stale');
  expect(origin.seen).toHaveLength(2);
  expect(await cache.stats()).toMatchObject({hits: 0});
  now += 100_000;
  // Nothing could validate it, and the network is refused.
  expect((await api(url, {headers: {'cache-control': 'only-if-cached'}})).headers.get('cache-status')).toMatch(/; hit/);
  const own = await api(url, {headers: {'if-none-match': '"x"'}});
  expect(own.headers.get('cache-status')).toBe('limpid; fwd=stale; stored; detail=caller-condition');
});

test('defaults of readHook are known to clears by URL', async () => {
  const {url} = await loopbackOrigin(answer(fresh));
  const store = new MemoryStore();
  const apiOver = (cache: HttpCache) =>
    ky.create({
      hooks: {beforeRequest: [readHook(cache, {ignoreSearch: ['utm']})], afterResponse: [writeHook(cache)]},
    });
  await apiOver(new HttpCache({store}))(`${url}/p?utm=1`).text();
  const other = new HttpCache({store});
  const api = apiOver(other);
  expect(await other.clear(`${url}/p?utm=2`)).toMatchObject({count: 1});
  expect((await api(`${url}/p?utm=2`)).headers.get('cache-status')).toBe('limpid; fwd=uri-miss; stored');
});

test('a call that no readHook has seen is left alone by writeHook', async () => {
  const origin = await loopbackOrigin(answer(fresh));
  const api = ky.create({hooks: {afterResponse: [writeHook(new HttpCache())]}});
  expect((await api(origin.url)).headers.has('cache-status')).toBe(false);
});

test('QUERY content is part of the key', async () => {
  const {origin, api, url} = await start((response, {body}) => response.writeHead(200, fresh).end(body));
  const query = (json: unknown): Promise<unknown> => api(url, {method: 'query', json}).json();
  expect(await query({a: 1})).toEqual({a: 1});
  expect(await query({a: 1})).toEqual({a: 1});
  expect(await query({a: 2})).toEqual({a: 2});
  expect(origin.seen).toHaveLength(2);
});

describe('clearHook', () => {
  const clearing = async (selection: Parameters<typeof clearHook>[1]) => {
    const {origin, cache, api, url} = await start((response, {path}) =>
      response.writeHead(path === '/fails' ? 404 : 200, fresh).end('hello'),
    );
    const clears = api.extend({hooks: {afterResponse: [clearHook(cache, selection)]}});
    await api(`${url}/users`, {limpid: {tags: ['users']}}).text();
    return {origin, cache, url, clears, stored: async () => (await cache.stats()).size?.count};
  };

  test('clears after a request that changes something', async () => {
    const {clears, url, stored} = await clearing({tag: 'users'});
    await clears.post(`${url}/login`).text();
    expect(await stored()).toBe(0);
  });

  test('is told what happened', async () => {
    const {clears, url, stored} = await clearing(({request}) => ({url: new URL('/users', request.url)}));
    await clears.post(`${url}/login`).text();
    expect(await stored()).toBe(0);
  });

  test.each(['get', 'head'] as const)('clears nothing after %s', async method => {
    const {clears, url, stored} = await clearing({all: true});
    await clears[method](`${url}/users`).text();
    expect(await stored()).toBe(1);
  });

  test('clears nothing after a failure', async () => {
    const {clears, url, stored} = await clearing({all: true});
    await expect(clears.post(`${url}/fails`)).rejects.toBeInstanceOf(HTTPError);
    expect(await stored()).toBe(1);
  });

  test.each(['users', {url: '/users'}])('refuses a relative selection at once: %o', selection => {
    expect(() => clearHook(new HttpCache(), selection)).toThrow('limpid: clearHook selection');
  });

  test('rejects the call when what it should clear is no selection', async () => {
    const {clears, url} = await clearing(() => ({}));
    await expect(clears.post(`${url}/login`)).rejects.toThrow(TypeError);
  });
});
