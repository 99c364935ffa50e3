import {expect} from 'vitest';
import {settled, until} from './clock.ts';
import {everywhere} from './driver.ts';
import {text} from './scripted-origin.ts';
import type {Asked} from './world.ts';

const apart: readonly (readonly [name: string, asked: Asked])[] = [
  ['no-store', {url: '/a', fields: {'cache-control': 'no-store'}}],
  ['no-cache', {url: '/a', fields: {'cache-control': 'no-cache'}}],
  ['a range', {url: '/a', fields: {range: 'bytes=0-1'}}],
  ['a condition', {url: '/a', fields: {'if-none-match': '"x"'}}],
  ['a cache mode', {url: '/a', mode: 'reload'}],
  ['an unsafe method', {url: '/a', method: 'POST'}],
];

for (const [name, asked] of apart) {
  everywhere(`a request with ${name} neither leads nor joins`, async open => {
    const {origin, ask} = await open();
    const held = origin.hold();
    const all = Promise.all([ask(asked), ask(asked), ask('/a'), ask('/a')]);
    await settled();
    const {waiting} = held;
    for (const _ of [1, 2, 3, 4]) await held.answer({});
    await all;
    expect(waiting).toBe(3);
  });
}

everywhere('a request made after a clear is not answered by a flight begun before it', async open => {
  const {cache, origin, ask} = await open();
  const held = origin.hold();
  const before = ask('/a');
  await until(() => held.waiting === 1);
  await cache.clear();
  const later = ask('/a');
  await settled();
  await held.answer({body: 'old'});
  await settled();
  await held.answer({body: 'new'});
  expect((await before).body).toBe('old');
  expect((await later).body).toBe('new');
  expect((await ask('/a')).body).toBe('new');
});

everywhere('a request made after a clear does not even wait for a flight begun before it', async open => {
  const {cache, origin, ask} = await open();
  const held = origin.hold();
  const before = ask('/a');
  await until(() => held.waiting === 1);
  await cache.clear();
  const later = ask('/a');
  await settled();
  const waiting = held.waiting;
  await held.answer({body: 'old'});
  await held.answer({body: 'new'});
  await Promise.all([before, later]);
  expect(waiting).toBe(2);
});

everywhere('a request made after a clear is not answered by a body that began to arrive before it', async open => {
  const {cache, origin, send, ask} = await open();
  const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {highWaterMark: 2});
  const writer = writable.getWriter();
  origin.script([{body: readable}, {body: 'new'}]);
  const reading = text((await send('/a')).body);
  await writer.write(new TextEncoder().encode('old'));
  await cache.clear({prefix: 'https://a.example/'});
  expect((await ask('/a')).body).toBe('new');
  await writer.close();
  expect(await reading).toBe('old');
  await cache.idle();
  expect((await ask('/a')).body).toBe('new');
});

everywhere('requests of different users never share a flight', async open => {
  const {origin, ask} = await open();
  const held = origin.hold();
  const all = ['one', 'two'].map(authorization => ask({url: '/a', fields: {authorization}}));
  await settled();
  expect(held.waiting).toBe(2);
  await held.answer({body: 'one'});
  await held.answer({body: 'two'});
  expect((await Promise.all(all)).map(({body}) => body)).toEqual(['one', 'two']);
});

everywhere('a request after a clear that reaches through neither leads nor joins', async open => {
  const {cache, origin, ask} = await open();
  await cache.clear({all: true}, {through: true});
  const held = origin.hold();
  const all = Promise.all([ask('/a'), ask('/a')]);
  await settled();
  const {waiting} = held;
  for (const _ of [1, 2]) await held.answer({});
  await all;
  expect(waiting).toBe(2);
});
