import {expect} from 'vitest';
import {cachingFetch} from '../../src/adapter/caching-fetch.ts';
import {HttpCache} from '../../src/engine/http-cache.ts';
import {everywhere, story} from './driver.ts';

const as = (fields: Readonly<Record<string, string>>) => ({url: '/a', fields});
const publicly = {fields: {'cache-control': 'public, max-age=60'}};
const hit = {was: 'hit; ttl=60'};

story('whose data it is', [
  ...(['authorization', 'cookie'] as const).map(name => ({
    name: `${name} tells users apart`,
    steps: [
      {ask: as({[name]: 'a=1'}), origin: {body: 'one'}},
      {ask: as({[name]: 'a=2'}), origin: {body: 'two'}},
      {ask: '/a', origin: {body: 'nobody'}},
      {ask: as({[name]: 'a=1'}), expect: {body: 'one', ...hit}},
      {ask: as({[name]: 'a=2'}), expect: {body: 'two', ...hit}},
      {ask: '/a', expect: {body: 'nobody', ...hit}},
    ],
  })),
  {
    name: 'capital letters in a field name make no other user',
    steps: [
      {ask: as({Authorization: 'one'}), origin: {}},
      {ask: as({AUTHORIZATION: 'one'}), expect: hit},
    ],
  },
  {
    name: 'what the origin calls public is everybody’s',
    steps: [
      {ask: as({authorization: 'one'}), origin: publicly},
      {ask: as({authorization: 'two'}), expect: hit},
      {ask: '/a', expect: hit},
    ],
  },
  {
    name: 'a shared cache keeps nothing private, and authorized answers only when marked for sharing',
    options: {kind: 'shared'},
    steps: [
      {
        ask: '/private',
        origin: {fields: {'cache-control': 'private, max-age=60'}},
        expect: {was: 'fwd=uri-miss; detail=private'},
      },
      {ask: as({authorization: 'one'}), origin: {}, expect: {was: 'fwd=uri-miss; detail=authorization'}},
      {
        ask: as({authorization: 'one'}),
        origin: {fields: {'cache-control': 's-maxage=60'}},
        expect: {was: 'fwd=uri-miss; stored'},
      },
      {ask: as({authorization: 'two'}), expect: hit},
    ],
  },
  {
    name: 'credentialFields replace the default',
    options: {credentialFields: ['x-session']},
    steps: [
      {ask: as({'x-session': '1', authorization: 'one'}), origin: {}},
      {ask: as({'x-session': '1', authorization: 'two'}), expect: hit},
      {ask: as({'x-session': '2', authorization: 'one'}), origin: {}},
    ],
  },
  {
    name: 'a named partition outlives its token, and public answers stay in it',
    options: {partition: ({headers}) => headers.get('x-user') ?? undefined},
    steps: [
      {ask: as({'x-user': 'ann', authorization: 'old'}), origin: publicly},
      {ask: as({'x-user': 'ann', authorization: 'new'}), expect: hit},
      {ask: as({'x-user': 'bob', authorization: 'new'}), origin: publicly},
      {clear: {partition: 'ann'}},
      {ask: as({'x-user': 'bob'}), expect: hit},
      {ask: as({'x-user': 'ann'}), origin: publicly},
    ],
  },
  {
    name: 'what is everybody’s is not for a partition that has a name',
    steps: [
      {ask: as({authorization: 'ann'}), origin: publicly},
      {ask: as({authorization: 'bob'}), expect: hit},
      {ask: {url: '/a', options: {partition: 'grace'}}, origin: publicly},
      {ask: {url: '/a', options: {partition: 'grace'}}, expect: hit},
      {clear: {partition: 'grace'}},
      {ask: {url: '/a', options: {partition: 'grace'}}, origin: publicly},
    ],
  },
  {
    name: 'without a name credentials tell apart as usual',
    options: {partition: () => undefined},
    steps: [
      {ask: as({authorization: 'one'}), origin: {}},
      {ask: as({authorization: 'two'}), origin: {}},
    ],
  },
  {
    name: 'a request may name its own partition, and its own key',
    steps: [
      {ask: {url: '/a', options: {partition: 'ann'}}, origin: {body: 'ann'}},
      {ask: {url: '/a', options: {partition: 'bob'}}, origin: {body: 'bob'}},
      {ask: {url: '/a', options: {partition: 'ann'}}, expect: {body: 'ann', ...hit}},
      {ask: {url: '/a', options: {partition: 'ann', key: 'x'}}, origin: {body: 'x'}},
      {ask: {url: '/a', options: {partition: 'ann', key: 'x'}}, expect: {body: 'x', ...hit}},
    ],
  },
  {
    name: 'a secret in the URL still tells resources apart',
    steps: [
      {ask: '/a?token=one', origin: {body: 'one'}},
      {ask: '/a?token=two', origin: {body: 'two'}},
      {ask: '/a?token=one', expect: {body: 'one', ...hit}},
      {clear: '/a?token=one'},
      {ask: '/a?token=two', expect: {body: 'two', ...hit}},
      {ask: '/a?token=one', origin: {}},
    ],
  },
]);

everywhere('partitionOf names what clear empties at logout', async open => {
  const {cache, origin, ask} = await open();
  origin.answering = () => ({});
  await ask(as({authorization: 'one'}));
  await ask(as({authorization: 'two'}));
  await cache.idle();
  const partition = await cache.partitionOf(new Request('https://a.example/other', {headers: {authorization: 'one'}}));
  expect(partition).not.toContain('one');
  expect(await cache.clear({partition}, {exact: true})).toMatchObject({count: 1});
  expect(await ask(as({authorization: 'two'}))).toMatchObject(hit);
  expect(await ask(as({authorization: 'one'}))).toMatchObject({was: 'fwd=uri-miss; stored'});
});

everywhere('two caches over one store agree on users and clears', async open => {
  const {cache, store, clock, origin, ask} = await open();
  origin.answering = () => ({});
  await ask(as({authorization: 'one'}));
  await cache.idle();
  const other = new HttpCache({store, now: () => clock.now, timers: clock.timers});
  expect(await other.match(new Request('https://a.example/a', {headers: {authorization: 'one'}}))).toBeDefined();
  expect(await other.match(new Request('https://a.example/a', {headers: {authorization: 'two'}}))).toBeUndefined();
  await other.clear();
  expect(await ask(as({authorization: 'one'}))).toMatchObject({was: 'fwd=uri-miss; stored'});
  await other.close();
  expect(await ask(as({authorization: 'one'}))).toMatchObject(hit);
});

everywhere('the URL that entries shows selects what it shows, and nothing else', async open => {
  const {cache, origin, ask} = await open({rules: [{for: {method: 'GET'}, ignoreSearch: ['page']}]});
  origin.answering = ({url}) => ({body: url});
  for (const secret of ['one', 'two']) await ask(`/a?page=1&token=${secret}`);
  await cache.idle();
  const shown: string[] = [];
  for await (const {url} of cache.entries()) shown.push(url);
  expect(shown).toHaveLength(2);
  expect(shown.join()).not.toMatch(/one|two/);
  expect(await cache.clear(shown.slice(0, 1), {exact: true})).toMatchObject({count: 1});
  const left: string[] = [];
  for await (const {url} of cache.entries()) left.push(url);
  expect(left).toEqual([shown[1]]);
});

everywhere('redirects of a call are followed as the user who made it', async open => {
  let user = 'ada';
  const {cache, origin, ask, url} = await open({partition: () => user});
  origin.answering = request => {
    if (!request.url.endsWith('/start')) return {body: `of ${request.fields.get('x-user') ?? ''}`};
    user = 'grace';
    return {status: 302, fields: {location: '/me'}, body: ''};
  };
  const asked = {follows: 5, fields: {'x-user': 'ada'}};
  expect((await ask({url: '/start', ...asked})).body).toBe('of ada');
  expect((await ask({url: '/me', fields: {'x-user': 'grace'}})).body).toBe('of grace');
  await cache.clear({partition: 'ada'});
  expect(await cache.match(url('/me', true))).toBeDefined();
});

everywhere('caches that tell users apart by other fields have their own responses in one store', async open => {
  const {cache, clock, origin, store, ask} = await open({credentialFields: ['x-user']});
  const other = new HttpCache({store, now: () => clock.now, timers: clock.timers});
  const get = cachingFetch(other, {fetch: async () => new Response('nobody’s')});
  origin.script([{body: 'ada’s'}]);
  await ask({url: 'https://a.example/me', fields: {authorization: 'ada'}});
  await cache.idle();
  expect(await (await get('https://a.example/me')).text()).toBe('nobody’s');
});
