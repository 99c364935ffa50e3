import {getEventListeners} from 'node:events';
import {expect, test} from 'vitest';
import {MemoryStore} from '../../src/stores/memory.ts';
import {Gate, SlowStore} from '../slow-store.ts';
import {Clock, settled, until} from './clock.ts';
import {everywhere, story} from './driver.ts';
import {streamOf, text} from './scripted-origin.ts';
import {scripted} from './world.ts';

const aborted = AbortSignal.abort(new Error('left'));

story('an aborted signal', [
  {
    name: 'ends a request before it begins, even one that would hit',
    steps: [
      {ask: '/a', origin: {}},
      {ask: {url: '/a', signal: aborted}, expect: {fails: true}},
      {ask: {url: '/b', signal: aborted}, expect: {fails: true}},
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
    ],
  },
]);

everywhere('a caller that leaves before the head gets its own reason, and nothing is stored', async open => {
  const {cache, origin, ask} = await open();
  const held = origin.hold();
  const leaving = new AbortController();
  const asked = ask({url: '/a', signal: leaving.signal});
  await until(() => held.waiting === 1);
  leaving.abort(new Error('mine'));
  await expect(asked).rejects.toThrow('mine');
  await cache.idle();
  origin.script([{body: 'again'}]);
  expect((await ask('/a')).body).toBe('again');
});

everywhere('a caller that leaves while reading has its body fail, and nothing half is stored', async open => {
  const {cache, origin, send, ask} = await open();
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: controller => controller.enqueue(new TextEncoder().encode('x')),
    cancel: () => {
      cancelled = true;
    },
  });
  origin.script([{body}]);
  const leaving = new AbortController();
  const answer = await send({url: '/a', signal: leaving.signal});
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  leaving.abort(new Error('mine'));
  await expect(reader.read().then(() => reader.read())).rejects.toThrow('mine');
  await cache.idle();
  expect(cancelled).toBe(true);
  origin.script([{body: 'whole'}]);
  expect((await ask('/a')).body).toBe('whole');
});

everywhere('one reader leaving lets the other read on, and the body is stored', async open => {
  const {cache, origin, send, ask} = await open();
  const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {highWaterMark: 2});
  const writer = writable.getWriter();
  origin.script([{body: readable}]);
  const leaving = new AbortController();
  const [one, two] = await Promise.all([send({url: '/a', signal: leaving.signal}), send('/a')]);
  const failing = expect(text(one.body)).rejects.toThrow('mine');
  const reading = text(two.body);
  await writer.write(new TextEncoder().encode('hel'));
  leaving.abort(new Error('mine'));
  await failing;
  await writer.write(new TextEncoder().encode('lo'));
  await writer.close();
  expect(await reading).toBe('hello');
  await cache.idle();
  expect(await ask('/a')).toMatchObject({body: 'hello', was: 'hit; ttl=60'});
});

everywhere('a body nobody reads is not stored', async open => {
  const {cache, origin, send, ask} = await open();
  origin.script([{body: streamOf(['hello'])}, {body: 'again'}]);
  const {body} = await send('/a');
  await (body as ReadableStream<Uint8Array>).cancel();
  await cache.idle();
  expect((await ask('/a')).body).toBe('again');
});

everywhere('a signal keeps no listener once the answer has been read', async open => {
  const {cache, origin, ask} = await open();
  const {signal} = new AbortController();
  origin.script([{body: streamOf(['hello'])}]);
  await ask({url: '/a', signal});
  await ask({url: '/a', signal});
  await cache.idle();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

everywhere('no timer is left behind', async open => {
  const {cache, clock, origin, ask} = await open({networkTimeout: '1s', staleIfError: '1m'});
  origin.answering = () => ({});
  await Promise.all([ask('/a'), ask('/a')]);
  await clock.advance(61);
  await Promise.all([ask('/a'), ask('/a')]);
  await cache.idle();
  expect(clock.waiting).toBe(0);
});

test('a caller need not wait for a slow store to leave', async () => {
  const gate = new Gate();
  const clock = new Clock();
  const store = new SlowStore(new MemoryStore(), gate.schedule);
  const {ask} = scripted(store, clock, 'bytes');
  const leaving = new AbortController();
  let outcome = 'waits';
  const asked = ask({url: '/a', signal: leaving.signal}).catch((error: Error) => {
    outcome = error.message;
  });
  await settled();
  leaving.abort(new Error('mine'));
  await settled();
  const atOnce = outcome;
  while (gate.waiting > 0) await gate.release();
  await clock.advance(2);
  await asked;
  expect(outcome).toBe('mine');
  expect(atOnce).toBe('mine');
});

test('a caller that leaves while the store is asked sends nothing', async () => {
  const gate = new Gate();
  const {ask, origin} = scripted(new SlowStore(new MemoryStore(), gate.schedule), new Clock(), 'bytes');
  origin.answering = () => ({});
  const leaving = new AbortController();
  const asked = ask({url: '/a', signal: leaving.signal}).catch(() => 'left');
  await settled();
  leaving.abort(new Error('mine'));
  while (gate.waiting > 0) await gate.release();
  expect(await asked).toBe('left');
  expect(origin.seen).toHaveLength(0);
});

test('a follower that leaves while the store is asked about its flight gets its own reason', async () => {
  const clock = new Clock();
  const store = new SlowStore(new MemoryStore(), run => void setImmediate(run));
  const {ask, origin} = scripted(store, clock, 'streams');
  const held = origin.hold();
  const leader = ask('/a');
  await until(() => held.waiting === 1);
  const leaving = new AbortController();
  const follower = ask({url: '/a', signal: leaving.signal});
  await settled();
  store.hang('counts');
  await held.answer({});
  leaving.abort(new Error('mine'));
  const left = expect(follower).rejects.toThrow('mine');
  await clock.advance(2);
  await left;
  expect((await leader).body).toBe('hello');
});
