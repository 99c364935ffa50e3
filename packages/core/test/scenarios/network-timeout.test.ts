import {expect} from 'vitest';
import {settled, until} from './clock.ts';
import {everywhere} from './driver.ts';

const sie = {fields: {'cache-control': 'max-age=60, stale-if-error=30', etag: '"one"'}};

type Open = Parameters<Parameters<typeof everywhere>[1]>[0];

/** A stale response that may stand in. */
async function overdue(open: Open) {
  const world = await open({networkTimeout: '2s'});
  world.origin.script([sie]);
  await world.ask('/a');
  await world.cache.idle();
  await world.clock.advance(70);
  return world;
}

/** The same, and an origin that holds its answers back. */
async function holding(open: Open) {
  const world = await overdue(open);
  return {...world, held: world.origin.hold()};
}

everywhere('networkTimeout lets a permitted stale response answer, and the late answer is kept', async open => {
  const {cache, clock, held, ask} = await holding(open);
  const asked = ask('/a');
  await until(() => held.waiting === 1);
  await clock.advance(2);
  expect(await asked).toMatchObject({body: 'hello', was: 'fwd=stale; ttl=-12; detail=network-timeout'});
  await held.answer({body: 'late'});
  await cache.idle();
  expect(await ask('/a')).toMatchObject({body: 'late'});
});

everywhere('what is cleared behind an answer given in its place is not fetched anew for nobody', async open => {
  const {cache, clock, held, ask} = await holding(open);
  const asked = ask('/a');
  await until(() => held.waiting === 1);
  await clock.advance(2);
  expect(await asked).toMatchObject({body: 'hello'});
  await cache.clear();
  await held.answer({status: 304, fields: {etag: '"one"'}});
  await settled();
  expect(held.waiting).toBe(0);
  await cache.idle();
  expect(await Array.fromAsync(cache.entries({all: true}))).toEqual([]);
});

everywhere('networkTimeout holds for those who joined a slow flight, too', async open => {
  const {clock, held, ask} = await holding(open);
  const bodies: string[] = [];
  const note = async () => bodies.push((await ask('/a')).body);
  const all = [note(), note(), note()];
  await settled();
  await clock.advance(2);
  await settled();
  expect(bodies).toEqual(['hello', 'hello', 'hello']);
  await held.answer({});
  await Promise.all(all);
});

everywhere('networkTimeout waits on where nothing stale is permitted', async open => {
  const {cache, clock, origin, ask} = await open({networkTimeout: '2s'});
  origin.script([{}]);
  await ask('/a');
  await cache.idle();
  await clock.advance(70);
  const held = origin.hold();
  const asked = ask('/a');
  await until(() => held.waiting === 1);
  await clock.advance(60);
  await held.answer({body: 'late'});
  expect(await asked).toMatchObject({body: 'late'});
});

everywhere(
  'networkTimeout that ends when nothing stale is permitted any more sends nobody on their own',
  async open => {
    const {cache, clock, origin, ask} = await open({networkTimeout: '2s'});
    origin.script([sie]);
    await ask('/a');
    await cache.idle();
    await clock.advance(89);
    const held = origin.hold();
    const asked = [ask('/a'), ask('/a')];
    await settled();
    await clock.advance(2);
    await settled();
    const {waiting} = held;
    for (const _ of [1, 2]) await held.answer({body: 'late'});
    expect((await Promise.all(asked)).map(({body}) => body)).toEqual(['late', 'late']);
    expect(waiting).toBe(1);
  },
);

/** A stale response that may stand in, and an origin that says nothing any more. */
async function hanging(open: Open) {
  const world = await overdue(open);
  const {clock, origin, ask} = world;
  const ended: unknown[] = [];
  let sent = 0;
  origin.answering = (_, signal) =>
    new Promise((_resolve, reject) => {
      sent += 1;
      signal?.addEventListener('abort', () => reject(ended.push(signal.reason)));
    });
  /** Asks once more, and is answered with what is stale. */
  const askInVain = async (options = {}) => {
    const before = sent;
    const asked = ask({url: '/a', options});
    await until(() => sent === before + 1);
    await clock.advance(2);
    expect(await asked).toMatchObject({body: 'hello', was: expect.stringContaining('network-timeout')});
    await settled();
  };
  return {...world, ended, askInVain};
}

everywhere('what networkTimeout leaves behind ends after a minute', async open => {
  const {cache, clock, ended, askInVain} = await hanging(open);
  await askInVain();
  expect(ended).toHaveLength(0);
  await clock.advance(60);
  await cache.idle();
  expect(ended).toHaveLength(1);
});

everywhere('what networkTimeout leaves behind is one exchange for each stored response', async open => {
  const {clock, cache, ended, askInVain} = await hanging(open);
  // These ask for themselves, so that none joins another.
  for (let count = 1; count <= 4; count += 1) {
    await askInVain({storeIf: () => true});
    expect(ended).toHaveLength(count - 1);
  }
  await clock.advance(60);
  await cache.idle();
  expect(ended).toHaveLength(4);
});

everywhere('closing ends what networkTimeout left behind', async open => {
  const {cache, ended, askInVain} = await hanging(open);
  await askInVain();
  await cache.close();
  expect(ended).toHaveLength(1);
});

everywhere('a body that stays away behind an answer given in its place ends after a minute', async open => {
  const {cache, clock, held, ask} = await holding(open);
  const asked = ask('/a');
  await until(() => held.waiting === 1);
  await clock.advance(2);
  expect(await asked).toMatchObject({body: 'hello'});
  const cancelled: unknown[] = [];
  const silent = new ReadableStream<Uint8Array>({cancel: reason => void cancelled.push(reason)}, {highWaterMark: 0});
  await held.answer({body: silent});
  expect(cancelled).toEqual([]);
  await clock.advance(60);
  await cache.idle();
  expect(cancelled).toHaveLength(1);
});
