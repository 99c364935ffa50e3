// On other platforms than Node, the Headers that hits have in common are made once, and copied.

import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {Fields, type FieldsSource} from '../fields/fields.ts';
import type {ResponseHead} from '../model/messages.ts';

let CachedResponse: typeof import('./cached-response.ts').CachedResponse;
let made = 0;

class Counted extends Headers {
  constructor(...given: ConstructorParameters<typeof Headers>) {
    super(...given);
    made += 1;
  }
}

beforeAll(async () => {
  vi.stubGlobal('navigator', {userAgent: 'Deno/2'});
  vi.stubGlobal('Headers', Counted);
  vi.resetModules();
  ({CachedResponse} = await import('./cached-response.ts'));
});

afterAll(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const hit = (base: Fields, age: string, status = 200): Response => {
  const fields = Fields.later(() => ({
    base,
    changes: [
      ['set', 'age', age],
      ['append', 'cache-status', `limpid; hit; ttl=${age}`],
    ],
  }));
  const head: ResponseHead = {
    status,
    statusText: '',
    fields,
    url: 'https://example.com/a',
    redirected: false,
    type: 'basic',
  };
  return new CachedResponse(head, status === 304 ? null : new TextEncoder().encode('hello'));
};

test.each<[name: string, fields: FieldsSource]>([
  ['few', {'content-type': 'text/plain'}],
  ['none', {}],
  ['what is replaced, and what is added to', {age: '7', 'cache-status': 'other; hit'}],
  [
    'repeated lines',
    [
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['vary', 'a'],
      ['vary', 'b'],
    ],
  ],
  [
    'names that mean something to objects',
    [
      ['constructor', '1'],
      ['__proto__', '2'],
    ],
  ],
])('each hit has the same fields and its own: %s', async (_, source) => {
  const base = Fields.from(source);
  for (const age of ['1', '2', '3']) {
    const expected = new Headers(Array.from(base, ([name, value]) => [name, value]));
    expected.set('age', age);
    expected.append('cache-status', `limpid; hit; ttl=${age}`);
    const response = hit(base, age);
    expect([...response.headers]).toEqual([...expected]);
    expect(response.headers.getSetCookie()).toEqual(expected.getSetCookie());
    expect(await response.text()).toBe('hello');
  }
});

test('whoever changes the fields of one changes none of another', () => {
  const base = Fields.from({'x-one': '1'});
  const first = hit(base, '1');
  first.headers.set('x-one', 'changed');
  first.headers.delete('age');
  expect(hit(base, '2').headers.get('x-one')).toBe('1');
  expect([...hit(base, '3').clone().headers]).toEqual([...hit(base, '3').headers]);
  expect([...first.clone().headers]).toEqual([...first.headers]);
  expect(base.get('x-one')).toBe('1');
});

test('they are made once', () => {
  const base = Fields.from({'x-one': '1'});
  made = 0;
  for (const age of ['1', '2', '3']) hit(base, age);
  expect(made).toBe(1);
});

test('a field that no Response can carry is left out', () => {
  const base = Fields.from({'x-one': 'ł', 'x-two': '2'});
  for (const age of ['1', '2']) {
    expect([...hit(base, age).headers.keys()]).toEqual(['age', 'cache-status', 'x-two']);
  }
});

test('a hit without a body has them, too', () => {
  expect(hit(Fields.from({etag: '"1"'}), '1', 304).headers.get('etag')).toBe('"1"');
});
