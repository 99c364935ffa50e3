import {expect} from 'vitest';
import {cachingFetch} from '../../src/adapter/caching-fetch.ts';
import {everywhere} from './driver.ts';

const url = 'https://a.example/a';
const fresh = {headers: {'cache-control': 'max-age=60', 'x-one': '1'}};
const ok = async (): Promise<Response> => new Response('warmed', fresh);

everywhere('what is put is what match and requests find', async open => {
  const {cache, clock, ask} = await open();
  await cache.put(url, new Response('put', {status: 200, statusText: 'Put', ...fresh}));
  await clock.advance(10);
  const matched = await cache.match(url);
  expect(matched?.status).toBe(200);
  expect(matched?.headers.get('x-one')).toBe('1');
  expect(matched?.headers.get('age')).toBe('10');
  expect(await matched?.text()).toBe('put');
  expect(await ask('/a')).toMatchObject({body: 'put', was: 'hit; ttl=50'});
});

everywhere('put replaces, and each match is a response of its own', async open => {
  const {cache} = await open();
  await cache.put(url, new Response('one', fresh));
  await cache.put(new Request(url), new Response('two', fresh));
  const [first, second] = await Promise.all([cache.match(url), cache.match(new URL(url))]);
  first?.headers.set('x-one', 'changed');
  new Uint8Array((await first?.arrayBuffer()) ?? new ArrayBuffer(0)).fill(0);
  expect(second?.headers.get('x-one')).toBe('1');
  expect(await second?.text()).toBe('two');
});

everywhere('match does not find what would be sent', async open => {
  const {cache, clock} = await open();
  expect(await cache.match(url)).toBeUndefined();
  await cache.put(new Request(url, {headers: {authorization: 'one'}}), new Response('one', fresh));
  expect(await cache.match(url)).toBeUndefined();
  await clock.advance(61);
  expect(await cache.match(new Request(url, {headers: {authorization: 'one'}}))).toBeUndefined();
});

everywhere('put throws with the reason for what may not be stored', async open => {
  const {cache} = await open({maxBodyBytes: 3});
  const refusals: readonly (readonly [Response, string])[] = [
    [new Response('a', {headers: {'cache-control': 'no-store'}}), 'no-store'],
    [new Response('a'), 'no-freshness'],
    [new Response('a', {status: 206, ...fresh}), 'status-partial'],
    [new Response('long', fresh), 'too-large'],
    [Response.error(), 'opaque'],
    [new Response('a', {headers: {'cache-control': 'max-age=60', vary: '*'}}), 'vary-any'],
  ];
  for (const [response, because] of refusals) {
    await expect(cache.put(url, response)).rejects.toMatchObject({
      code: 'NOT_STORABLE',
      message: expect.stringContaining(`(${because},`),
    });
  }
  expect((await cache.stats()).size?.count).toBe(0);
});

everywhere('what is put goes before a fresh variant, as an answer from the network does', async open => {
  const {cache, origin, ask} = await open();
  origin.script([{fields: {'cache-control': 'max-age=60', vary: 'x-lang'}, body: 'variant'}]);
  await ask({url: '/a', fields: {'x-lang': 'en'}});
  await cache.put(new Request(url, {headers: {'x-lang': 'en'}}), new Response('put', fresh));
  expect(await ask({url: '/a', fields: {'x-lang': 'en'}})).toMatchObject({body: 'put', was: 'hit; ttl=60'});
});

everywhere('what is put while it is stale answers for no error', async open => {
  const {cache, clock} = await open({staleIfError: '1h'});
  await cache.put(url, new Response('old', fresh));
  await clock.advance(61);
  await cache.put(url, new Response('broken', {status: 500, ...fresh}));
  expect((await cache.match(url))?.status).toBe(500);
});

everywhere('what closing overtakes is told so', async open => {
  const {cache} = await open();
  const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {highWaterMark: 2});
  for (const path of ['b', 'c', 'd']) await cache.put(`https://a.example/${path}`, new Response(path, fresh));
  const putting = cache.put(url, new Response(readable as ReadableStream<Uint8Array<ArrayBuffer>>, fresh));
  const put = expect(putting).rejects.toMatchObject({code: 'CLOSED'});
  const listing = cache.entries();
  expect((await listing.next()).done).toBe(false);
  let sent = 0;
  const send = async (): Promise<Response> => {
    sent += 1;
    if (sent === 2) void cache.close();
    return ok();
  };
  const urls = Array.from({length: 9}, (_, number) => `https://a.example/warm-${number}`);
  await expect(cache.warm(urls, {fetch: send, concurrency: 1})).rejects.toMatchObject({code: 'CLOSED'});
  expect(sent).toBe(2);
  await expect(listing.next()).rejects.toMatchObject({code: 'CLOSED'});
  await writable.getWriter().close();
  await put;
});

everywhere('a put begun before a clear is not stored after it', async open => {
  const {cache} = await open();
  const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {highWaterMark: 2});
  const putting = cache.put(url, new Response(readable as ReadableStream<Uint8Array<ArrayBuffer>>, fresh));
  const refused = expect(putting).rejects.toMatchObject({
    code: 'NOT_STORABLE',
    message: expect.stringContaining('fenced'),
  });
  const writer = writable.getWriter();
  await writer.write(new TextEncoder().encode('old'));
  await cache.clear();
  await writer.close();
  await refused;
  expect(await cache.match(url)).toBeUndefined();
});

everywhere('a body that breaks while it is put is an error, and nothing is stored', async open => {
  const {cache} = await open();
  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: controller => controller.error(new Error('broke')),
  });
  await expect(cache.put(url, new Response(broken, fresh))).rejects.toThrow();
  expect(await cache.match(url)).toBeUndefined();
});

everywhere('put takes an absolute URL or a Request, and a Response', async open => {
  const {cache} = await open();
  await expect(cache.put('/relative', new Response('a', fresh))).rejects.toThrow(TypeError);
  await expect(cache.match('ftp://a.example/')).rejects.toThrow(/^limpid: /);
});

everywhere('put refuses a response that has been read', async open => {
  const {cache} = await open();
  const used = new Response('a', fresh);
  await used.text();
  const beingRead = new Response('a', fresh);
  beingRead.body?.getReader();
  for (const response of [used, beingRead])
    await expect(cache.put(url, response)).rejects.toThrow(/^limpid: put response has been read; allowed: /);
  for (const [given, shownAs] of [
    [undefined, 'undefined'],
    [Promise.resolve(ok()), 'a Promise'],
    [{a: 1}, 'an object'],
    [new Request(url), 'a Request'],
  ] as const) {
    await expect(cache.put(url, given as never)).rejects.toThrow(`limpid: put response is ${shownAs}; allowed: `);
  }
  expect(await cache.match(url)).toBeUndefined();
});

everywhere('a refused put cancels the body it was given', async open => {
  const {cache} = await open({maxBodyBytes: 3});
  const off = cache.pause();
  expect(await isCancelledBy(body => cache.put(url, new Response(body, fresh)))).toBe(true);
  off();
  expect(await isCancelledBy(body => cache.put(url, new Response(body)))).toBe(true);
  expect(await isCancelledBy(body => cache.put('/relative', new Response(body, fresh)))).toBe(true);
  expect(await isCancelledBy(body => cache.put(url, new Response(body, fresh)))).toBe(true);
  await cache.close();
  expect(await isCancelledBy(body => cache.put(url, new Response(body, fresh)))).toBe(true);
  const used = new Response('a', fresh);
  await used.text();
  await expect(cache.put(url, used)).rejects.toMatchObject({code: 'CLOSED'});
});

/** Whether the put fails, and lets go of a body that has more to come. */
async function isCancelledBy(put: (body: ReadableStream<Uint8Array<ArrayBuffer>>) => Promise<void>): Promise<boolean> {
  let cancelled = false;
  let left = 10;
  const pull = (controller: ReadableStreamDefaultController): void => {
    if (left-- === 0) controller.close();
    else controller.enqueue(new Uint8Array(2));
  };
  const cancel = (): void => {
    cancelled = true;
  };
  await expect(put(new ReadableStream({pull, cancel}))).rejects.toThrow(/^limpid: /);
  return cancelled;
}

everywhere('warm fills the cache, a few at a time, and tells how far it is', async open => {
  const {cache, ask} = await open();
  const urls = [1, 2, 3, 4, 5, 6].map(number => `https://a.example/${number}`);
  const progress: unknown[] = [];
  let running = 0;
  let most = 0;
  const fetch = async (): Promise<Response> => {
    most = Math.max(most, ++running);
    await new Promise(resolve => setImmediate(resolve));
    running -= 1;
    return ok();
  };
  const result = await cache.warm(urls, {
    fetch,
    concurrency: 2,
    headers: {'x-warm': '1'},
    onProgress: ({done, total, status}) => progress.push([done, total, status]),
  });
  expect(result).toEqual({answered: 6, failed: 0});
  expect(most).toBe(2);
  expect(progress).toEqual([1, 2, 3, 4, 5, 6].map(done => [done, 6, 200]));
  await cache.idle();
  expect(await ask('/3')).toMatchObject({body: 'warmed', was: 'hit; ttl=60'});
});

everywhere('warming goes on past what fails, and asks for nothing that is fresh', async open => {
  const {cache} = await open();
  await cache.put(url, new Response('there', fresh));
  const asked: string[] = [];
  const errors: unknown[] = [];
  const fetch = async (input: unknown): Promise<Response> => {
    const target = input instanceof Request ? input.url : String(input);
    asked.push(target);
    if (target.endsWith('bad')) throw new Error('down');
    return ok();
  };
  const urls = [url, 'https://a.example/bad', 'https://a.example/good'];
  const result = await cache.warm(urls, {
    fetch,
    concurrency: 1,
    onProgress: ({error}) => error !== undefined && errors.push(error),
  });
  expect(result).toEqual({answered: 2, failed: 1});
  expect(asked).toEqual(['https://a.example/bad', 'https://a.example/good']);
  expect(errors).toHaveLength(1);
});

everywhere('warming follows redirects, and fills what they lead to', async open => {
  const {cache, ask} = await open();
  const statuses: unknown[] = [];
  const fetch = async (input: unknown): Promise<Response> =>
    String(input).endsWith('/old') ? new Response(null, {status: 301, headers: {location: '/new'}}) : ok();
  await cache.warm(['https://a.example/old'], {fetch, onProgress: ({status}) => statuses.push(status)});
  expect(statuses).toEqual([200]);
  await cache.idle();
  expect(await ask('/new')).toMatchObject({body: 'warmed', was: 'hit; ttl=60'});
});

everywhere('warming waits for what onProgress returns, and fails with it', async open => {
  const {cache} = await open();
  const onProgress = () => Promise.reject(new Error('mine'));
  await expect(cache.warm(['https://a.example/1'], {fetch: async () => ok(), onProgress})).rejects.toThrow('mine');
});

everywhere('warming begins nothing more once it has failed', async open => {
  const {cache} = await open();
  let asked = 0;
  const fetch = async (): Promise<Response> => {
    asked += 1;
    await new Promise(resolve => setImmediate(resolve));
    return ok();
  };
  const onProgress = ({done}: {readonly done: number}): void => {
    if (done === 1) throw new Error('mistaken');
  };
  const urls = Array.from({length: 100}, (_, index) => `${url}${index}`);
  await expect(cache.warm(urls, {fetch, concurrency: 4, onProgress})).rejects.toThrow('mistaken');
  await cache.idle();
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(asked).toBeLessThanOrEqual(4);
});

everywhere('warming sends past a caching fetch over the same cache, however it is wrapped', async open => {
  const {cache, ask} = await open();
  const get = cachingFetch(cache, {fetch: ok});
  await cache.warm([url], {fetch: get});
  await cache.warm([`${url}2`], {fetch: (input, init) => get(input, init)});
  for (const path of ['/a', '/a2']) expect(await ask(path)).toMatchObject({body: 'warmed', was: 'hit; ttl=60'});
});

everywhere('warming a closed cache is refused before anything is sent', async open => {
  const {cache} = await open();
  await cache.close();
  const fetch = (): never => expect.unreachable();
  await expect(cache.warm([url], {fetch})).rejects.toMatchObject({code: 'CLOSED'});
});

everywhere('warming ends with its signal', async open => {
  const {cache} = await open();
  const ending = new AbortController();
  const fetch = async (): Promise<Response> => {
    ending.abort(new Error('enough'));
    throw ending.signal.reason;
  };
  await expect(cache.warm([url, `${url}2`], {fetch, signal: ending.signal})).rejects.toThrow('enough');
  await expect(cache.warm([url], {speed: 9} as never)).rejects.toThrow(/^limpid: /);
  await expect(cache.warm([url], 5 as never)).rejects.toThrow(
    'limpid: warm options is 5; allowed: an object of fetch, concurrency, onProgress, headers, signal',
  );
  await expect(cache.warm([url], {concurrency: 0})).rejects.toThrow(/^limpid: .*concurrency is 0/);
});

everywhere('warming judges everything it is given before it sends anything', async open => {
  const {cache} = await open();
  let sent = 0;
  const fetch = async (): Promise<Response> => {
    sent += 1;
    return ok();
  };
  const wrongUrls: readonly (readonly [unknown, string])[] = [
    [url, `urls is "${url}"; allowed: an array or iterable of absolute http(s) URLs`],
    [new URL(url), 'urls is a URL; allowed: an array'],
    [undefined, 'urls is undefined; allowed: an array'],
    [{0: url}, 'urls is an object; allowed: an array'],
    [[url, 'not a url'], 'urls[1] is "not a url"; allowed: an absolute http(s) URL'],
    [[url, new URL('ftp://a.example/')], 'urls[1] is "ftp://a.example/"; allowed: an absolute http(s) URL'],
    [new Set([url, 5]), 'urls[1] is 5; allowed: an absolute http(s) URL'],
    [[undefined], 'urls[0] is undefined; allowed: an absolute http(s) URL'],
    [['https://user:secret@a.example/'], 'urls[0] is "https://…@a.example/"; allowed: an absolute http(s) URL'],
  ];
  for (const [urls, message] of wrongUrls) {
    const warming = cache.warm(urls as string[], {fetch});
    await expect(warming).rejects.toThrow(TypeError);
    await expect(warming).rejects.toThrow(`limpid: warm ${message}`);
  }
  const wrongHeaders = [5, null, 'accept: a/a', true, new Date(), ['accept: a/a'], {'a b': '1'}, [['a', 'b\0']], [[]]];
  for (const headers of wrongHeaders) {
    const warming = cache.warm([url], {fetch, headers: headers as never});
    await expect(warming).rejects.toThrow(TypeError);
    await expect(warming).rejects.toThrow(/^limpid: warm options\.headers is .*; allowed: fields/);
  }
  expect(sent).toBe(0);
});

everywhere('warming takes any iterable, and headers in any form', async open => {
  const {cache} = await open();
  const sent: (string | null)[] = [];
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    sent.push(new Headers(init?.headers).get('x-warm'));
    return new Response('warmed');
  };
  const forms = [{'x-warm': '1'}, new Headers({'x-warm': '1'}), new Map([['x-warm', '1']]), [['x-warm', '1'] as const]];
  for (const headers of forms) await cache.warm(new Set([url, new URL(`${url}2`)]), {fetch, headers});
  expect(sent).toEqual(Array.from({length: 8}, () => '1'));
});
