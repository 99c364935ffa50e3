import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {expect, test, vi} from 'vitest';
import {onceForEach, remembered, sharing} from './remembered.ts';

test('the same text is parsed once', () => {
  const parse = vi.fn((text: string) => ({text}));
  const quick = remembered(parse);
  expect(quick('a')).toBe(quick('a'));
  expect(quick('b')).toEqual({text: 'b'});
  expect(parse).toHaveBeenCalledTimes(2);
});

test('long texts are not held', () => {
  const parse = vi.fn((text: string) => ({text}));
  const quick = remembered(parse);
  const long = 'x'.repeat(257);
  expect(quick(long)).not.toBe(quick(long));
  expect(parse).toHaveBeenCalledTimes(2);
});

test('what is remembered is bounded', () => {
  const parse = vi.fn((text: string) => ({text}));
  const quick = remembered(parse);
  for (let index = 0; index < 65; index++) quick(String(index));
  quick('64');
  expect(parse).toHaveBeenCalledTimes(65);
  quick('0');
  expect(parse).toHaveBeenCalledTimes(66);
});

test('equal texts and what came with them are one', () => {
  const share = sharing<object>();
  const text = (): string => ['a', 'b'].join('-');
  expect(share(text(), {})).toBe(share(text(), {}));
  expect(share('c', {})).not.toBe(share(text(), {}));
  const long = 'x'.repeat(257);
  expect(share(long, {})).not.toBe(share(long, {}));
});

test('what is shared is bounded', () => {
  const share = sharing<number>();
  for (let index = 0; index < 513; index++) share(String(index), index);
  expect(share('512', -1)[1]).toBe(512);
  expect(share('0', -1)[1]).toBe(-1);
});

test('something is made once for each object', () => {
  const make = vi.fn((given: object) => ({given}));
  const made = onceForEach(make);
  const [one, other] = [{}, {}];
  expect(made(one)).toBe(made(one));
  expect(made(other)).toEqual({given: other});
  expect(make.mock.calls).toEqual([[one], [other]]);
});

test('what was made goes with the object it was made for', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const made = onceForEach((given: object) => ({given}));
  const keptFor = {};
  const kept = new WeakRef(made(keptFor));
  const gone = new WeakRef(made({}));
  // A reference that was looked at is held until the end of its turn.
  await new Promise(resolve => setTimeout(resolve, 0));
  collect();
  expect(gone.deref()).toBeUndefined();
  expect(kept.deref()).toBe(made(keptFor));
});
