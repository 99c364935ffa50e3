// Parameters ignored by more than a rule for every request: what is stored without them is found by every URL it answers.

import {expect, test} from 'vitest';
import {cachingFetch} from '../../src/adapter/caching-fetch.ts';
import {HttpCache} from '../../src/engine/http-cache.ts';
import type {Rule} from '../../src/options/rules.ts';
import {MemoryStore} from '../../src/stores/memory.ts';
import {everywhere} from './driver.ts';
import type {World} from './world.ts';

const asked = {url: '/x?utm=1', defaults: {ignoreSearch: ['utm']}} as const;
const query = {url: '/x?utm=1', method: 'QUERY', body: 'q'} as const;
const methodBound = {rules: [{for: {method: 'QUERY'}, ignoreSearch: ['utm']}]};
const url = 'https://a.example/x?utm=1';

const empties: readonly (readonly [name: string, run: (world: World) => unknown, was: string])[] = [
  ['clear', ({cache}) => cache.clear(url), 'fwd=uri-miss; stored'],
  ['clear by conditions', ({cache}) => cache.clear({url, status: 200}), 'fwd=uri-miss; stored'],
  ['clear through', ({cache}) => cache.clear(url, {through: true}), 'fwd=uri-miss; stored; detail=through'],
  ['expire', ({cache}) => cache.expire(url), 'fwd=stale; stored; detail=expired'],
  ['a successful POST', ({ask}) => ask({url: '/x?utm=1', method: 'POST'}), 'fwd=uri-miss; stored'],
  [
    'a Content-Location',
    ({ask, origin}) => {
      origin.answering = ({method}) => (method === 'POST' ? {fields: {'content-location': '/x?utm=1'}} : {});
      return ask({url: '/y', method: 'POST'});
    },
    'fwd=uri-miss; stored',
  ],
  ['clears', ({ask}) => ask({url: '/y', method: 'POST', options: {clears: '/x?utm=1'}}), 'fwd=uri-miss; stored'],
];

for (const [name, run, was] of empties) {
  everywhere(`${name} finds what adapter defaults stored without its parameters`, async open => {
    const world = await open();
    const {cache, origin, ask} = world;
    origin.answering = () => ({});
    await ask(asked);
    await cache.idle();
    expect(await ask({...asked, url: '/x?utm=2'})).toMatchObject({was: 'hit; ttl=60'});
    await run(world);
    expect((await ask(asked)).was).toBe(was);
  });

  everywhere(`${name} finds what a rule for one method stored without its parameters`, async open => {
    const world = await open(methodBound);
    const {cache, origin, ask} = world;
    origin.answering = () => ({});
    await ask(query);
    await cache.idle();
    expect(await ask({...query, url: '/x?utm=2'})).toMatchObject({was: 'hit; ttl=60'});
    await run(world);
    expect((await ask(query)).was).toBe(was);
  });
}

everywhere('what a rule ignores elsewhere widens no clear', async open => {
  const rules = [{for: {prefix: 'https://a.example/static/'}, ignoreSearch: true}];
  const {cache, origin, ask} = await open({rules});
  origin.answering = () => ({});
  for (const path of ['/static/a?v=1', '/users', '/users?page=2']) await ask(path);
  await cache.idle();
  expect((await cache.clear('https://a.example/users?page=2', {exact: true})).count).toBe(1);
  expect((await ask('/users')).was).toBe('hit; ttl=60');
  await ask({url: '/users?page=3', method: 'POST'});
  expect((await ask('/users')).was).toBe('hit; ttl=60');
});

test('a client that has asked for nothing yet has told what its defaults ignore', async () => {
  const store = new MemoryStore();
  const send = async (): Promise<Response> => new Response('x', {headers: {'cache-control': 'max-age=60'}});
  const open = () => {
    const cache = new HttpCache({store});
    return {cache, get: cachingFetch(cache, {fetch: send, defaults: {ignoreSearch: ['utm']}})};
  };
  await (await open().get(url)).text();
  expect((await open().cache.clear('https://a.example/x?utm=2')).count).toBe(1);
});

for (const method of ['HEAD', 'QUERY', 'REPORT']) {
  test(`a cache that has asked for nothing finds what a rule for ${method} stored without its parameters`, async () => {
    const store = new MemoryStore();
    const rules: readonly Rule[] = [
      {for: {method}, ignoreSearch: ['utm'], ttl: '1h'},
      {for: {method: 'REPORT'}, methods: ['REPORT']},
    ];
    const [first, second] = [new HttpCache({store, rules}), new HttpCache({store, rules})];
    const get = cachingFetch(first, {fetch: async () => new Response(method === 'HEAD' ? null : 'stored')});
    await (await get(url, {method, ...(method !== 'HEAD' && {body: 'q'})})).text();
    await first.idle();
    expect(store.size().count).toBe(1);
    expect(await second.clear(url)).toMatchObject({count: 1});
  });
}

everywhere(
  'a clear by URL counts what adapter defaults stored without its parameters, and nothing else',
  async open => {
    const {cache, origin, ask} = await open();
    origin.answering = () => ({});
    await ask(asked);
    await ask({...asked, url: '/other?utm=1'});
    await ask('/x?y=1');
    await cache.idle();
    expect(await cache.clear(url)).toMatchObject({count: 1});
    expect((await ask('/x?y=1')).was).toBe('hit; ttl=60');
    expect((await ask({...asked, url: '/other'})).was).toBe('hit; ttl=60');
  },
);

everywhere('a cache without the rule clears by the URL that was fetched', async open => {
  const {cache, origin, ask, store} = await open();
  const stranger = new HttpCache({store});
  const clears: readonly (readonly [clear: () => Promise<unknown>, was: string])[] = [
    [() => stranger.clear(url), 'fwd=uri-miss; stored'],
    [() => stranger.clear({url, status: 200}), 'fwd=uri-miss; stored'],
    [() => stranger.clear(url, {through: true}), 'fwd=uri-miss; stored; detail=through'],
    [() => stranger.expire(url), 'fwd=stale; stored; detail=expired'],
  ];
  origin.answering = () => ({});
  for (const [clear, was] of clears) {
    await ask(asked);
    await cache.idle();
    await stranger.clear(`${url}2`);
    expect((await ask(asked)).was).toBe('hit; ttl=60');
    await clear();
    expect((await ask(asked)).was).toBe(was);
  }
});
