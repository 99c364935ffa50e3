import {expect} from 'vitest';
import {settled, until} from './clock.ts';
import {everywhere} from './driver.ts';
import type {Reply} from './scripted-origin.ts';

const fresh = 'max-age=60';
const unchanged = (number: number): Reply => ({
  status: 304,
  fields: {etag: '"one"', 'cache-control': fresh, 'x-number': String(number)},
});

everywhere('304s that come out of order validate all the same, and the younger one stays', async open => {
  const {cache, clock, origin, ask} = await open({coalesce: false});
  origin.script([{fields: {'cache-control': fresh, etag: '"one"'}}]);
  await ask('/a');
  await cache.idle();
  await clock.advance(61);
  const waiting: ((reply: Reply) => void)[] = [];
  origin.answering = () => new Promise<Reply>(resolve => waiting.push(resolve));
  const first = ask('/a');
  await until(() => waiting.length === 1);
  await clock.advance(1);
  const second = ask('/a');
  await until(() => waiting.length === 2);
  waiting[1]?.(unchanged(2));
  expect(await second).toMatchObject({status: 200, body: 'hello'});
  waiting[0]?.(unchanged(1));
  await settled();
  waiting[2]?.({body: 'again'});
  expect(await first).toMatchObject({status: 200, body: 'hello'});
  expect(origin.seen).toHaveLength(3);
  const {fields, was} = await ask('/a');
  expect(was).toMatch(/^hit/);
  expect(fields.get('x-number')).toBe('2');
});
