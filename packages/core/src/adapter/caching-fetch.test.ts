import {getEventListeners} from 'node:events';
import {setTimeout as delay} from 'node:timers/promises';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {type Answering, answer, loopbackOrigin} from '../../test/loopback-origin.ts';
import {HttpCache} from '../engine/http-cache.ts';
import type {HttpCacheOptions} from '../options/options.ts';
import {MemoryStore} from '../stores/memory.ts';
import {cachingFetch} from './caching-fetch.ts';

const fresh = {'cache-control': 'max-age=60'} as const;

async function start(answering: Answering, options: HttpCacheOptions = {}) {
  const origin = await loopbackOrigin(answering);
  const cache = new HttpCache(options);
  return {origin, cache, get: cachingFetch(cache)};
}

/** Everything of a Response that its caller can tell, but what a cache may change. */
async function shown(response: Response) {
  const {status, statusText, ok, url, redirected, type} = response;
  const headers = [...response.headers].filter(
    ([name]) => !['age', 'cache-status', 'date', 'connection', 'keep-alive', 'transfer-encoding'].includes(name),
  );
  return {status, statusText, ok, url, redirected, type, headers, body: await response.text()};
}

const statusOf = (response: Response): string => response.headers.get('cache-status') ?? '';

describe('a hit equals the network’s answer', () => {
  test.each<[name: string, answering: Answering, init?: RequestInit]>([
    ['in general', answer({...fresh, 'content-type': 'text/plain', 'x-one': '1', etag: '"a"'})],
    ['when empty', answer({...fresh, 'content-length': '0'}, '')],
    ['with several cookies', answer({...fresh, 'set-cookie': ['a=1', 'b=2']})],
    ['without content', answer(fresh, '', 204)],
    ['when not found', answer(fresh, 'no', 404)],
    ['with an unusual status', answer(fresh, 'odd', 599)],
    ['with a status text of its own', response => response.writeHead(200, 'Fine caf\xe9', fresh).end('x')],
    ['to HEAD', answer({...fresh, 'content-length': '5'}), {method: 'HEAD'}],
    ['with bytes that are no text', response => response.writeHead(200, fresh).end(Buffer.from([0, 255, 128]))],
  ])('%s', async (_, answering, init) => {
    const {origin, get} = await start(answering);
    const url = `${origin.url}/a?b=1#part`;
    const network = await shown(await fetch(url, init));
    const miss = await get(url, init);
    expect(await shown(miss)).toEqual(network);
    const hit = await get(url, init);
    expect(statusOf(hit)).toMatch(/^limpid; hit/);
    expect(await shown(hit)).toEqual(network);
    expect(origin.seen).toHaveLength(2);
  });

  test('after redirects, each of which is a stored response too', async () => {
    const {origin, get} = await start((response, {path}) => {
      if (path === '/end') response.writeHead(200, fresh).end('end');
      else response.writeHead(301, {...fresh, location: path === '/start' ? '/middle' : '/end'}).end();
    });
    const network = await shown(await fetch(`${origin.url}/start`));
    expect(await shown(await get(`${origin.url}/start`))).toEqual(network);
    const before = origin.seen.length;
    const hit = await get(new Request(`${origin.url}/start`));
    expect(await shown(hit)).toEqual(network);
    expect(hit).toMatchObject({redirected: true, url: `${origin.url}/end`});
    expect(origin.seen).toHaveLength(before);
  });
});

test('a status that no Response can be made with passes through', async () => {
  const {origin, get} = await start(answer(fresh, 'odd', 999));
  const network = await shown(await fetch(origin.url));
  expect(await shown((await get(origin.url)).clone())).toEqual(network);
});

test('callers have their own bodies and fields', async () => {
  const {origin, get} = await start(answer(fresh));
  await (await get(origin.url)).text();
  const [one, two] = await Promise.all([get(origin.url), get(origin.url)]);
  const bytes = new Uint8Array(await one.arrayBuffer()).fill(0);
  one.headers.set('x-one', '1');
  expect(bytes).toHaveLength(5);
  expect(await two.text()).toBe('hello');
  expect(two.headers.has('x-one')).toBe(false);
  expect(await (await get(origin.url)).text()).toBe('hello');
});

test('a string, a URL and a Request find the same stored response', async () => {
  const {origin, get} = await start(answer(fresh));
  await (await get(origin.url)).text();
  for (const input of [origin.url, new URL(origin.url), new Request(origin.url)]) {
    expect(statusOf(await get(input))).toMatch(/; hit/);
  }
  expect(origin.seen).toHaveLength(1);
});

describe('validation', () => {
  const etagged: Answering = (response, {headers}) => {
    if (headers['if-none-match'] === '"a"') response.writeHead(304, {etag: '"a"', 'x-one': '2'}).end();
    else response.writeHead(200, {etag: '"a"', 'cache-control': 'no-cache', 'x-one': '1'}).end('hello');
  };

  test('turns a 304 into the stored response, its fields updated', async () => {
    const {origin, get} = await start(etagged);
    await (await get(origin.url)).text();
    const response = await get(origin.url);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-one')).toBe('2');
    expect(await response.text()).toBe('hello');
  });

  test('does not look like a reload to the caches on the way', async () => {
    const {origin, get} = await start(etagged);
    await (await get(origin.url)).text();
    await (await get(origin.url)).text();
    expect(origin.seen[1]?.headers).toMatchObject({'if-none-match': '"a"', 'cache-control': 'max-age=0'});
    expect(origin.seen[1]?.headers).not.toHaveProperty('pragma');
  });

  test('leaves the caller’s own Cache-Control alone', async () => {
    const {origin, get} = await start(etagged);
    await (await get(origin.url)).text();
    await (await get(origin.url, {headers: {'cache-control': 'no-cache'}})).text();
    expect(origin.seen[1]?.headers).toMatchObject({'if-none-match': '"a"', 'cache-control': 'no-cache'});
    expect(origin.seen[1]?.headers).not.toHaveProperty('pragma');
  });

  test('answers the caller’s own condition with the 304 it asked for', async () => {
    const {origin, get} = await start(etagged);
    await (await get(origin.url)).text();
    const response = await get(origin.url, {headers: {'if-none-match': '"a"'}});
    expect(response.status).toBe(304);
    expect(response.body).toBeNull();
  });

  test('with integrity asks for the whole response, for fetch would verify the 304', async () => {
    const {origin, get} = await start(etagged);
    const integrity = 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=';
    expect(await (await get(origin.url, {integrity})).text()).toBe('hello');
    expect(await (await get(origin.url, {integrity})).text()).toBe('hello');
    await expect(get(origin.url, {integrity: 'sha256-AAAA'})).rejects.toThrow(TypeError);
  });
});

describe('redirects', () => {
  const chain: Answering = (response, {path}) => {
    const next = Number(path.slice(1)) + 1;
    response.writeHead(302, {location: `/${next}`, ...fresh}).end();
  };

  test('one too many rejects as undici does', async () => {
    const {origin, get} = await start(chain);
    const network = await fetch(`${origin.url}/0`).catch((error: unknown) => error);
    const ours = await get(`${origin.url}/0`).catch((error: unknown) => error);
    expect(network).toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
      cause: {message: 'redirect count exceeded'},
    });
    expect(ours).toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
      cause: {message: 'redirect count exceeded'},
    });
  });

  test.each(['stored', 'not stored'])('one that is %s rejects for redirect: error', async stored => {
    const {origin, get} = await start(answer({...fresh, location: '/'}, '', 301));
    if (stored === 'stored') await get(origin.url, {redirect: 'manual'});
    await expect(get(origin.url, {redirect: 'error'})).rejects.toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
      cause: {message: 'unexpected redirect'},
    });
  });

  test('are shown for redirect: manual, stored or not', async () => {
    const {origin, get} = await start(answer({...fresh, location: '/b'}, 'moved', 301));
    for (const expected of ['fwd', 'hit']) {
      const response = await get(origin.url, {redirect: 'manual'});
      expect(response).toMatchObject({status: 301, redirected: false, url: `${origin.url}/`});
      expect(await response.text()).toBe('moved');
      expect(statusOf(response)).toMatch(expected);
    }
  });

  test('drop credentials on the way to another origin', async () => {
    const other = await loopbackOrigin(answer(fresh));
    const {origin, get} = await start(answer({location: other.url}, '', 302));
    await (await get(origin.url, {headers: {authorization: 'Bearer a', 'x-one': '1'}})).text();
    expect(other.seen[0]?.headers).not.toHaveProperty('authorization');
    expect(other.seen[0]?.headers).toHaveProperty('x-one', '1');
  });

  test('of a POST are left to fetch', async () => {
    const {origin, get} = await start((response, {path}) => {
      if (path === '/') response.writeHead(303, {location: '/b'}).end();
      else response.writeHead(200).end('made');
    });
    const response = await get(origin.url, {method: 'POST', body: 'x'});
    expect(response).toMatchObject({redirected: true, url: `${origin.url}/b`});
    expect(await response.text()).toBe('made');
  });
});

describe('cache modes', () => {
  test('only-if-cached answers what is stored, and else fails as fetch does', async () => {
    const {origin, get} = await start(answer(fresh));
    const init = {cache: 'only-if-cached', mode: 'same-origin'} as const;
    await expect(get(origin.url, init)).rejects.toMatchObject({name: 'TypeError', message: 'fetch failed'});
    await (await get(origin.url, {mode: 'same-origin'})).text();
    expect(await (await get(origin.url, init)).text()).toBe('hello');
    expect(origin.seen).toHaveLength(1);
  });

  test('only-if-cached answers what ordinary requests stored, redirects included', async () => {
    const {origin, get} = await start((response, request) =>
      request.path === '/old'
        ? response.writeHead(301, {...fresh, location: '/new'}).end()
        : response.writeHead(200, fresh).end('hello'),
    );
    const init = {cache: 'only-if-cached', mode: 'same-origin'} as const;
    await (await get(`${origin.url}/old`)).text();
    const found = await get(`${origin.url}/old`, init);
    expect([found.url, found.redirected, await found.text()]).toEqual([`${origin.url}/new`, true, 'hello']);
    expect(origin.seen).toHaveLength(2);
  });

  test('only-if-cached is passed on while the cache is paused', async () => {
    const given: unknown[] = [];
    const cache = new HttpCache();
    const get = cachingFetch(cache, {
      fetch: async (_, init) => {
        given.push((init as {readonly cache?: unknown} | undefined)?.cache);
        return new Response('below');
      },
    });
    cache.pause();
    const response = await get('https://example.com/', {cache: 'only-if-cached', mode: 'same-origin'});
    expect(await response.text()).toBe('below');
    expect(given).toEqual(['only-if-cached']);
  });

  test('only-if-cached across origins is refused by fetch itself', async () => {
    const {origin, get} = await start(answer(fresh));
    await expect(get(origin.url, {cache: 'only-if-cached'})).rejects.toThrow(/same-origin/);
  });

  test('reload is sent as one, and stored', async () => {
    const {origin, get} = await start(answer(fresh));
    await (await get(origin.url)).text();
    await (await get(origin.url, {cache: 'reload'})).text();
    expect(origin.seen[1]?.headers).toMatchObject({'cache-control': 'no-cache'});
    expect(statusOf(await get(origin.url))).toMatch(/; hit/);
    expect(origin.seen).toHaveLength(2);
  });

  test('the directive only-if-cached gets a 504', async () => {
    const {origin, get} = await start(answer(fresh));
    const response = await get(origin.url, {headers: {'cache-control': 'only-if-cached'}});
    expect(response).toMatchObject({status: 504, ok: false});
    expect(origin.seen).toHaveLength(0);
  });
});

describe('signals', () => {
  test('one aborted before rejects with its own reason, though the answer is stored', async () => {
    const {origin, get} = await start(answer(fresh));
    await (await get(origin.url)).text();
    const reason = {why: 'test'};
    await expect(get(origin.url, {signal: AbortSignal.abort(reason)})).rejects.toBe(reason);
    await expect(get(new Request(origin.url, {signal: AbortSignal.abort(reason)}))).rejects.toBe(reason);
  });

  test('one aborted while waiting rejects with its own reason, and frees the connection', async () => {
    let closed = false;
    const {origin, get} = await start(response => response.on('close', () => (closed = true)));
    const controller = new AbortController();
    const reason = {why: 'test'};
    const waiting = get(origin.url, {signal: controller.signal});
    await vi.waitFor(() => expect(origin.seen).toHaveLength(1));
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await vi.waitFor(() => expect(closed).toBe(true));
  });

  test('one aborted while reading fails the body, and nothing half is stored', async () => {
    const {origin, get} = await start((response, {path}) => {
      response.writeHead(200, fresh);
      response.write('hel');
      if (path === '/whole') response.end('lo');
    });
    const controller = new AbortController();
    const response = await get(origin.url, {signal: controller.signal});
    const reader = response.body?.getReader();
    await reader?.read();
    const reason = {why: 'test'};
    controller.abort(reason);
    await expect(reader?.read()).rejects.toBe(reason);
    await vi.waitFor(async () => {
      const again = new AbortController();
      const next = await get(origin.url, {signal: again.signal});
      expect(statusOf(next)).not.toMatch(/; hit/);
      again.abort();
    });
  });

  const hits = [
    ['text', (hit: Response) => hit.text()],
    ['json', (hit: Response) => hit.json()],
    ['arrayBuffer', (hit: Response) => hit.arrayBuffer()],
    ['blob', (hit: Response) => hit.blob()],
    ['a clone', (hit: Response) => hit.clone().text()],
  ] as const;
  test.each(hits)('one aborted before a hit is read by %s fails it with its own reason', async (_, read) => {
    const {origin, get} = await start(answer(fresh, '"hello"'));
    await (await get(origin.url)).text();
    const controller = new AbortController();
    const hit = await get(origin.url, {signal: controller.signal});
    expect(statusOf(hit)).toMatch(/; hit/);
    const reason = {why: 'test'};
    controller.abort(reason);
    await expect(read(hit)).rejects.toBe(reason);
    expect(await (await get(origin.url)).json()).toBe('hello');
  });

  test('one caller leaving does not disturb another that waits for the same', async () => {
    let go: () => void = () => undefined;
    const gate = new Promise<void>(resolve => {
      go = resolve;
    });
    const {origin, get} = await start(response => void gate.then(() => response.writeHead(200, fresh).end('hello')));
    const controller = new AbortController();
    const leader = get(origin.url, {signal: controller.signal});
    const follower = get(origin.url);
    await vi.waitFor(() => expect(origin.seen).toHaveLength(1));
    controller.abort();
    await expect(leader).rejects.toThrow();
    go();
    expect(await (await follower).text()).toBe('hello');
    expect(origin.seen).toHaveLength(1);
  });
});

test('a long-lived signal keeps no listener of an answer that has been read', async () => {
  const {origin, get} = await start(answer(fresh));
  const {signal} = new AbortController();
  for (let count = 0; count < 3; count++) await (await get(origin.url, {signal})).text();
  await (await get(`${origin.url}/b`, {signal})).text();
  await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toHaveLength(0));
});

test('a miss flows as it arrives, at the pace of its reader', async () => {
  const chunk = Buffer.alloc(65_536, 'x');
  let written = 0;
  const {origin, get} = await start(response => {
    response.writeHead(200, fresh);
    const write = (): void => {
      while (written < 400) {
        written += 1;
        if (!response.write(chunk)) {
          response.once('drain', write);
          return;
        }
      }
      response.end();
    };
    write();
  });
  const response = await get(origin.url);
  const reader = response.body?.getReader();
  expect((await reader?.read())?.value?.byteLength).toBeGreaterThan(0);
  await delay(100);
  expect(written).toBeLessThan(400);
  await reader?.cancel();
});

describe('content', () => {
  test.each<[name: string, send: (url: string) => [string | Request, RequestInit?]]>([
    ['init', url => [url, {method: 'QUERY', body: 'a', headers: {'content-type': 'text/plain'}}]],
    ['a Request', url => [new Request(url, {method: 'QUERY', body: 'a', headers: {'content-type': 'text/plain'}})]],
  ])('of QUERY in %s is part of the key', async (_, send) => {
    const {origin, get} = await start((response, {body}) => response.writeHead(200, fresh).end(`answer to ${body}`));
    for (const expected of ['fwd', 'hit']) {
      const response = await get(...send(origin.url));
      expect(statusOf(response)).toMatch(expected);
      expect(await response.text()).toBe('answer to a');
    }
    const other = await get(origin.url, {method: 'QUERY', body: 'b', headers: {'content-type': 'text/plain'}});
    expect(await other.text()).toBe('answer to b');
  });

  test('of a Request is part of the key where a rule makes its method cacheable', async () => {
    const {origin, get} = await start((response, {body}) => response.writeHead(200, fresh).end(`answer to ${body}`), {
      rules: [{methods: ['POST']}],
    });
    const post = (body: string) => get(new Request(origin.url, {method: 'POST', body}));
    expect(await (await post('a')).text()).toBe('answer to a');
    expect(statusOf(await post('a'))).toMatch(/; hit/);
    expect(await (await post('b')).text()).toBe('answer to b');
    const long = 'x'.repeat(100_000);
    expect(await (await post(long)).text()).toBe(`answer to ${long}`);
    expect(origin.seen).toHaveLength(3);
  });

  test.each<[name: string, body: () => unknown, expected: string]>([
    ['a string', () => 'abc', 'abc'],
    ['a Blob', () => new Blob(['abc']), 'abc'],
    ['a stream', () => new Blob(['abc']).stream(), 'abc'],
    ['long text', () => 'x'.repeat(100_000), 'x'.repeat(100_000)],
  ])('that is %s is sent once and whole', async (_, body, expected) => {
    const {origin, get} = await start(answer({}));
    await (await get(origin.url, {method: 'POST', body: body(), duplex: 'half'} as RequestInit)).text();
    await (await get(new Request(origin.url, {method: 'POST', body: body(), duplex: 'half'} as RequestInit))).text();
    expect(origin.seen.map(seen => seen.body)).toEqual([expected, expected]);
  });
});

test('an unsafe request empties what it changes', async () => {
  const {origin, get} = await start(answer(fresh));
  await (await get(origin.url)).text();
  await (await get(origin.url, {method: 'POST', body: 'x'})).text();
  expect(statusOf(await get(origin.url))).toMatch(/fwd=uri-miss/);
});

describe('options', () => {
  test('the global fetch is looked up for each call', async () => {
    const get = cachingFetch(new HttpCache());
    vi.stubGlobal('fetch', async () => new Response('stubbed'));
    expect(await (await get('https://example.com/')).text()).toBe('stubbed');
    vi.unstubAllGlobals();
  });

  test('put in the place of the global fetch, it sends by what was there before', async () => {
    let sent = 0;
    vi.stubGlobal('fetch', async () => new Response(`sent ${++sent}`, {headers: fresh}));
    onTestFinished(() => void vi.unstubAllGlobals());
    const text = async (): Promise<string> => (await globalThis.fetch('https://example.com/')).text();
    const [first, second] = [new HttpCache(), new HttpCache()];
    globalThis.fetch = cachingFetch(first);
    expect([await text(), await text()]).toEqual(['sent 1', 'sent 1']);
    expect(await first.warm(['https://example.com/warm'])).toEqual({answered: 1, failed: 0});
    // A second cache over it takes its place: the first answers nothing that clearing the second would not reach.
    globalThis.fetch = cachingFetch(second);
    expect([await text(), await text()]).toEqual(['sent 3', 'sent 3']);
    expect((await first.stats()).hits).toBe(1);
  });

  test.each([
    ['an object without fields', {ok: true, status: 200}, 'an object'],
    ['an object without content', {status: 200, headers: {}}, 'an object'],
    ['nothing', undefined, 'undefined'],
  ])('a fetch that resolves to %s is complained of, whatever the cache is asked', async (_, given, shownAs) => {
    const get = cachingFetch(new HttpCache(), {fetch: async () => given as never});
    const message = `limpid: what fetch resolved to is ${shownAs}; allowed: a Response`;
    await expect(get('https://example.com/')).rejects.toThrow(message);
    await expect(get('https://example.com/', {limpid: false})).rejects.toThrow(message);
  });

  test('another fetch may send', async () => {
    const seen: unknown[] = [];
    const get = cachingFetch(new HttpCache(), {
      fetch: async input => {
        seen.push(input);
        return new Response('sent', {headers: fresh});
      },
    });
    expect(await (await get('https://example.com/')).text()).toBe('sent');
    const hit = await get('https://example.com/');
    expect(await hit.text()).toBe('sent');
    expect(hit.url).toBe('https://example.com/');
    expect(seen).toEqual(['https://example.com/']);
  });

  test('a fetch that hides this very cache sends, and waits for nothing', async () => {
    const {origin, cache, get} = await start(answer(fresh));
    const logged = cachingFetch(cache, {fetch: (input, init) => get(input, init)});
    expect(await (await logged(origin.url)).text()).toBe('hello');
    const hit = await logged(origin.url);
    expect(statusOf(hit)).toMatch(/^limpid; hit[^,]*$/);
    expect(origin.seen).toHaveLength(1);
  });

  test('limpid: false goes past the cache', async () => {
    const {origin, get} = await start(answer(fresh));
    await (await get(origin.url)).text();
    expect(statusOf(await get(origin.url, {limpid: false}))).toMatch(/fwd=bypass/);
  });

  test('limpid says more than HTTP can', async () => {
    const {origin, get} = await start(answer({}));
    await (await get(origin.url, {limpid: {ttl: '1m'}})).text();
    expect(statusOf(await get(origin.url))).toMatch(/; hit/);
  });

  test('defaults hold for every request', async () => {
    const {origin, cache} = await start(answer({}));
    const get = cachingFetch(cache, {defaults: {ttl: '1m'}});
    await (await get(origin.url)).text();
    expect(statusOf(await get(origin.url))).toMatch(/; hit/);
  });

  test('wrong defaults are refused at once, wrong options when they are used', async () => {
    const cache = new HttpCache();
    expect(() => cachingFetch(cache, {defaults: {ttl: 'soon'} as never})).toThrow(TypeError);
    await expect(cachingFetch(cache)('https://example.com/', {limpid: {ttl: 'soon'} as never})).rejects.toThrow(
      TypeError,
    );
  });

  test.each<[name: string, input: string, init?: object]>([
    ['a bad URL', 'https://'],
    ['a URL with user information', 'https://user:word@example.com/'],
    ['a bad field', 'https://example.com/', {headers: {'x y': 'z'}}],
    ['a GET with a body', 'https://example.com/', {body: 'x'}],
    ['no URL', undefined as never],
    ['an init that is a number', 'https://example.com/', 5 as never],
    ['a signal that is none', 'https://example.com/', {signal: {}}],
    ['headers that are text', 'https://example.com/', {headers: 'abc'}],
  ])('%s is refused in fetch’s own words', async (_, input, init) => {
    const network = await fetch(input, init).catch((error: unknown) => error);
    const ours = await cachingFetch(new HttpCache())(input, init).catch((error: unknown) => error);
    expect(ours).toBeInstanceOf(TypeError);
    expect(ours).toEqual(network);
  });
});

test('a network failure rejects as fetch does', async () => {
  const get = cachingFetch(new HttpCache());
  await expect(get('http://127.0.0.1:1/')).rejects.toMatchObject({name: 'TypeError', message: 'fetch failed'});
});

describe('a call with mode no-cors', () => {
  const aside = {mode: 'no-cors'} as const;

  test('is not stored, and empties what others empty', async () => {
    const {origin, cache, get} = await start(answer(fresh));
    const [a, b] = [`${origin.url}/a`, `${origin.url}/b`];
    const stored = async (url: string) => (await cache.match(url)) !== undefined;
    await (await get(`${origin.url}/c`, aside)).text();
    expect(await stored(`${origin.url}/c`)).toBe(false);
    for (const url of [a, b]) await (await get(url)).text();
    expect(await stored(a)).toBe(true);
    const answered = await get(a, {...aside, method: 'POST', body: 'x', limpid: {clears: b}});
    expect(await answered.text()).toBe('hello');
    expect(await stored(a)).toBe(false);
    expect(await stored(b)).toBe(false);
  });

  test('hands on the very answer that is hidden, and empties as if it had succeeded', async () => {
    const cache = new HttpCache();
    const url = 'https://example.com/a';
    await cache.put(url, new Response('old', {headers: fresh}));
    const hidden = Object.defineProperties(new Response(null), {type: {value: 'opaque'}, status: {value: 0}});
    const get = cachingFetch(cache, {fetch: async () => hidden});
    expect(await get(url, {...aside, method: 'POST', body: 'x'})).toBe(hidden);
    expect(await cache.match(url)).toBeUndefined();
  });

  test('clears what its request names', async () => {
    const cache = new HttpCache();
    await cache.put('https://example.com/b', new Response('old', {headers: fresh}));
    const hidden = Object.defineProperties(new Response(null), {type: {value: 'opaque'}, status: {value: 0}});
    const get = cachingFetch(cache, {fetch: async () => hidden});
    await get('https://example.com/a', {...aside, method: 'POST', limpid: {clears: {all: true}}});
    expect((await cache.stats()).size?.count).toBe(0);
  });

  test('has its options checked', async () => {
    const get = cachingFetch(new HttpCache());
    const call = get('https://example.com/', {...aside, limpid: {nonsense: 1} as never});
    await expect(call).rejects.toThrow('nonsense');
  });
});

test('caches that share a store and are forgotten leave no listener there', async () => {
  const store = new MemoryStore();
  const listeners = new Set<unknown>();
  store.onEvict = listener => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const open = (): void => void new HttpCache({store});
  for (let count = 0; count < 100; count++) open();
  await vi.waitFor(() => {
    globalThis.gc?.();
    expect(listeners.size).toBe(0);
  });
});

test('a request that overrides its method passes the cache by', async () => {
  const {origin, get} = await start(answer(fresh));
  const overriding = {headers: {'X-HTTP-Method-Override': 'DELETE'}};
  expect(statusOf(await get(origin.url, overriding))).toBe('limpid; fwd=bypass; detail=unkeyed');
  expect(statusOf(await get(origin.url))).toBe('limpid; fwd=uri-miss; stored');
});
