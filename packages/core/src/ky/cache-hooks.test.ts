import ky, {
  HTTPError,
  isForceRetryError,
  type KyInstance,
  NetworkError,
  type Options,
  replaceOption,
  TimeoutError,
} from 'ky';
import {describe, expect, test, vi} from 'vitest';
import {type Answering, answer, loopbackOrigin} from '../../test/loopback-origin.ts';
import {cachingFetch} from '../adapter/caching-fetch.ts';
import {HttpCache} from '../engine/http-cache.ts';
import {cacheHooks} from '../ky.ts';

const fresh = {'cache-control': 'max-age=60', 'content-type': 'application/json'} as const;

/** An instant, for answers and a cache of that instant: an age of a second is then never in the way. */
const noon = Date.UTC(2026, 0, 1, 12);
const atNoon = {date: new Date(noon).toUTCString()};

const isGood = ({status}: {readonly status: number}): boolean => status < 500;

async function start(answering: Answering, options: Options = {}) {
  const origin = await loopbackOrigin(answering);
  const cache = new HttpCache();
  const api = ky.create({retry: {delay: () => 1}, ...options}).extend({hooks: cacheHooks(cache)});
  return {origin, cache, api, url: origin.url};
}

test.each([
  ['by a stored 503', {}, ['HTTPError', 1]],
  ['by the origin, where a rule keeps such answers out', {storeIf: isGood}, ['well again', 2]],
] as const)('a retry is answered %s', async (_, rule, expected) => {
  let count = 0;
  const {url, seen} = await loopbackOrigin(response =>
    ++count === 1 ? response.writeHead(503, fresh).end('down') : response.writeHead(200, fresh).end('well again'),
  );
  const api = ky.create({retry: {delay: () => 1}}).extend({hooks: cacheHooks(new HttpCache({rules: [rule]}))});
  const outcome = await api(url)
    .text()
    .catch((error: Error) => error.name);
  expect([outcome, seen.length]).toEqual(expected);
});

const statusOf = async (api: KyInstance, url: string, options?: Options): Promise<string> =>
  (await api(url, options)).headers.get('cache-status') ?? '';

describe('ky behaves the same over a hit', () => {
  test('json, text, bytes and a bare response', async () => {
    const {origin, api, url} = await start(answer(fresh, '{"a":1}'));
    for (let round = 0; round < 2; round++) {
      expect(await api(url).json()).toEqual({a: 1});
      expect(await api(url).text()).toBe('{"a":1}');
      expect(await api(url).bytes()).toHaveLength(7);
      const response = await api(url);
      expect(response).toMatchObject({url: `${url}/`, redirected: false, type: 'basic', status: 200});
      expect(await response.clone().json()).toEqual({a: 1});
    }
    expect(origin.seen).toHaveLength(1);
  });

  test('parseJson and schemas', async () => {
    const {origin, api, url} = await start(answer(fresh, '{"a":1}'));
    const parseJson = (text: string): unknown => ({parsed: JSON.parse(text)});
    const schema = {
      '~standard': {version: 1, vendor: 'test', validate: (value: unknown) => ({value: {valid: value}})},
    } as const;
    for (let round = 0; round < 2; round++) {
      expect(await api(url, {parseJson}).json()).toEqual({parsed: {a: 1}});
      expect(await (await api(url, {parseJson})).json()).toEqual({parsed: {a: 1}});
      expect(await api(url).json(schema)).toEqual({valid: {a: 1}});
    }
    expect(origin.seen).toHaveLength(1);
  });

  test('an HTTPError with its data', async () => {
    const {origin, api, url} = await start(answer(fresh, '{"why":"gone"}', 410));
    for (let round = 0; round < 2; round++) {
      const error = await api(url).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(HTTPError);
      expect(error).toMatchObject({response: {status: 410, url: `${url}/`}, data: {why: 'gone'}});
      expect((await api(url, {throwHttpErrors: false})).status).toBe(410);
    }
    expect(origin.seen).toHaveLength(1);
  });

  test('download progress', async () => {
    const {origin, api, url} = await start(answer({...fresh, 'content-length': '7'}, '{"a":1}'));
    for (let round = 0; round < 2; round++) {
      let percent = 0;
      const onDownloadProgress: Options['onDownloadProgress'] = progress => {
        percent = progress.percent;
      };
      expect(await api(url, {onDownloadProgress}).text()).toBe('{"a":1}');
      expect(percent).toBe(1);
    }
    expect(origin.seen).toHaveLength(1);
  });

  test('prefix, baseUrl and search parameters', async () => {
    const {origin, api, url} = await start(answer(fresh));
    await api('a', {prefix: `${url}/v1`, searchParams: {b: 1}}).text();
    expect(await statusOf(api, `${url}/v1/a?b=1`)).toMatch(/; hit/);
    expect(await statusOf(api, 'a?b=1', {baseUrl: `${url}/v1/`})).toMatch(/; hit/);
    expect(origin.seen).toHaveLength(1);
  });
});

describe('what is final where ky sends is what the cache sees', () => {
  test.each(['before', 'after'])('credentials set by a hook that comes %s', async order => {
    const {origin, cache} = await start(answer(fresh));
    let token = 'a';
    const auth = {
      beforeRequest: [
        ({request}: {request: Request}) => {
          request.headers.set('authorization', `Bearer ${token}`);
        },
      ],
    };
    const sets = order === 'before' ? [auth, cacheHooks(cache)] : [cacheHooks(cache), auth];
    const api = sets.reduce((instance, hooks) => instance.extend({hooks}), ky);
    await api(origin.url).text();
    expect(await statusOf(api, origin.url)).toMatch(/; hit/);
    token = 'b';
    expect(await statusOf(api, origin.url)).toMatch(/fwd=/);
    expect(origin.seen.map(({headers}) => headers.authorization)).toEqual(['Bearer a', 'Bearer b']);
  });

  test('a Request put in place of another by a hook', async () => {
    const {origin, api} = await start(answer(fresh));
    const hooks = {beforeRequest: [({request}: {request: Request}) => new Request(`${request.url}other`, request)]};
    await api(origin.url, {hooks}).text();
    expect(await statusOf(api, `${origin.url}/other`)).toMatch(/; hit/);
  });

  test('other hooks see and change what they would without a cache', async () => {
    const {origin, api} = await start(answer(fresh));
    const statuses: (string | null)[] = [];
    const hooks: Options['hooks'] = {
      afterResponse: [
        async ({response}) => {
          statuses.push(response.headers.get('cache-status'));
          return new Response(`${await response.text()}!`, response);
        },
      ],
    };
    expect(await api(origin.url, {hooks}).text()).toBe('hello!');
    expect(await api(origin.url, {hooks}).text()).toBe('hello!');
    expect(statuses[1]).toMatch(/; hit/);
    expect(await api(origin.url).text()).toBe('hello');
  });
});

describe('retries', () => {
  const failing = (times: number): Answering => {
    let left = times;
    return response => void (left-- > 0 ? response.writeHead(503).end() : response.writeHead(200, fresh).end('hello'));
  };

  test('of a status reach the origin, and what comes at last is stored', async () => {
    const {origin, api, url} = await start(failing(1));
    expect(await api(url).text()).toBe('hello');
    expect(origin.seen).toHaveLength(2);
    expect(await statusOf(api, url)).toMatch(/; hit/);
  });

  test('forced by a hook go through the cache too', async () => {
    const {origin, api, url} = await start(answer(fresh, '{}'));
    const errors: unknown[] = [];
    let forced = false;
    const hooks: Options['hooks'] = {
      beforeRetry: [({error}) => void errors.push(isForceRetryError(error))],
      afterResponse: [
        () => {
          if (forced) return undefined;
          forced = true;
          return ky.retry();
        },
      ],
    };
    expect(await api(url, {hooks}).text()).toBe('{}');
    expect(errors).toEqual([true]);
    expect(origin.seen.length).toBeLessThanOrEqual(2);
  });

  test('are not tried for what only the store could answer', async () => {
    const retries = vi.fn();
    const {origin, api, url} = await start(answer(fresh), {hooks: {beforeRetry: [retries]}});
    const byDirective = api(url, {headers: {'cache-control': 'only-if-cached'}});
    await expect(byDirective).rejects.toMatchObject({name: 'HTTPError', response: {status: 504}});
    const byMode = api(url, {cache: 'only-if-cached', mode: 'same-origin'});
    await expect(byMode).rejects.toBeInstanceOf(NetworkError);
    await expect(api(url, {limpid: {cache: 'only-if-cached'}})).rejects.toBeInstanceOf(NetworkError);
    expect(retries).not.toHaveBeenCalled();
    expect(origin.seen).toHaveLength(0);
  });

  test('keep the caller’s own shouldRetry, limit and refusals', async () => {
    const {origin, api, url} = await start(failing(9));
    const shouldRetry = vi.fn(() => false);
    await expect(api(url, {retry: {limit: 5, shouldRetry}})).rejects.toThrow(HTTPError);
    expect(shouldRetry).toHaveBeenCalledTimes(1);
    await expect(api(url, {retry: replaceOption(0)})).rejects.toThrow(HTTPError);
    expect(origin.seen).toHaveLength(2);
    const wrong = (retry: unknown): Promise<unknown> =>
      (async () => api(url, {retry: replaceOption(retry) as never}))();
    await expect(wrong(-1)).rejects.toThrow(/retry.limit/);
    await expect(wrong(null)).rejects.toThrow(/`retry` must be/);
    await expect(wrong([1])).rejects.toThrow(/`retry` must be/);
  });

  test('are replaced by a stale response where that is permitted', async () => {
    let up = true;
    const {origin, api, url} = await start(response => {
      if (up) response.writeHead(200, {'cache-control': 'max-age=0, stale-if-error=60', etag: '"a"'}).end('hello');
      else response.writeHead(503).end();
    });
    expect(await api(url).text()).toBe('hello');
    up = false;
    expect(await api(url).text()).toBe('hello');
    expect(origin.seen).toHaveLength(2);
  });
});

test('a timeout rejects as ky does, and the next call is not held up', async () => {
  let slow = true;
  const {api, url} = await start(response => {
    if (!slow) response.writeHead(200, fresh).end('hello');
  });
  await expect(api(url, {timeout: 30, retry: 0})).rejects.toBeInstanceOf(TimeoutError);
  slow = false;
  expect(await api(url, {timeout: 1000}).text()).toBe('hello');
});

test('an aborted signal rejects with its own reason, though the answer is stored', async () => {
  const {origin, api, url} = await start(answer(fresh));
  await api(url).text();
  const reason = {why: 'test'};
  await expect(api(url, {signal: AbortSignal.abort(reason)})).rejects.toBe(reason);
  const controller = new AbortController();
  const waiting = api(`${url}/b`, {signal: controller.signal}).text();
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect(origin.seen.length).toBeLessThanOrEqual(2);
});

test('many equal calls are one request', async () => {
  const {origin, api, url} = await start(answer(fresh));
  const texts = await Promise.all(Array.from({length: 20}, () => api(url).text()));
  expect(new Set(texts)).toEqual(new Set(['hello']));
  expect(origin.seen).toHaveLength(1);
});

test('a 304 becomes the stored response before ky sees it', async () => {
  const {origin, api, url} = await start((response, {headers}) => {
    if (headers['if-none-match'] === '"a"') response.writeHead(304, {etag: '"a"'}).end();
    else response.writeHead(200, {etag: '"a"', 'cache-control': 'no-cache'}).end('hello');
  });
  expect(await api(url).text()).toBe('hello');
  expect(await api(url).text()).toBe('hello');
  expect(origin.seen[1]?.headers['if-none-match']).toBe('"a"');
});

describe('an unsafe call', () => {
  test('is answered for a later GET where its answer says so', async () => {
    const own: Answering = (response, seen) =>
      answer({...fresh, 'content-location': '/'}, JSON.stringify({after: seen.method}))(response, seen);
    const {origin, api, url} = await start(own);
    const body = new ReadableStream({start: controller => controller.close()});
    for (const content of [{json: {a: 1}}, {body: new FormData()}, {body, duplex: 'half'} as Options]) {
      const post = await api.post(url, content);
      expect(post.headers.get('cache-status')).toBe('limpid; fwd=method; stored');
      expect(await post.json()).toEqual({after: 'POST'});
      expect(await api(url).json()).toEqual({after: 'POST'});
    }
    expect(origin.seen.map(({method}) => method)).toEqual(['POST', 'POST', 'POST']);
  });

  test('empties what it changes', async () => {
    const {api, url} = await start(answer(fresh));
    await api(url).text();
    await api.post(url, {json: {a: 1}}).text();
    expect(await statusOf(api, url)).toMatch(/fwd=uri-miss/);
  });

  test('clears what it names', async () => {
    const {api, url} = await start(answer(fresh));
    await api(`${url}/users`, {limpid: {tags: ['users']}}).text();
    await api(`${url}/other`).text();
    await api.post(`${url}/login`, {json: {}, limpid: {clears: {tag: 'users'}}}).text();
    expect(await statusOf(api, `${url}/users`)).toMatch(/fwd=/);
    expect(await statusOf(api, `${url}/other`)).toMatch(/; hit/);
  });
});

test('json content is part of the key where a rule makes POST cacheable', async () => {
  const origin = await loopbackOrigin((response, {body}) => response.writeHead(200, fresh).end(body));
  const api = ky.extend({hooks: cacheHooks(new HttpCache({rules: [{methods: ['POST']}]}))});
  expect(await api.post(origin.url, {json: {a: 1}}).json()).toEqual({a: 1});
  expect(await api.post(origin.url, {json: {a: 1}}).json()).toEqual({a: 1});
  expect(await api.post(origin.url, {json: {a: 2}}).json()).toEqual({a: 2});
  expect(origin.seen).toHaveLength(2);
});

describe('installing', () => {
  test('twice is once', async () => {
    const {origin, cache, api} = await start(answer(fresh));
    const twice = api.extend({hooks: cacheHooks(cache)});
    await twice(origin.url).text();
    expect(await statusOf(twice, origin.url)).toMatch(/^limpid; hit[^,]*$/);
    await twice(origin.url, {cache: 'reload'}).text();
    expect(origin.seen).toHaveLength(2);
  });

  test('further down a chain replaces the cache and its defaults', async () => {
    const {origin, cache} = await start(answer(atNoon));
    const later = new HttpCache({now: () => noon});
    const api = ky.extend({hooks: cacheHooks(cache, {ttl: '1m'})}).extend({hooks: cacheHooks(later, {ttl: '1h'})});
    await api(origin.url).text();
    expect(await statusOf(api, origin.url)).toMatch(/ttl=3600$/);
    expect((await cache.stats()).misses).toBe(0);
  });

  test('wraps a fetch given for the instance or the call', async () => {
    const {api} = await start(answer(fresh));
    const fetch = vi.fn(async () => new Response('mine', {headers: fresh}));
    expect(await api('https://example.com/', {fetch}).text()).toBe('mine');
    expect(await api('https://example.com/', {fetch}).text()).toBe('mine');
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test('over a fetch that has a cache replaces that cache', async () => {
    const {origin, api} = await start(answer(fresh));
    const other = new HttpCache();
    await api(origin.url, {fetch: cachingFetch(other)}).text();
    expect((await other.stats()).misses).toBe(0);
    expect(await statusOf(api, origin.url)).toMatch(/; hit/);
  });

  test('with wrong defaults is refused at once', () => {
    for (const wrong of [{ttl: 'soon'}, {transport: 'fast'}, {preflight: 1}, [], 5, null])
      expect(() => cacheHooks(new HttpCache(), wrong as never)).toThrow(TypeError);
  });
});

describe('the option limpid', () => {
  test('reaches the cache from the instance and from the call', async () => {
    const {origin, api} = await start(answer({}));
    const timed = api.extend({limpid: {ttl: '1m'}});
    await timed(origin.url).text();
    expect(await statusOf(timed, origin.url)).toMatch(/; hit/);
    expect(await statusOf(timed, origin.url, {limpid: false})).toMatch(/fwd=bypass/);
  });

  test('is merged by ky: lists join, the call’s values win', async () => {
    const origin = await loopbackOrigin(answer(atNoon));
    const cache = new HttpCache({now: () => noon});
    const tagged = ky.extend({hooks: cacheHooks(cache), limpid: {ttl: '1m', tags: ['a']}});
    await tagged(origin.url, {limpid: {tags: ['b'], ttl: '1h'}}).text();
    for await (const stored of cache.entries()) expect(stored.tags).toEqual(['a', 'b']);
    expect(await statusOf(tagged, origin.url)).toMatch(/ttl=3600$/);
  });

  test.each<[name: string, clears: () => RegExp | URL]>([
    ['a RegExp', () => /users/],
    ['a URL', () => new URL('https://example.com/users')],
  ])('%s that ky’s merging has emptied is refused, not ignored', async (_, clears) => {
    const {origin, api} = await start(answer(fresh));
    const clearing = api.extend({limpid: {clears: clears()}});
    await expect(clearing.post(origin.url, {limpid: {clears: clears()}})).rejects.toThrow(/clears/);
    expect(origin.seen).toHaveLength(0);
    await clearing.post(origin.url, {limpid: replaceOption({clears: clears()})}).text();
    expect(origin.seen).toHaveLength(1);
  });

  test('with a mistake rejects the call', async () => {
    const {api, url} = await start(answer(fresh));
    await expect(api(url, {limpid: {ttl: 'soon'} as never})).rejects.toThrow(/limpid.ttl is "soon"/);
  });
});
