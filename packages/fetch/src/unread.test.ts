// Node lets go of an answer that is garbage before its body is read: neither too early nor never.

import {getEventListeners} from 'node:events';
import {createServer, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import ky from 'ky';
import {HttpCache, MemoryStore} from 'limpid';
import {Fields} from 'limpid/adapter';
import {cacheHooks, readHook, writeHook} from 'limpid/ky';
import type {Store} from 'limpid/store';
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest';
import {cachedFetch} from './index.ts';

const size = 4_000_000;
let open = 0;
let finish: () => void;
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer(({url = '', headers}, response) => {
    open += 1;
    response.on('close', () => {
      open -= 1;
    });
    response.setHeader('cache-control', url.includes('not-stored') ? 'no-store' : 'max-age=60');
    const body = Buffer.alloc(size, 'x');
    if (url.startsWith('/parts')) return sendPart(headers.range, body, response);
    if (!url.startsWith('/slow')) return response.end(body);
    response.write(body.subarray(1));
    finish = () => response.end('x');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

/** What `bytes=first-last` asks for; without `last`, all that is left. */
function sendPart(range: string | undefined, body: Buffer, response: ServerResponse): void {
  const [first = 0, last = size - 1] = (range ?? 'bytes=0-').slice(6).split('-').filter(Boolean).map(Number);
  response.writeHead(206, {etag: '"a"', 'content-range': `bytes ${first}-${last}/${size}`});
  response.end(body.subarray(first, last + 1));
}

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const collect = (): void => {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
};

const collectGarbage = async (): Promise<void> => {
  for (let times = 0; times < 5; times += 1) {
    collect();
    await new Promise(resolve => setTimeout(resolve, 5));
  }
};

const cases = ['stored', 'not-stored'].flatMap(kind =>
  [
    ['GET', undefined],
    ['GET', new AbortController().signal],
    ['POST', undefined],
    ['POST', new AbortController().signal],
  ].map(([method, signal]) => ({kind, method, signal, told: signal === undefined ? 'no signal' : 'a signal'})),
) as readonly {kind: string; method: string; signal: AbortSignal | undefined; told: string}[];

describe('a body is whole, however late it is read', () => {
  test.each(cases)('$kind, $method, with $told', async ({kind, method, signal}) => {
    const fetch = cachedFetch(new HttpCache());
    const response = await fetch(`${origin}/${kind}`, {method, ...(signal && {signal})});
    await collectGarbage();
    expect((await response.arrayBuffer()).byteLength).toBe(size);
  });

  test('while the store takes its time, too', async () => {
    const store: Store = new MemoryStore();
    const clear = store.clear.bind(store);
    store.clear = async (...given) => {
      await collectGarbage();
      return clear(...given);
    };
    const response = await cachedFetch(new HttpCache({store}))(`${origin}/stored`, {method: 'POST'});
    expect((await response.arrayBuffer()).byteLength).toBe(size);
  });

  test.each(cases)('where only its promise is held: $kind, $method, with $told', async ({kind, method, signal}) => {
    const fetch = cachedFetch(new HttpCache());
    const read = (await fetch(`${origin}/slow/${kind}`, {method, ...(signal && {signal})})).bytes();
    await collectGarbage();
    finish();
    expect((await read).byteLength).toBe(size);
  });

  test('by the hooks of ky, one by one', async () => {
    const cache = new HttpCache();
    const api = ky.extend({hooks: {beforeRequest: [readHook(cache)], afterResponse: [writeHook(cache)]}});
    const response = await api.get(`${origin}/not-stored`);
    await collectGarbage();
    expect((await response.arrayBuffer()).byteLength).toBe(size);
  });

  test.each(cases)('where only a reader of it is held: $kind, $method, with $told', async ({kind, method, signal}) => {
    const fetch = cachedFetch(new HttpCache());
    const readerOf = async (): Promise<ReadableStreamDefaultReader<Uint8Array> | undefined> =>
      (await fetch(`${origin}/${kind}`, {method, ...(signal && {signal})})).body?.getReader();
    const reader = await readerOf();
    await collectGarbage();
    let length = 0;
    for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read())
      length += next.value.length;
    expect(length).toBe(size);
  });

  test.each(cases)('into memory of the reader: $kind, $method, with $told', async ({kind, method, signal}) => {
    const fetch = cachedFetch(new HttpCache());
    const {body} = await fetch(`${origin}/${kind}`, {method, ...(signal && {signal})});
    const reader = body?.getReader({mode: 'byob'});
    let length = 0;
    let memory = new Uint8Array(100_000);
    for (let next = await reader?.read(memory); next?.done === false; next = await reader?.read(memory)) {
      length += next.value.length;
      memory = new Uint8Array(next.value.buffer);
    }
    expect(length).toBe(size);
  });

  test('of a clone, too', async () => {
    const response = await cachedFetch(new HttpCache())(`${origin}/not-stored`);
    const copy = response.clone();
    await collectGarbage();
    const bodies = await Promise.all([response.arrayBuffer(), copy.arrayBuffer()]);
    expect(bodies.map(({byteLength}) => byteLength)).toEqual([size, size]);
  });
});

test('a body that is cancelled leaves nothing behind', async () => {
  const body = 'x'.repeat(100_000);
  const fetch = cachedFetch(new HttpCache(), {
    fetch: async () => new Response(body, {headers: {'cache-control': 'max-age=60'}}),
  });
  const cancelled = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1) await (await fetch(`https://a.example/${at}`)).body?.cancel();
    await collectGarbage();
  };
  const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  await cancelled(200);
  const before = used();
  await cancelled(500);
  expect(used() - before).toBeLessThan(500 * 2_000);
});

describe('an answer that is dropped unread gives its connection back', () => {
  const dropped = async (send: (url: string) => Promise<unknown>, kind: string): Promise<void> => {
    for (let count = 0; count < 5; count += 1) await send(`${origin}/${kind}/${count}`);
  };
  const untilClosed = (): Promise<void> =>
    vi.waitFor(async () => {
      await collectGarbage();
      expect(open).toBe(0);
    });

  test.each(cases)('$kind, $method, with $told', async ({kind, method, signal}) => {
    const fetch = cachedFetch(new HttpCache());
    await dropped(url => fetch(url, {method, ...(signal && {signal})}), kind);
    await untilClosed();
  });

  test.each<[string, (response: Response) => unknown]>([
    ['its body', response => response.body],
    ['its clone', response => response.clone()],
    ['a part of it', response => response.body?.getReader().read()],
  ])('after a look at %s', async (_, look) => {
    const fetch = cachedFetch(new HttpCache());
    const {signal} = new AbortController();
    for (const kind of ['stored', 'not-stored']) {
      await dropped(async url => void (await look(await fetch(url))), kind);
      await dropped(async url => void (await look(await fetch(url, {signal}))), `${kind}-by-signal`);
    }
    await untilClosed();
  });

  test('and leaves nothing at a signal that lives on', async () => {
    const fetch = cachedFetch(new HttpCache());
    const {signal} = new AbortController();
    for (const kind of ['stored', 'not-stored']) await dropped(url => fetch(url, {signal}), kind);
    await untilClosed();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test.each([undefined, new AbortController().signal])('that completes what is stored (signal: %o)', async signal => {
    const fetch = cachedFetch(new HttpCache());
    const completed = async (url: string): Promise<void> => {
      await (await fetch(url, {headers: {range: 'bytes=0-9'}})).text();
      const {status, headers} = await fetch(url, {...(signal && {signal})});
      expect([status, headers.get('cache-status')]).toEqual([200, expect.stringContaining('fwd-status=206')]);
    };
    await dropped(completed, 'parts');
    await untilClosed();
  });

  test('also by ky, whose hooks clone it', async () => {
    const api = ky.extend({hooks: {...cacheHooks(new HttpCache()), afterResponse: [() => undefined]}});
    await dropped(url => api.get(url), 'not-stored');
    await untilClosed();
  });

  test.each(['stored', 'not-stored'])('%s, by ky', async kind => {
    const api = ky.extend({hooks: cacheHooks(new HttpCache())});
    await dropped(url => api.get(url), kind);
    await untilClosed();
  });
});

describe('a hit that a store streams is let go of', () => {
  /** A cache over a store that gives every body as a stream, and how many of these nobody has finished with. */
  function streaming(isLate = false): {readonly cache: HttpCache; readonly unfinished: () => number} {
    let count = 0;
    const store: Store = new MemoryStore();
    const body = store.body.bind(store);
    const finished = (): void => {
      count -= 1;
    };
    store.body = (...given) => {
      const bytes = body(...given);
      if (!(bytes instanceof Uint8Array)) return undefined;
      count += 1;
      const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
        controller.enqueue(bytes.slice());
        controller.close();
        finished();
      };
      const stream = new ReadableStream({pull, cancel: finished}, {highWaterMark: 0});
      return isLate ? Promise.resolve(stream) : stream;
    };
    return {cache: new HttpCache({store}), unfinished: () => count};
  }
  const url = 'https://a.example/';
  const send = async (): Promise<Response> => new Response('whole', {headers: {'cache-control': 'max-age=60'}});

  test.each([undefined, new AbortController().signal])('where nobody reads it (signal: %o)', async signal => {
    const {cache, unfinished} = streaming();
    const fetch = cachedFetch(cache, {fetch: send});
    await (await fetch(url)).text();
    for (let hits = 0; hits < 5; hits += 1) await fetch(url, {...(signal && {signal})});
    await vi.waitFor(async () => {
      await collectGarbage();
      expect(unfinished()).toBe(0);
    });
    expect(await (await fetch(url)).text()).toBe('whole');
  });

  test.each([false, true])('where only what is there at once is asked for (late: %s)', async isLate => {
    const {cache, unfinished} = streaming(isLate);
    const fetch = cachedFetch(cache, {fetch: send});
    await (await fetch(url)).text();
    const head = {method: 'GET', url, fields: Fields.none, variant: '', client: 'node'} as const;
    expect(cache.reuse({...head, mode: 'default', redirect: 'follow'})).toBeUndefined();
    await vi.waitFor(() => expect(unfinished()).toBe(0));
  });
});
