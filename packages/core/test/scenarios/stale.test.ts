import {expect} from 'vitest';
import {settled, until} from './clock.ts';
import {everywhere, story} from './driver.ts';

const down = {error: new Error('network down')};
const swr = {fields: {'cache-control': 'max-age=60, stale-while-revalidate=30', etag: '"one"'}};
const sie = {fields: {'cache-control': 'max-age=60, stale-if-error=30', etag: '"one"'}};
const unchanged = {status: 304, fields: {etag: '"one"', 'cache-control': 'max-age=60, stale-while-revalidate=30'}};

/** What answers stale while it is validated. */
async function revalidatable(open: Parameters<Parameters<typeof everywhere>[1]>[0]) {
  const world = await open({});
  world.origin.script([swr]);
  await world.ask('/a');
  await world.cache.idle();
  await world.clock.advance(70);
  return world;
}

everywhere('what is cleared while it is validated behind its answer is not fetched anew for nobody', async open => {
  const {cache, origin, ask} = await revalidatable(open);
  const held = origin.hold();
  expect(await ask('/a')).toMatchObject({body: 'hello', was: 'hit; ttl=-10'});
  await until(() => held.waiting === 1);
  await cache.clear();
  await held.answer(unchanged);
  await settled();
  expect(held.waiting).toBe(0);
  await cache.idle();
  expect(await Array.fromAsync(cache.entries({all: true}))).toEqual([]);
  origin.script([{body: 'new'}]);
  expect(await ask('/a')).toMatchObject({body: 'new', was: expect.stringContaining('fwd=uri-miss')});
});

everywhere('what a validation behind an answer does not fit is fetched anew', async open => {
  const {cache, origin, ask} = await revalidatable(open);
  origin.script([{status: 304, fields: {etag: '"another"'}}, {body: 'new'}]);
  expect(await ask('/a')).toMatchObject({body: 'hello', was: 'hit; ttl=-10'});
  await cache.idle();
  expect(await ask('/a')).toMatchObject({body: 'new', was: 'hit; ttl=60'});
});

story('stale-while-revalidate', [
  {
    name: 'answers at once and validates behind the answer',
    steps: [
      {ask: '/a', origin: swr},
      {after: 70},
      {
        ask: '/a',
        later: unchanged,
        expect: {body: 'hello', was: 'hit; ttl=-10', age: 70, sent: {'if-none-match': '"one"'}},
      },
      {ask: '/a', expect: {was: 'hit; ttl=60', age: 0}},
    ],
  },
  {
    name: 'takes the full answer of the validation for the next request',
    steps: [
      {ask: '/a', origin: swr},
      {after: 70},
      {ask: '/a', later: {body: 'new'}, expect: {body: 'hello'}},
      {ask: '/a', expect: {body: 'new', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'ends with its window',
    steps: [
      {ask: '/a', origin: swr},
      {after: 91},
      {ask: '/a', origin: unchanged, expect: {was: 'fwd=stale; fwd-status=304; ttl=60; detail=stale'}},
    ],
  },
  {
    name: 'gives way to must-revalidate',
    steps: [
      {
        ask: '/a',
        origin: {fields: {'cache-control': 'max-age=60, must-revalidate, stale-while-revalidate=30', etag: '"one"'}},
      },
      {after: 70},
      {ask: '/a', origin: unchanged, expect: {was: 'fwd=stale; fwd-status=304; ttl=60; detail=stale'}},
    ],
  },
  {
    name: 'gives way to an expiry',
    steps: [
      {ask: '/a', origin: swr},
      {after: 70},
      {expire: '/a'},
      {ask: '/a', origin: unchanged, expect: {was: 'fwd=stale; fwd-status=304; ttl=60; detail=expired'}},
    ],
  },
  {
    name: 'may come from the cache’s options, a rule or the request',
    options: {staleWhileRevalidate: '10s', rules: [{for: 'https://a.example/rule', staleWhileRevalidate: '20s'}]},
    steps: [
      {ask: '/a', origin: {}},
      {ask: '/rule', origin: {}},
      {ask: {url: '/own', options: {staleWhileRevalidate: '30s'}}, origin: {}},
      {after: 75},
      {ask: '/a', origin: {}},
      {ask: '/rule', later: {}, expect: {was: 'hit; ttl=-15'}},
      {after: 10},
      {ask: '/own', later: {}, expect: {was: 'hit; ttl=-25'}},
    ],
    over: 'handle',
  },
  {
    name: 'leaves the answer alone when the validation fails',
    steps: [
      {ask: '/a', origin: swr},
      {after: 70},
      {ask: '/a', later: down, expect: {body: 'hello', was: 'hit; ttl=-10'}},
    ],
  },
]);

story('stale-if-error', [
  {
    name: 'answers in place of an origin that cannot be reached',
    steps: [
      {ask: '/a', origin: sie},
      {after: 70},
      {
        ask: '/a',
        origin: down,
        expect: {status: 200, body: 'hello', was: 'fwd=stale; ttl=-10; detail=stale-if-error', age: 70},
      },
    ],
  },
  ...[500, 502, 503, 504].map(status => ({
    name: `answers in place of a ${status}`,
    steps: [
      {ask: '/a', origin: sie},
      {after: 70},
      {
        ask: '/a',
        origin: {status, fields: {}},
        expect: {status: 200, body: 'hello', was: `fwd=stale; fwd-status=${status}; ttl=-10; detail=stale-if-error`},
      },
    ],
  })),
  {
    name: 'does not hide a 404',
    steps: [
      {ask: '/a', origin: sie},
      {after: 70},
      {ask: '/a', origin: {status: 404, fields: {}}, expect: {status: 404}},
    ],
  },
  {
    name: 'ends with its window: the error is the caller’s',
    steps: [{ask: '/a', origin: sie}, {after: 91}, {ask: '/a', origin: down, expect: {fails: true}}],
  },
  {
    name: 'gives way to must-revalidate',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60, must-revalidate, stale-if-error=30'}}},
      {after: 70},
      {ask: '/a', origin: down, expect: {fails: true}},
    ],
  },
  {
    name: 'gives way to an expiry',
    steps: [
      {ask: '/a', origin: sie},
      {after: 70},
      {expire: {all: true}},
      {ask: '/a', origin: down, expect: {fails: true}},
    ],
  },
  {
    name: 'may be the request’s wish',
    steps: [
      {ask: '/a', origin: {}},
      {after: 70},
      {ask: {url: '/a', fields: {'cache-control': 'stale-if-error=30'}}, origin: down, expect: {body: 'hello'}},
    ],
  },
  {
    name: 'may be set for the whole cache',
    options: {staleIfError: '30s'},
    steps: [{ask: '/a', origin: {}}, {after: 70}, {ask: '/a', origin: down, expect: {body: 'hello'}}],
  },
  {
    name: 'leaves a 5xx without a stored response as it is',
    steps: [{ask: '/a', origin: {status: 503, fields: {}, body: 'busy'}, expect: {status: 503, body: 'busy'}}],
  },
]);

story('a stale answer by wish', [
  {
    name: 'is had by max-stale, within its bound',
    steps: [
      {ask: '/a', origin: {}},
      {after: 70},
      {ask: {url: '/a', fields: {'cache-control': 'max-stale=20'}}, expect: {was: 'hit; ttl=-10'}},
      {ask: {url: '/a', fields: {'cache-control': 'max-stale'}}, expect: {was: 'hit; ttl=-10'}},
      {
        ask: {url: '/a', fields: {'cache-control': 'max-stale=5'}},
        origin: {},
        expect: {was: 'fwd=stale; stored; detail=stale'},
      },
    ],
  },
  {
    name: 'is not had by max-stale against must-revalidate, no-cache or an expiry',
    steps: [
      {ask: '/must', origin: {fields: {'cache-control': 'max-age=60, must-revalidate'}}},
      {ask: '/no', origin: {fields: {'cache-control': 'max-age=60, no-cache', etag: '"a"'}}},
      {ask: '/expired', origin: {}},
      {after: 70},
      {expire: '/expired'},
      ...['/must', '/no', '/expired'].map(url => ({
        ask: {url, fields: {'cache-control': 'max-stale'}},
        origin: {body: 'new'},
        expect: {body: 'new'},
      })),
    ],
  },
]);

story('an unreachable origin', [
  {name: 'is the network’s own error', steps: [{ask: '/a', origin: down, expect: {fails: true}}]},
  {
    name: 'may be a 504 instead, without Cache-Status',
    options: {unreachable: 'respond'},
    steps: [{ask: '/a', origin: down, expect: {status: 504, body: '', was: undefined}}],
  },
  {
    name: 'is asked again the next time',
    options: {unreachable: 'respond'},
    steps: [
      {ask: '/a', origin: down, expect: {status: 504}},
      {ask: '/a', origin: {}, expect: {status: 200}},
    ],
  },
]);

everywhere('stale answers share one validation', async open => {
  const {cache, clock, origin, ask} = await open();
  origin.script([swr]);
  await ask('/a');
  await cache.idle();
  await clock.advance(70);
  const held = origin.hold();
  for (const _ of [1, 2, 3]) expect((await ask('/a')).was).toBe('hit; ttl=-10');
  await settled();
  expect(held.waiting).toBe(1);
  await held.answer(unchanged);
  await cache.idle();
  expect((await ask('/a')).was).toBe('hit; ttl=60');
});

everywhere('a validation behind an answer does not undo a clear that came meanwhile', async open => {
  const {cache, clock, origin, ask} = await open();
  origin.script([swr]);
  await ask('/a');
  await cache.idle();
  await clock.advance(70);
  const held = origin.hold();
  await ask('/a');
  await until(() => held.waiting === 1);
  await cache.clear({all: true});
  await held.answer({body: 'too old'});
  await cache.idle();
  origin.script([{body: 'new'}]);
  expect(await ask('/a')).toMatchObject({body: 'new', was: 'fwd=uri-miss; stored'});
});

everywhere('what a 504 of our own stands for is told', async open => {
  const {cache, origin, ask} = await open({unreachable: 'respond'});
  const told: unknown[] = [];
  cache.on('error', ({error, during}) => told.push([(error as Error).message, during]));
  origin.script([down]);
  expect((await ask('/a')).status).toBe(504);
  expect(told).toEqual([['network down', 'unreachable']]);
});
