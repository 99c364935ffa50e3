import {expect} from 'vitest';
import {until} from './clock.ts';
import {everywhere, story} from './driver.ts';

const post = (url = '/a') => ({url, method: 'POST', body: 'x'});
const done = {status: 201, fields: {}, body: 'done'};
const keeps = (url: string) => ({ask: url, expect: {was: 'hit; ttl=60'}});
const lost = (url: string) => ({ask: url, origin: {}, expect: {was: 'fwd=uri-miss; stored'}});

story('an invalidation', [
  ...(['POST', 'PUT', 'DELETE', 'PATCH', 'PURGE'] as const).map(method => ({
    name: `follows a successful ${method}, for its target alone`,
    steps: [
      {ask: '/a', origin: {}},
      {ask: '/b', origin: {}},
      {ask: {url: '/a', method}, origin: done, expect: {was: 'fwd=method', body: 'done'}},
      lost('/a'),
      keeps('/b'),
    ],
  })),
  {
    name: 'covers Location and Content-Location of the same origin',
    steps: [
      ...['/a', '/new', '/same'].map(ask => ({ask, origin: {}})),
      {ask: post(), origin: {...done, fields: {location: '/new', 'content-location': '{a}/same'}}},
      ...['/a', '/new', '/same'].map(lost),
    ],
  },
  {
    name: 'does not reach another origin',
    steps: [
      {ask: '{b}/new', origin: {}},
      {ask: post(), origin: {...done, fields: {location: '{b}/new', 'content-location': '{b}/new'}}},
      keeps('{b}/new'),
    ],
  },
  {
    name: 'follows a redirect, and not an error',
    steps: [
      {ask: '/a', origin: {}},
      {ask: post(), origin: {status: 500, fields: {}}},
      {ask: post(), origin: {status: 404, fields: {}}},
      keeps('/a'),
      {ask: {...post(), redirect: 'manual'}, origin: {status: 303, fields: {location: '/b'}, body: ''}},
      lost('/a'),
    ],
  },
  {
    name: 'covers every variant, method and partition of the resource',
    steps: [
      {ask: {url: '/a', fields: {authorization: 'one'}}, origin: {}},
      {ask: {url: '/a', fields: {authorization: 'two'}}, origin: {}},
      {ask: post(), origin: done},
      {ask: {url: '/a', fields: {authorization: 'one'}}, origin: {}},
      {ask: {url: '/a', fields: {authorization: 'two'}}, origin: {}},
    ],
  },
  {
    name: 'happens past a request with limpid: false or no-store, too',
    steps: [
      {ask: '/a', origin: {}},
      {ask: {...post(), options: false}, origin: done, expect: {was: 'fwd=bypass; detail=disabled'}},
      lost('/a'),
      {ask: {...post(), fields: {'cache-control': 'no-store'}}, origin: done},
      lost('/a'),
    ],
  },
  {
    name: 'by clears empties a selection before the answer is handed over',
    steps: [
      {ask: {url: '/list', options: {tags: ['users']}}, origin: {}},
      {ask: '/other', origin: {}},
      {ask: {...post('/users'), options: {clears: {tag: 'users'}}}, origin: done},
      lost('/list'),
      keeps('/other'),
    ],
  },
  {
    name: 'by clears may depend on the answer, and resolves relative URLs',
    steps: [
      {ask: '/one', origin: {}},
      {ask: '/two', origin: {}},
      {
        ask: {...post('/users'), options: {clears: ({headers}) => headers.get('x-changed') ?? []}},
        origin: {...done, fields: {'x-changed': '/two'}},
      },
      keeps('/one'),
      lost('/two'),
      {ask: {...post('/users'), options: {clears: 'one'}}, origin: done},
      lost('/one'),
    ],
  },
  {
    name: 'by clears does not follow an error',
    steps: [
      {ask: '/one', origin: {}},
      {ask: {...post('/users'), options: {clears: {all: true}}}, origin: {status: 422, fields: {}}},
      keeps('/one'),
    ],
  },
  {
    name: 'does not come from a safe method, nor from one a rule calls safe',
    options: {rules: [{methods: ['POST'], ttl: '1m'}]},
    steps: [
      {ask: '/a', origin: {}},
      {ask: {url: '/a', method: 'OPTIONS'}, origin: {}},
      {ask: post(), origin: {fields: {}, body: 'answer'}, expect: {was: 'fwd=uri-miss; stored'}},
      keeps('/a'),
      {ask: post(), expect: {body: 'answer', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'of a GET’s own clears does not fence the answer that asked for it',
    steps: [
      {ask: '/list', origin: {}},
      {ask: {url: '/a', options: {clears: {all: true}}}, origin: {}, expect: {was: 'fwd=uri-miss; stored'}},
      keeps('/a'),
      lost('/list'),
    ],
  },
]);

everywhere('an invalidation fences what was on its way when it came', async open => {
  const {cache, origin, ask} = await open();
  const reads = origin.hold();
  const reading = ask('/a');
  await until(() => reads.waiting === 1);
  origin.script([done]);
  await ask(post());
  await reads.answer({body: 'old'});
  expect(await reading).toMatchObject({body: 'old'});
  await cache.idle();
  origin.script([{body: 'new'}]);
  expect((await ask('/a')).body).toBe('new');
});

story('an answer that empties by itself and by its request', [
  {
    name: 'empties both, and is stored all the same',
    steps: [
      {ask: {url: '{b}/tagged', options: {tags: ['old']}}, origin: {}},
      {ask: '/mine', origin: {}},
      {
        ask: {url: '/a', options: {clears: {tag: 'old'}}},
        origin: {fields: {'cache-control': 'max-age=60', 'clear-site-data': '"cache"'}},
        expect: {was: 'fwd=uri-miss; stored'},
      },
      keeps('/a'),
      lost('{b}/tagged'),
      lost('/mine'),
    ],
  },
]);
