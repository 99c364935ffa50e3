import {expect, test} from 'vitest';
import {HttpCache} from '../../src/engine/http-cache.ts';
import {until} from './clock.ts';
import {everywhere, story} from './driver.ts';
import {streamOf, text} from './scripted-origin.ts';

const hit = {was: 'hit; ttl=60'};

everywhere('a paused cache neither reads nor stores, until the last pause ends', async open => {
  const {cache, origin, ask} = await open();
  origin.answering = () => ({});
  await ask('/a');
  await cache.idle();
  {
    using outer = cache.pause();
    const inner = cache.pause();
    expect(outer).not.toBe(inner);
    expect(await ask('/a')).toMatchObject({was: 'fwd=bypass; detail=paused'});
    inner();
    inner();
    expect(await ask('/b')).toMatchObject({was: 'fwd=bypass; detail=paused'});
    expect(await cache.match('https://a.example/a')).toBeUndefined();
  }
  expect(await ask('/a')).toMatchObject(hit);
  expect(await ask('/b')).toMatchObject({was: 'fwd=uri-miss; stored'});
});

everywhere('while paused requests do not share an exchange', async open => {
  const {cache, origin, ask} = await open();
  const off = cache.pause();
  const held = origin.hold();
  const all = Promise.all([ask('/a'), ask('/a')]);
  await until(() => held.waiting === 2);
  await held.answer({});
  await held.answer({});
  await all;
  off();
});

everywhere('while paused an unsafe request still invalidates, and clears clear', async open => {
  const {cache, origin, ask} = await open();
  origin.answering = () => ({});
  await ask('/a');
  await ask('/b');
  await cache.idle();
  const off = cache.pause();
  await ask({url: '/a', method: 'POST', options: {clears: '/b'}});
  off();
  expect(await ask('/a')).toMatchObject({was: 'fwd=uri-miss; stored'});
  expect(await ask('/b')).toMatchObject({was: 'fwd=uri-miss; stored'});
});

everywhere('what was on its way when the pause began is not stored', async open => {
  const {cache, origin, ask} = await open();
  const held = origin.hold();
  const asked = ask('/a');
  await until(() => held.waiting === 1);
  const off = cache.pause();
  await held.answer({});
  expect((await asked).body).toBe('hello');
  await cache.idle();
  off();
  expect((await cache.stats()).size?.count).toBe(0);
});

story('a closed cache', [
  {
    name: 'lets requests through',
    steps: [
      {ask: '/a', origin: {}},
      {run: ({cache}) => cache.close()},
      {ask: '/a', origin: {body: 'network'}, expect: {body: 'network', was: 'fwd=bypass; detail=closed'}},
      {ask: {url: '/a', method: 'POST'}, origin: {status: 204}, expect: {status: 204}},
      {run: ({cache}) => cache.close()},
    ],
  },
]);

everywhere('a closed cache says so to whoever clears, expires, puts or looks', async open => {
  const {cache} = await open();
  await cache.close();
  await expect(cache.clear()).rejects.toMatchObject({
    name: 'LimpidError',
    code: 'CLOSED',
    message: expect.stringMatching(/clear: the cache is closed/),
  });
  await expect(cache.expire({tag: 'a'})).rejects.toMatchObject({code: 'CLOSED'});
  await expect(cache.put('https://a.example/', new Response('a'))).rejects.toMatchObject({code: 'CLOSED'});
  await expect(Array.fromAsync(cache.entries())).rejects.toMatchObject({code: 'CLOSED'});
  expect(await cache.match('https://a.example/')).toBeUndefined();
});

everywhere('close finishes writes of whole bodies, and abandons the rest', async open => {
  const {cache, store, origin, send, ask} = await open();
  const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {highWaterMark: 2});
  const writer = writable.getWriter();
  origin.script([{body: streamOf(['whole'])}, {body: readable}]);
  await ask('/whole');
  const reading = text((await send('/half')).body);
  await writer.write(new TextEncoder().encode('ha'));
  await cache.close();
  await writer.write(new TextEncoder().encode('lf'));
  await writer.close();
  expect(await reading).toBe('half');
  expect((await store.size()).count).toBe(1);
});

everywhere('close ends validations behind answers', async open => {
  const {cache, clock, origin, ask} = await open();
  origin.script([{fields: {'cache-control': 'max-age=1, stale-while-revalidate=600', etag: '"a"'}}]);
  await ask('/a');
  await cache.idle();
  await clock.advance(5);
  const held = origin.hold();
  await ask('/a');
  await until(() => held.waiting === 1);
  await cache.close();
  expect(clock.waiting).toBe(0);
});

test('a cache closes the store it made, and not one it was given', async () => {
  const made = new HttpCache();
  await made.put('https://a.example/', new Response('a', {headers: {'cache-control': 'max-age=60'}}));
  await made.close();
  await made[Symbol.asyncDispose]();
  expect(await made.match('https://a.example/')).toBeUndefined();
});

everywhere('a store that was given survives the cache', async open => {
  const {cache, store, clock, origin, ask} = await open();
  origin.script([{}]);
  await ask('/a');
  await cache.close();
  const next = new HttpCache({store, now: () => clock.now, timers: clock.timers});
  expect(await (await next.match('https://a.example/a'))?.text()).toBe('hello');
});
