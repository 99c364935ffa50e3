import {expect} from 'vitest';
import {until} from './clock.ts';
import {everywhere, story} from './driver.ts';

const etagged = {
  fields: {'cache-control': 'max-age=60, stale-while-revalidate=600, stale-if-error=600', etag: '"one"'},
};
const unchanged = {status: 304, fields: {etag: '"one"'}};
const down = {error: new Error('down')};

story('an expiry', [
  {
    name: 'keeps the response for a 304',
    steps: [
      {ask: '/a', origin: etagged},
      {expire: '/a'},
      {
        ask: '/a',
        origin: unchanged,
        expect: {
          body: 'hello',
          was: 'fwd=stale; fwd-status=304; ttl=60; detail=expired',
          sent: {'if-none-match': '"one"'},
        },
      },
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'leaves what it does not select alone',
    steps: [
      {ask: '/a', origin: etagged},
      {ask: '/b', origin: etagged},
      {expire: '/a'},
      {ask: '/b', expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'is not overridden by force-cache, max-stale or an error',
    steps: [
      {ask: '/a', origin: etagged},
      {expire: {all: true}},
      {ask: '/a', origin: down, expect: {fails: true}},
      {ask: {url: '/a', fields: {'cache-control': 'max-stale'}}, origin: down, expect: {fails: true}},
      {
        ask: {url: '/a', mode: 'force-cache'},
        origin: unchanged,
        expect: {was: 'fwd=stale; fwd-status=304; ttl=60; detail=expired'},
      },
    ],
  },
  {
    name: 'leaves only-if-cached unsatisfied',
    steps: [
      {ask: '/a', origin: etagged},
      {expire: {all: true}},
      {ask: {url: '/a', fields: {'cache-control': 'only-if-cached'}}, expect: {status: 504}},
      {ask: {url: '/a', mode: 'only-if-cached'}, expect: {fails: true}},
    ],
    over: 'handle',
  },
  {
    name: 'of a response without a validator asks for it anew',
    steps: [
      {ask: '/a', origin: {}},
      {expire: '/a'},
      {ask: '/a', origin: {body: 'new'}, expect: {body: 'new', was: 'fwd=stale; stored; detail=expired'}},
    ],
  },
  {
    name: 'through validates end to end',
    steps: [
      {ask: '/a', origin: etagged},
      {expire: '/a', through: true},
      {
        ask: '/a',
        origin: unchanged,
        expect: {body: 'hello', sent: {'cache-control': 'no-cache', 'if-none-match': '"one"'}},
      },
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
    ],
    over: 'handle',
  },
]);

everywhere('an expiry is not met by a validation begun before it', async open => {
  const {cache, clock, origin, ask} = await open();
  origin.script([{fields: {'cache-control': 'max-age=60', etag: '"one"'}}]);
  await ask('/a');
  await cache.idle();
  await clock.advance(61);
  const held = origin.hold();
  const early = ask('/a');
  await until(() => held.waiting === 1);
  await cache.expire();
  await held.answer({status: 304, fields: {etag: '"one"', 'cache-control': 'max-age=60'}});
  expect((await early).body).toBe('hello');
  await cache.idle();
  const late = ask('/a');
  await until(() => held.waiting === 1);
  await held.answer({status: 304, fields: {etag: '"one"', 'cache-control': 'max-age=60'}});
  expect(await late).toMatchObject({body: 'hello', was: 'fwd=stale; fwd-status=304; ttl=60; detail=expired'});
  expect(await ask('/a')).toMatchObject({was: 'hit; ttl=60'});
});

everywhere('a count is given for an expiry as for a clear', async open => {
  const {cache, origin, ask} = await open();
  origin.script([{}, {}]);
  await ask('/a');
  await ask('/b');
  await cache.idle();
  expect(await cache.expire({pattern: /a$/}, {exact: true})).toEqual({count: 1, bytes: 5});
  expect((await cache.stats()).size?.count).toBe(2);
});
