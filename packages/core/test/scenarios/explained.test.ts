import {expect, test} from 'vitest';
import {cacheStatus} from '../../src/cache-status.ts';
import type {CacheEvent, CacheEventType} from '../../src/engine/events.ts';
import {HttpCache} from '../../src/engine/http-cache.ts';
import type {NamedOptions} from '../../src/engine/naming.ts';
import type {RequestOptions} from '../../src/options/request-options.ts';
import type {Defaults} from '../../src/options/rule-options.ts';
import {everywhere, story} from './driver.ts';

const types = ['hit', 'miss', 'revalidate', 'store', 'refuse', 'clear', 'evict', 'error'] as const;

function heard(cache: HttpCache): CacheEvent[] {
  const events: CacheEvent[] = [];
  for (const type of types) cache.on<CacheEventType>(type, event => void events.push(event));
  return events;
}

const etagged = {fields: {'cache-control': 'max-age=60', etag: '"one"'}};

everywhere('events tell the whole story of a response', async open => {
  const {cache, clock, origin, ask} = await open();
  const events = heard(cache);
  const url = 'https://a.example/a';
  const of = {method: 'GET', url};
  origin.script([
    etagged,
    {status: 304, fields: {etag: '"one"'}},
    {fields: {'cache-control': 'no-store'}},
    {status: 204},
  ]);
  await ask('/a');
  await cache.idle();
  await ask('/a');
  await clock.advance(61);
  await ask('/a');
  await ask({url: '/a', fields: {'cache-control': 'no-cache'}});
  await ask({url: '/a', method: 'POST'});
  await cache.expire('https://a.example/a');
  await cache.clear({all: true}, {dryRun: true});
  expect(events).toMatchObject([
    {type: 'miss', ...of, because: 'uri-miss', detail: undefined},
    {type: 'store', ...of, status: 200, bytes: 5},
    {type: 'hit', ...of, status: 200, age: 0, ttl: 60, stale: false, collapsed: false},
    {type: 'revalidate', ...of, because: 'stale', detail: 'stale', status: 304, background: false},
    {type: 'revalidate', ...of, because: 'request', detail: 'no-cache', status: 200, background: false},
    {type: 'refuse', ...of, status: 200, because: 'no-store', section: 'RFC 9111 §5.2.2.5'},
    {type: 'miss', method: 'POST', url, because: 'method', detail: undefined},
    {type: 'clear', action: 'remove', by: 'response'},
    {type: 'clear', action: 'expire', by: 'application'},
  ]);
});

everywhere('stats count what happened', async open => {
  const {cache, clock, origin, ask} = await open();
  const stale = {'cache-control': 'max-age=60, stale-while-revalidate=60', etag: '"one"'};
  origin.script([
    {fields: stale},
    {status: 304, fields: {etag: '"one"'}},
    {fields: {}},
    {error: new Error('down')},
    {},
  ]);
  await ask('/a');
  await cache.idle();
  await ask('/a');
  await clock.advance(70);
  await ask('/a');
  await cache.idle();
  await ask('/b');
  await ask('/b').catch(() => undefined);
  await ask({url: '/c', options: false});
  await ask({url: '/d', fields: {'cache-control': 'only-if-cached'}});
  expect(await cache.stats()).toEqual({
    hits: 2,
    stale: 1,
    misses: 3,
    validations: 1,
    notModified: 1,
    collapsed: 0,
    unsatisfiable: 1,
    bypassed: 1,
    stored: 1,
    refused: 1,
    evicted: 0,
    failed: 1,
    errors: 0,
    size: {count: 1, bytes: 5},
  });
});

everywhere('a listener can be taken out, twice added is called twice, and one that throws harms nobody', async open => {
  const {cache, origin, ask} = await open();
  origin.answering = () => ({});
  const called: unknown[] = [];
  const errors: unknown[] = [];
  const listener = (event: unknown) => void called.push(event);
  const first = cache.on('miss', listener);
  cache.on('miss', listener);
  cache.on('miss', () => {
    throw new Error('mine');
  });
  cache.on('error', ({error, during}) => errors.push([String(error), during]));
  cache.on('error', () => {
    throw new Error('even here');
  });
  await ask('/a');
  first();
  first();
  await ask('/b');
  expect(called).toHaveLength(3);
  expect(errors).toEqual([
    ['Error: mine', 'miss listener'],
    ['Error: mine', 'miss listener'],
  ]);
});

story('Cache-Status', [
  {
    name: 'stands on every answer: miss, hit, validation, refusal, bypass, other method',
    steps: [
      {ask: '/a', origin: etagged, expect: {fields: {'cache-status': 'limpid; fwd=uri-miss; stored'}}},
      {ask: '/a', expect: {fields: {'cache-status': 'limpid; hit; ttl=60'}}},
      {
        ask: {url: '/a', mode: 'no-cache'},
        origin: {status: 304, fields: {etag: '"one"'}},
        expect: {fields: {'cache-status': 'limpid; fwd=request; fwd-status=304; ttl=60; detail=no-cache'}},
      },
      {
        ask: '/b',
        origin: {fields: {'cache-control': 'no-store'}},
        expect: {fields: {'cache-status': 'limpid; fwd=uri-miss; detail=no-store'}},
      },
      {
        ask: {url: '/a', options: false},
        origin: {},
        expect: {fields: {'cache-status': 'limpid; fwd=bypass; detail=disabled'}},
      },
      {ask: {url: '/a', method: 'DELETE'}, origin: {}, expect: {fields: {'cache-status': 'limpid; fwd=method'}}},
    ],
  },
]);

everywhere('cacheStatus reads what was written', async open => {
  const {origin, ask} = await open();
  origin.script([etagged]);
  await ask('/a');
  const {fields} = await ask('/a');
  expect(cacheStatus({headers: new Headers([...fields] as [string, string][])})).toMatchObject({
    hit: true,
    ttl: 60,
    stored: false,
  });
  expect(cacheStatus({headers: {'Cache-Status': 'limpid; fwd=uri-miss; stored'}})).toMatchObject({
    hit: false,
    fwd: 'uri-miss',
    stored: true,
  });
  expect(cacheStatus({headers: {}})).toBeUndefined();
});

everywhere('explain tells what would happen, and of every stored response why', async open => {
  const {cache, clock, origin, ask} = await open();
  const url = 'https://a.example/a';
  const varying = (accept: string) => ({url: '/a', fields: {accept}});
  const fields = {'cache-control': 'max-age=60', etag: '"one"', vary: 'accept'};
  expect(await cache.explain(url)).toMatchObject({decision: 'forward', because: 'uri-miss', stored: []});
  origin.answering = () => ({fields});
  await ask(varying('a/a'));
  await ask(varying('b/b'));
  await ask({url: '/a', fields: {authorization: 'one'}});
  await cache.idle();
  const request = new Request(url, {headers: {accept: 'a/a'}});
  const {decision, stored} = await cache.explain(request);
  expect(decision).toBe('reuse');
  expect(stored.map(({because, section}) => `${because}: ${section}`).toSorted()).toEqual([
    'undefined: undefined',
    'vary: RFC 9111 §4.1',
  ]);
  expect(stored.find(({because}) => because === undefined)).toMatchObject({url, age: 0, lifetime: 60, stale: false});
  await clock.advance(61);
  expect(await cache.explain(request)).toMatchObject({
    decision: 'validate',
    because: 'stale',
    detail: 'stale',
    section: 'RFC 9111 §4.2',
    text: 'validated: its freshness lifetime has passed',
  });
  await cache.expire(url);
  expect(await cache.explain(request)).toMatchObject({decision: 'validate', detail: 'expired'});
  await cache.clear(url, {through: true});
  expect(await cache.explain(request)).toMatchObject({decision: 'forward', detail: 'through'});
  expect(origin.seen).toHaveLength(3);
});

everywhere('a request that is only named can be seen as one with options and defaults', async open => {
  const {cache, origin, ask} = await open();
  const url = 'https://a.example/a';
  const defaults: Defaults = {partition: 'ann', ttl: '5m'};
  const options: RequestOptions = {key: 'de'};
  origin.answering = () => ({fields: {}});
  await ask({url: '/a', options, defaults});
  await cache.idle();
  const seen = async (given?: NamedOptions) => [
    await cache.partitionOf(url, given),
    (await cache.explain(url, given)).decision,
    (await cache.match(url, given)) !== undefined,
  ];
  expect(await seen({limpid: options, defaults})).toEqual(['ann', 'reuse', true]);
  expect(await seen({defaults})).toEqual(['ann', 'forward', false]);
  expect(await seen({limpid: options})).toEqual(['', 'forward', false]);
  expect(await seen({limpid: false, defaults})).toEqual(['ann', 'forward', false]);
  expect(await seen({})).toEqual(['', 'forward', false]);
  expect(await seen()).toEqual(['', 'forward', false]);

  await cache.put(url, new Response('put'), {limpid: {ttl: '1m', tags: ['put']}, defaults: {partition: 'bob'}});
  expect(await (await cache.match(url, {defaults: {partition: 'bob'}}))?.text()).toBe('put');
  expect(await cache.clear({tag: 'put', partition: 'bob'})).toMatchObject({count: 1});
  await expect(cache.put(url, new Response('x'), {limpid: {ttl: '1m', cache: 'no-store'}})).rejects.toThrow(/bypass/);
});

test.each<[object, string]>([
  [{headers: {}}, 'match options.headers is not an option; known: limpid, defaults'],
  [{limpid: {tll: 1}}, 'limpid.tll is not an option; did you mean "ttl"?'],
  [{defaults: {ttl: -1}}, 'defaults.ttl is -1; allowed: milliseconds or text like "90s", "5m", "7d"'],
])('what a request is named with is judged: %j', async (given, message) => {
  await expect(new HttpCache().match('https://a.example/', given)).rejects.toThrow(new TypeError(`limpid: ${message}`));
});

everywhere('explain agrees with what then happens', async open => {
  const {cache, origin, ask} = await open();
  origin.answering = () => ({});
  const off = cache.pause();
  expect(await cache.explain('https://a.example/a')).toMatchObject({
    decision: 'forward',
    because: 'bypass',
    detail: 'paused',
  });
  expect((await ask('/a')).was).toBe('fwd=bypass; detail=paused');
  off();
});

test('an unknown event and a listener that is none are errors at once', async () => {
  const cache = new HttpCache();
  expect(() => cache.on('hits' as 'hit', () => undefined)).toThrow(/^limpid: event is "hits"; allowed: hit, miss/);
  expect(() => cache.on('hit', 'loudly' as never)).toThrow('limpid: listener is "loudly"; allowed: a function');
  expect(() => cache.on('hit', undefined as never)).toThrow(TypeError);
});
