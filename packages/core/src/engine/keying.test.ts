import {describe, expect, test} from 'vitest';
import {policy, requestHead} from '../../test/builders.ts';
import {Clock, settled} from '../../test/scenarios/clock.ts';
import {scripted} from '../../test/scenarios/world.ts';
import type {RequestBody} from '../model/messages.ts';
import type {ResolvedPolicy} from '../options/resolve-policy.ts';
import {MemoryStore} from '../stores/memory.ts';
import {GuardedStore} from './guarded-store.ts';
import {isKeyable, isSupportedUrl, keyed} from './keying.ts';

const secret = 's3cr3t-value';

const resolved: ResolvedPolicy = {
  policy: policy(),
  ignoreSearch: undefined,
  partition: undefined,
  storeIf: undefined,
  key: undefined,
  mode: undefined,
  clears: undefined,
  waitUntil: undefined,
};

function key(given: Parameters<typeof requestHead>[0], body?: RequestBody, memory: MemoryStore = new MemoryStore()) {
  const clock = new Clock();
  const store = new GuardedStore(
    memory,
    clock.timers,
    () => clock.now,
    () => undefined,
  );
  const request = keyed(requestHead(given), body, resolved, undefined, store);
  if (request === undefined || request instanceof Promise) throw new Error('a memory store is synchronous');
  return request;
}

const content = (text: string): RequestBody => ({type: 'bytes', bytes: new TextEncoder().encode(text)});

/** Everything a key is made of. */
const parts = (request: ReturnType<typeof key>): string =>
  JSON.stringify({...request, head: undefined, directives: undefined, pseudonyms: [...request.pseudonyms]});

describe('a key', () => {
  const memory = new MemoryStore();

  test.each<[string, Parameters<typeof requestHead>[0]]>([
    ['Authorization', {fields: {authorization: `Bearer ${secret}`}}],
    ['Cookie', {fields: {cookie: `sid=${secret}`}}],
    ['an API key field', {fields: {'x-api-key': secret}}],
    ['a query parameter', {url: `https://example.com/a?page=1&access_token=${secret}`}],
    ['a query parameter in capitals', {url: `https://example.com/a?API_KEY=${secret}`}],
    ['a percent-encoded query parameter', {url: `https://example.com/a?token=${encodeURIComponent(`${secret}=&/`)}`}],
  ])('holds no secret of %s, and is the same for the same secret only', (_, given) => {
    const first = key(given, undefined, memory);
    expect(parts(first)).not.toContain(secret);
    expect(parts(key(given, undefined, memory))).toBe(parts(first));
    const other = JSON.parse(JSON.stringify(given).replaceAll(secret, 'another')) as typeof given;
    expect(parts(key(other, undefined, memory))).not.toBe(parts(first));
  });

  test('holds nothing of the request’s content, and differs with content and its metadata', () => {
    const post = (type: string, text: string) =>
      parts(key({method: 'QUERY', fields: {'content-type': type}}, content(text), memory));
    expect(post('a/a', secret)).not.toContain(secret);
    expect(new Set([post('a/a', 'one'), post('a/a', 'two'), post('b/b', 'one'), post('a/a', 'one')]).size).toBe(3);
  });

  test('tells bytes apart that are no text', () => {
    const bytes = (byte: number) => key({method: 'QUERY'}, {type: 'bytes', bytes: Uint8Array.of(byte)}, memory).content;
    expect(bytes(0xff)).not.toBe(bytes(0xfe));
  });

  test('tells two credentials apart from one that looks like both', () => {
    const one = key({fields: {authorization: 'a', cookie: 'b'}}, undefined, memory);
    const two = key({fields: {authorization: 'a","cookie","b'}}, undefined, memory);
    expect(one.partition).not.toBe(two.partition);
  });

  test('uses other stand-ins in another store', () => {
    const given = {fields: {authorization: secret}};
    expect(key(given).partition).not.toBe(key(given).partition);
  });

  test('leaves an ordinary URL as it is', () => {
    const url = 'https://example.com/a?page=1&sort=up';
    expect(key({url})).toMatchObject({url, resource: url, partition: '', credentialed: false, content: undefined});
  });
});

test.each([
  ['https://a.example', true],
  ['http://a.example:8080/?q=a@b', true],
  ['https://user:password@a.example/', false],
  ['https://user@a.example/', false],
  ['ftp://a.example/', false],
  ['data:text/plain,hello', false],
  ['blob:https://a.example/1', false],
])('%s is a URL for the cache: %s', (url, expected) => {
  expect(isSupportedUrl(url)).toBe(expected);
});

test('content is keyed as bytes of a bounded length', () => {
  expect(isKeyable(undefined)).toBe(true);
  expect(isKeyable({type: 'opaque'})).toBe(false);
  expect(isKeyable({type: 'bytes', bytes: new Uint8Array(65_536)})).toBe(true);
  expect(isKeyable({type: 'bytes', bytes: new Uint8Array(65_537)})).toBe(false);
});

/** Everything a cache ever says: events, stats, entries, explanations, Cache-Status, partitions. */
async function said(asked: Parameters<ReturnType<typeof scripted>['ask']>[0]): Promise<string> {
  const clock = new Clock();
  const {cache, origin, ask, url} = scripted(new MemoryStore(), clock, 'bytes');
  const heard: unknown[] = [];
  for (const type of ['hit', 'miss', 'revalidate', 'store', 'refuse', 'clear', 'evict', 'error'] as const) {
    cache.on(type, event => void heard.push(event));
  }
  const given = typeof asked === 'string' ? {url: asked} : asked;
  origin.answering = ({url: target}) => ({
    fields: {'cache-control': 'max-age=60', etag: '"a"', vary: 'authorization, x-api-key', location: target},
  });
  for (const mode of ['default', 'default', 'no-cache', 'no-store'] as const)
    heard.push((await ask({...given, mode})).was);
  heard.push((await ask({...given, method: 'POST'})).was, (await ask({...given, options: false})).was);
  await ask(given);
  await settled();
  if (!url(given.url).includes('@')) {
    const request = new Request(url(given.url), {headers: given.fields ?? {}});
    heard.push(await cache.explain(request), await cache.partitionOf(request));
  }
  for await (const {url: shown, partition, tags} of cache.entries()) heard.push(shown, partition, tags);
  await cache.clear(url('/x'));
  return JSON.stringify(heard);
}

describe('nothing a cache says holds a secret', () => {
  test.each<[string, Parameters<ReturnType<typeof scripted>['ask']>[0]]>([
    ['of Authorization', {url: '/a', fields: {authorization: secret}}],
    ['of Cookie', {url: '/a', fields: {cookie: secret}}],
    ['of an API key', {url: '/a', fields: {'x-api-key': secret}}],
    ['of the query', `/a?token=${secret}`],
    ['of user information in the URL', `https://user:${secret}@a.example/`],
  ])('%s', async (_, asked) => {
    expect(await said(asked)).not.toContain(secret);
  });
});
