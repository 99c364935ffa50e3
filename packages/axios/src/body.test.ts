import {Readable} from 'node:stream';
import {describe, expect, test} from 'vitest';
import {bodySource, requestBody} from './body.ts';

describe('request content', () => {
  test.each([undefined, null, ''])('%s is none', data => {
    expect(requestBody(data)).toBeUndefined();
  });

  test.each([
    ['text', 'abc'],
    ['a Buffer', Buffer.from('abc')],
    ['a view', new DataView(new TextEncoder().encode('xabcx').buffer, 1, 3)],
    ['an ArrayBuffer', new TextEncoder().encode('abc').buffer],
  ])('%s has bytes', (_, data) => {
    const body = requestBody(data);
    expect(body?.type === 'bytes' && new TextDecoder().decode(body.bytes)).toBe('abc');
  });

  test('parameters have the bytes of their text', () => {
    expect(requestBody(new URLSearchParams({a: '1'}))).toEqual({type: 'bytes', bytes: new TextEncoder().encode('a=1')});
  });

  test.each([
    ['a form', new FormData()],
    ['a blob', new Blob(['x'])],
    ['a stream', Readable.from(['x'])],
    ['an object nobody transformed', {a: 1}],
  ])('%s is opaque', (_, data) => {
    expect(requestBody(data)).toEqual({type: 'opaque'});
  });
});

describe('response content', () => {
  const read = (data: unknown): Promise<string> => new Response(bodySource(data) as never).text();

  test.each([
    ['text', 'abc', 'abc'],
    ['a Node stream', Readable.from([Buffer.from('a'), Buffer.from('bc')], {objectMode: false}), 'abc'],
    ['a blob', new Blob(['abc']), 'abc'],
    ['an object', {a: 1}, '{"a":1}'],
  ])('%s', async (_, data, expected) => {
    expect(await read(data)).toBe(expected);
  });

  test('a Node stream is not read ahead, and is destroyed when nobody wants it', async () => {
    let produced = 0;
    const source = new Readable({
      highWaterMark: 1,
      read() {
        produced += 1;
        this.push(Buffer.alloc(10));
      },
    });
    const body = bodySource(source) as ReadableStream<Uint8Array>;
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(produced).toBeLessThan(3);
    await body.cancel();
    expect(source.destroyed).toBe(true);
  });

  test('chunks are no Buffers: slicing those does not copy', async () => {
    const body = bodySource(Readable.from([Buffer.from('abc')], {objectMode: false})) as ReadableStream<Uint8Array>;
    const {value} = await body.getReader().read();
    expect(Buffer.isBuffer(value)).toBe(false);
  });

  test('a stream that fails before it is read fails its reader, not the process', async () => {
    const source = new Readable({read: () => undefined});
    const body = bodySource(source) as ReadableStream<Uint8Array>;
    source.destroy(new Error('gone'));
    await new Promise(resolve => setTimeout(resolve, 10));
    await expect(body.getReader().read()).rejects.toThrow('gone');
  });
});
