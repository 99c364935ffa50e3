import {expect} from 'vitest';
import {everywhere} from './driver.ts';

const url = 'https://a.example/a';
const fresh = {headers: {'cache-control': 'max-age=60'}};
const type = 'text/plain;charset=UTF-8';

const query = (body?: BodyInit): Request =>
  new Request(url, {method: 'QUERY', ...(body !== undefined && {body, duplex: 'half'})});
const asked = (body?: string): {url: string; method: string; body?: string; fields?: Record<string, string>} => ({
  url: '/a',
  method: 'QUERY',
  ...(body !== undefined && {body, fields: {'content-type': type}}),
});
const long = (): Request => query('x'.repeat(70_000));

everywhere('what is put for content answers that content alone', async open => {
  const {cache, origin, ask} = await open();
  const request = query('one');
  await cache.put(request, new Response('answer one', fresh));
  expect(request.bodyUsed).toBe(false);
  expect(await cache.match(query())).toBeUndefined();
  expect(await cache.match(query('two'))).toBeUndefined();
  expect(await (await cache.match(request))?.text()).toBe('answer one');
  expect(await request.text()).toBe('one');
  expect(await ask(asked('one'))).toMatchObject({body: 'answer one', was: 'hit; ttl=60'});
  origin.script([{body: 'without'}]);
  expect(await ask(asked())).toMatchObject({body: 'without', was: 'fwd=uri-miss; stored'});
});

everywhere('explain, clear and expire see the content', async open => {
  const {cache, origin, ask} = await open();
  origin.answering = () => ({});
  for (const body of ['one', 'two', undefined]) await ask(asked(body));
  expect(await cache.explain(query('one'))).toMatchObject({decision: 'reuse'});
  expect(await cache.explain(query('three'))).toMatchObject({decision: 'forward', because: 'uri-miss'});
  expect(await cache.expire(query('two'), {exact: true})).toMatchObject({count: 1});
  expect(await cache.explain(query('two'))).toMatchObject({because: 'stale', detail: 'expired'});
  expect(await cache.clear(query('one'), {exact: true})).toMatchObject({count: 1});
  expect(await cache.explain(query('one'))).toMatchObject({because: 'uri-miss'});
  expect(await cache.explain(query())).toMatchObject({decision: 'reuse'});
});

everywhere('content too long to be keyed belongs to nothing stored', async open => {
  const {cache, origin, ask} = await open();
  origin.answering = () => ({});
  await ask(asked());
  expect(await cache.match(long())).toBeUndefined();
  expect(await cache.explain(long())).toMatchObject({because: 'bypass', detail: 'unkeyed-content'});
  expect(await cache.clear(long(), {exact: true})).toMatchObject({count: 0});
  await expect(cache.put(long(), new Response('a', fresh))).rejects.toMatchObject({
    code: 'NOT_STORABLE',
    message: expect.stringContaining('too long (unkeyed-content, RFC 9111 §2)'),
  });
  const off = cache.pause();
  expect(await cache.clear(long(), {exact: true})).toMatchObject({count: 0});
  off();
  expect(await ask(asked())).toMatchObject({was: 'hit; ttl=60'});
});

everywhere('a partition does not depend on content', async open => {
  const {cache} = await open();
  const users = {headers: {authorization: 'one'}};
  const partition = await cache.partitionOf(new Request(url, users));
  expect(await cache.partitionOf(new Request(query('one'), users))).toBe(partition);
  expect(await cache.partitionOf(new Request(long(), users))).toBe(partition);
});

everywhere('content that other methods carry is not read', async open => {
  const {cache} = await open();
  let pulls = 0;
  const pull = (): void => {
    pulls += 1;
  };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({pull}, {highWaterMark: 0});
  const request = new Request(url, {method: 'POST', body, duplex: 'half'} as RequestInit);
  expect(await cache.match(request)).toBeUndefined();
  await cache.clear(request);
  await expect(cache.put(request, new Response('a', fresh))).rejects.toMatchObject({
    message: expect.stringContaining('(method,'),
  });
  expect(pulls).toBe(0);
});

everywhere('content of a method that a rule makes cacheable is seen too', async open => {
  const {cache, ask} = await open({
    rules: [{methods: ['POST'], ttl: '1m'}],
  });
  await cache.put(new Request(url, {method: 'POST', body: 'one'}), new Response('answer one'));
  const fields = {'content-type': type};
  expect(await ask({url: '/a', method: 'POST', body: 'one', fields})).toMatchObject({body: 'answer one'});
});

everywhere('a Request whose content has been read names nothing', async open => {
  const {cache} = await open();
  const request = query('one');
  await request.text();
  const message = 'limpid: match request is a Request whose body has been read; allowed: an absolute http(s) URL or ';
  await expect(cache.match(request)).rejects.toThrow(message);
});

everywhere('a put with content begun before a clear is not stored after it', async open => {
  const {cache} = await open();
  const putting = cache.put(query('one'), new Response('old', fresh));
  const refused = expect(putting).rejects.toMatchObject({message: expect.stringContaining('fenced')});
  await cache.clear();
  await refused;
  expect(await cache.match(query('one'))).toBeUndefined();
});

everywhere('put says why when its request goes around the cache', async open => {
  const {cache} = await open();
  const off = cache.pause();
  await expect(cache.put(url, new Response('a', fresh))).rejects.toMatchObject({
    code: 'NOT_STORABLE',
    message: expect.stringContaining('put: the cache is paused (paused, limpid pause)'),
  });
  off();
  const putting = cache.put(query('one'), new Response('a', fresh));
  const refused = expect(putting).rejects.toMatchObject({code: 'CLOSED'});
  await cache.close();
  await refused;
});
