import {expect} from 'vitest';
import {everywhere, story} from './driver.ts';

const cleared = (value: string) => ({fields: {'clear-site-data': value}});
const keeps = (url: string) => ({ask: url, expect: {was: 'hit; ttl=60'}});
const lost = (url: string) => ({ask: url, origin: {}, expect: {was: 'fwd=uri-miss; stored'}});

story('Clear-Site-Data', [
  {
    name: 'empties what the origin had, whatever the method',
    steps: [
      {ask: '/a', origin: {}},
      {ask: '{b}/a', origin: {}},
      {ask: '/logout', origin: cleared('"cache"')},
      lost('/a'),
      keeps('{b}/a'),
    ],
  },
  {
    name: 'empties nothing where the owner of the cache says so',
    options: {clearSiteData: false},
    steps: [{ask: '/a', origin: {}}, {ask: '/logout', origin: cleared('"cache"')}, keeps('/a')],
  },
  {
    name: 'of anything else empties nothing',
    steps: [{ask: '/a', origin: {}}, {ask: '/logout', origin: cleared('"cookies", cache')}, keeps('/a')],
  },
  {
    name: 'of everything includes the cache',
    steps: [{ask: '/a', origin: {}}, {ask: '/logout', origin: cleared('"*"')}, lost('/a')],
  },
  {
    name: 'empties only what the same user has',
    steps: [
      {ask: {url: '/a', fields: {authorization: 'one'}}, origin: {}},
      {ask: {url: '/a', fields: {authorization: 'two'}}, origin: {}},
      {ask: {url: '/logout', fields: {authorization: 'one'}}, origin: cleared('"cache"')},
      {ask: {url: '/a', fields: {authorization: 'one'}}, origin: {}},
      {ask: {url: '/a', fields: {authorization: 'two'}}, expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'empties what the same user has although the request went around the cache',
    steps: [
      {ask: {url: '/a', fields: {authorization: 'one'}}, origin: {}},
      {ask: {url: '/a', fields: {authorization: 'two'}}, origin: {}},
      {ask: '/a', origin: {}},
      {ask: {url: '/logout', fields: {authorization: 'one'}, options: false}, origin: cleared('"cache"')},
      {ask: {url: '/a', fields: {authorization: 'one'}}, origin: {}},
      {ask: {url: '/a', fields: {authorization: 'two'}}, expect: {was: 'hit; ttl=60'}},
      keeps('/a'),
    ],
  },
  {
    name: 'means nothing to a shared cache',
    options: {kind: 'shared'},
    steps: [{ask: '/a', origin: {}}, {ask: '/logout', origin: cleared('"cache"')}, keeps('/a')],
  },
  {
    name: 'counts over secure connections only',
    steps: [
      {ask: 'http://c.example/a', origin: {}},
      {ask: 'http://c.example/logout', origin: cleared('"cache"')},
      keeps('http://c.example/a'),
    ],
    over: 'handle',
  },
]);

everywhere('Clear-Site-Data empties what the same user has while the cache is paused', async open => {
  const {cache, origin, ask} = await open();
  origin.answering = ({url}) => (url.endsWith('/logout') ? cleared('"cache"') : {});
  const one = {url: '/a', fields: {authorization: 'one'}};
  const two = {url: '/a', fields: {authorization: 'two'}};
  for (const asked of [one, two]) await ask(asked);
  await cache.idle();
  const resume = cache.pause();
  await ask({url: '/logout', fields: {authorization: 'one'}});
  resume();
  expect((await ask(two)).was).toBe('hit; ttl=60');
  expect((await ask(one)).was).toBe('fwd=uri-miss; stored');
});

everywhere('Clear-Site-Data and RFC invalidation hold when partition throws', async open => {
  let fails = false;
  const {cache, origin, ask} = await open({
    partition: () => {
      if (fails) throw new Error('nobody is logged in');
      return 'ada';
    },
  });
  origin.answering = () => ({body: String(origin.seen.length)});
  await ask('/a');
  await ask('/b');
  fails = true;
  origin.answering = () => cleared('"cache"');
  await ask({url: '/a', method: 'POST', options: false});
  fails = false;
  expect((await cache.stats()).size?.count).toBe(0);
});
