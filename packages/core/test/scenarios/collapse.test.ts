import {expect} from 'vitest';
import {settled, until} from './clock.ts';
import {everywhere, story} from './driver.ts';
import {streamOf, text} from './scripted-origin.ts';

story('one after another', [
  {
    name: 'requests share nothing but what is stored',
    steps: [
      {ask: '/a', origin: {}},
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
    ],
  },
]);

const five = [1, 2, 3, 4, 5];

everywhere('equal requests in flight share one exchange', async open => {
  const {origin, ask} = await open();
  const held = origin.hold();
  const asked = Promise.all(five.map(() => ask('/a')));
  await settled();
  expect(held.waiting).toBe(1);
  await held.answer({});
  const [first, ...others] = await asked;
  expect(first).toMatchObject({body: 'hello', was: 'fwd=uri-miss; stored'});
  for (const other of others)
    expect(other).toMatchObject({body: 'hello', was: 'fwd=uri-miss; ttl=60; collapsed', age: 0});
});

everywhere('a validation in flight is shared as well', async open => {
  const {cache, origin, ask, clock} = await open();
  origin.script([{fields: {'cache-control': 'max-age=60', etag: '"one"'}}]);
  await ask('/a');
  await cache.idle();
  await clock.advance(61);
  const held = origin.hold();
  const asked = Promise.all(five.map(() => ask('/a')));
  await settled();
  expect(held.waiting).toBe(1);
  await held.answer({status: 304, fields: {etag: '"one"', 'cache-control': 'max-age=60'}});
  expect((await asked).map(({body}) => body)).toEqual(five.map(() => 'hello'));
});

everywhere('coalesce: false sends each', async open => {
  const {origin, ask} = await open({coalesce: false});
  const held = origin.hold();
  const asked = Promise.all(five.map(() => ask('/a')));
  await settled();
  expect(held.waiting).toBe(5);
  for (const _ of five) await held.answer({});
  await asked;
});

everywhere('a follower reads the body while it still arrives', async open => {
  const {origin, send} = await open();
  const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {highWaterMark: 1});
  const writer = writable.getWriter();
  origin.script([{body: readable}]);
  const [one, two] = await Promise.all([send('/a'), send('/a')]);
  const bodies = [text(one.body), text(two.body)];
  await writer.write(new TextEncoder().encode('hel'));
  await writer.write(new TextEncoder().encode('lo'));
  await writer.close();
  expect(await Promise.all(bodies)).toEqual(['hello', 'hello']);
  expect(origin.seen).toHaveLength(1);
});

everywhere('a request that comes while the body arrives joins too', async open => {
  const {origin, send} = await open();
  const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {highWaterMark: 1});
  const writer = writable.getWriter();
  origin.script([{body: readable}]);
  const one = text((await send('/a')).body);
  await writer.write(new TextEncoder().encode('hel'));
  const two = text((await send('/a')).body);
  await writer.write(new TextEncoder().encode('lo'));
  await writer.close();
  expect(await Promise.all([one, two])).toEqual(['hello', 'hello']);
});

everywhere('a leader that leaves takes nobody along', async open => {
  const {origin, ask} = await open();
  const held = origin.hold();
  const leaving = new AbortController();
  const leader = ask({url: '/a', signal: leaving.signal});
  await until(() => held.waiting === 1);
  const follower = ask('/a');
  await settled();
  leaving.abort(new Error('leaving'));
  await expect(leader).rejects.toThrow('leaving');
  await held.answer({});
  expect(await follower).toMatchObject({body: 'hello', was: 'fwd=uri-miss; ttl=60; collapsed'});
  expect(origin.seen).toHaveLength(1);
});

everywhere('the last to leave ends the exchange', async open => {
  const {origin, ask} = await open();
  let ended: AbortSignal | undefined;
  origin.answering = (_, signal) =>
    new Promise((_resolve, reject) => {
      ended = signal;
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  const leaving = [new AbortController(), new AbortController()];
  const asked = leaving.map(({signal}) => ask({url: '/a', signal}).catch(() => 'left'));
  await settled();
  leaving[0]?.abort();
  await settled();
  expect(ended?.aborted).toBe(false);
  leaving[1]?.abort();
  expect(await Promise.all(asked)).toEqual(['left', 'left']);
  expect(ended?.aborted).toBe(true);
});

everywhere('a leader that fails leaves its followers to try for themselves', async open => {
  const {origin, ask} = await open();
  const held = origin.hold();
  const leader = ask('/a');
  await until(() => held.waiting === 1);
  const follower = ask('/a');
  await settled();
  const failing = expect(leader).rejects.toThrow('down');
  await held.answer({error: new Error('down')});
  await failing;
  expect(held.waiting).toBe(1);
  await held.answer({body: 'mine'});
  expect(await follower).toMatchObject({body: 'mine', was: 'fwd=uri-miss; stored; detail=flight-not-reusable'});
});

everywhere(
  'an answer that cannot be shared sends the followers on their own, and the next ones do not wait',
  async open => {
    const {clock, origin, ask} = await open();
    const secret = {fields: {'cache-control': 'no-store'}};
    const held = origin.hold();
    const asked = Promise.all([ask('/a'), ask('/a'), ask('/a')]);
    await settled();
    expect(held.waiting).toBe(1);
    await held.answer(secret);
    expect(held.waiting).toBe(2);
    await held.answer(secret);
    await held.answer(secret);
    await asked;
    const again = Promise.all([ask('/a'), ask('/a')]);
    await settled();
    expect(held.waiting).toBe(2);
    await held.answer(secret);
    await held.answer(secret);
    await again;
    await clock.advance(60);
    const later = Promise.all([ask('/a'), ask('/a')]);
    await settled();
    expect(held.waiting).toBe(1);
    await held.answer({});
    await later;
  },
);

everywhere('an answer for other values of a nominated field does not answer a follower', async open => {
  const {origin, ask} = await open();
  const held = origin.hold();
  const one = ask({url: '/a', fields: {accept: 'text/a'}});
  await until(() => held.waiting === 1);
  const two = ask({url: '/a', fields: {accept: 'text/b'}});
  await settled();
  await held.answer({fields: {'cache-control': 'max-age=60', vary: 'accept'}, body: 'A'});
  expect(await one).toMatchObject({body: 'A'});
  await held.answer({fields: {'cache-control': 'max-age=60', vary: 'accept'}, body: 'B'});
  expect(await two).toMatchObject({body: 'B'});
});

everywhere('a follower does not wait for ever: it goes alone', async open => {
  const {clock, origin, ask} = await open();
  const held = origin.hold();
  const leader = ask('/a');
  await until(() => held.waiting === 1);
  const follower = ask('/a');
  await settled();
  await clock.advance(10);
  await settled();
  expect(held.waiting).toBe(2);
  await held.answer({body: 'one'});
  await held.answer({body: 'two'});
  expect((await leader).body).toBe('one');
  expect((await follower).body).toBe('two');
});

everywhere('followers get the stale answer the leader got', async open => {
  const {cache, clock, origin, ask} = await open({staleIfError: '1m'});
  origin.script([{}]);
  await ask('/a');
  await cache.idle();
  await clock.advance(70);
  const held = origin.hold();
  const all = Promise.all([ask('/a'), ask('/a')]);
  await settled();
  expect(held.waiting).toBe(1);
  await held.answer({error: new Error('down')});
  expect((await all).map(({body}) => body)).toEqual(['hello', 'hello']);
});

everywhere('a body that breaks is nobody’s hit', async open => {
  const {cache, origin, send, ask} = await open();
  origin.script([{body: streamOf(['hel'], new Error('reset'))}]);
  const answers = await Promise.all([send('/a'), send('/a')]);
  const read = await Promise.allSettled(answers.map(({body}) => text(body)));
  expect(read.map(({status}) => status)).toEqual(['rejected', 'rejected']);
  await cache.idle();
  origin.script([{body: 'whole'}]);
  expect((await ask('/a')).body).toBe('whole');
});
