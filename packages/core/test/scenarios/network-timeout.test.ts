import {expect} from 'vitest';
import {settled, until} from './clock.ts';
import {everywhere} from './driver.ts';

const sie = {fields: {'cache-control': 'max-age=60, stale-if-error=30', etag: '"one"'}};

everywhere('networkTimeout lets a permitted stale response answer, and the late answer is kept', async open => {
  const {cache, clock, origin, ask} = await open({networkTimeout: '2s'});
  origin.script([sie]);
  await ask('/a');
  await cache.idle();
  await clock.advance(70);
  const held = origin.hold();
  const asked = ask('/a');
  await until(() => held.waiting === 1);
  await clock.advance(2);
  expect(await asked).toMatchObject({body: 'hello', was: 'fwd=stale; ttl=-12; detail=network-timeout'});
  await held.answer({body: 'late'});
  await cache.idle();
  expect(await ask('/a')).toMatchObject({body: 'late'});
});

everywhere('networkTimeout holds for those who joined a slow flight, too', async open => {
  const {cache, clock, origin, ask} = await open({networkTimeout: '2s'});
  origin.script([sie]);
  await ask('/a');
  await cache.idle();
  await clock.advance(70);
  const held = origin.hold();
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
