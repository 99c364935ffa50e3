import {Readable} from 'node:stream';
import {AxiosHeaders} from 'axios';
import type {BodySource, CacheMode} from 'limpid/adapter';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {callOf} from './call.ts';
import {transportOf} from './transport.ts';

async function bodySource(data: unknown): Promise<BodySource> {
  const config = {url: 'https://a.example/', headers: new AxiosHeaders()};
  const response = {data, status: 200, statusText: 'OK', headers: {}, config};
  const call = callOf(async () => response, config);
  if (call === undefined) throw new Error('no call');
  return (await transportOf(call)(call.head, undefined, undefined)).body;
}

describe('response content', () => {
  const read = async (data: unknown): Promise<string> => new Response((await bodySource(data)) as never).text();

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
    const body = (await bodySource(source)) as ReadableStream<Uint8Array>;
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(produced).toBeLessThan(3);
    await body.cancel();
    expect(source.destroyed).toBe(true);
  });

  test('chunks are no Buffers: slicing those does not copy', async () => {
    const body = (await bodySource(
      Readable.from([Buffer.from('abc')], {objectMode: false}),
    )) as ReadableStream<Uint8Array>;
    const {value} = await body.getReader().read();
    expect(Buffer.isBuffer(value)).toBe(false);
  });

  test('a stream that fails before it is read fails its reader, not the process', async () => {
    const source = new Readable({read: () => undefined});
    const body = (await bodySource(source)) as ReadableStream<Uint8Array>;
    source.destroy(new Error('gone'));
    await new Promise(resolve => setTimeout(resolve, 10));
    await expect(body.getReader().read()).rejects.toThrow('gone');
  });
});

describe('a cache mode is sent on as fetch would', () => {
  const sent = async (
    mode: CacheMode,
    own: Readonly<Record<string, string>> = {},
    client?: string,
  ): Promise<readonly unknown[]> => {
    let headers = new AxiosHeaders();
    const config = {url: 'https://a.example/', headers: new AxiosHeaders(own)};
    const call = callOf(async given => {
      headers = given.headers;
      return {data: '', status: 200, statusText: 'OK', headers: {}, config};
    }, config);
    if (call === undefined) throw new Error('no call');
    const head = {...call.head, ...(client !== undefined && {client})};
    await transportOf({...call, head})({...head, mode}, undefined, undefined);
    return [headers.get('cache-control'), headers.get('pragma')];
  };

  test.each<[CacheMode, readonly unknown[]]>([
    ['default', [undefined, undefined]],
    ['no-cache', ['max-age=0', undefined]],
    ['reload', ['no-cache', 'no-cache']],
    ['no-store', ['no-cache', 'no-cache']],
    ['force-cache', [undefined, undefined]],
  ])('%s', async (mode, expected) => {
    expect(await sent(mode)).toEqual(expected);
  });

  test('unless the caller says something else', async () => {
    expect(await sent('reload', {'Cache-Control': 'max-age=5', Pragma: 'x'})).toEqual(['max-age=5', 'x']);
  });

  test('or sits in a browser, where it would cause a preflight', async () => {
    expect(await sent('reload', {}, 'browser')).toEqual([undefined, undefined]);
  });

  test.each([
    ['nothing of another origin', 'https://a.example/', {accept: 'text/plain', 'if-none-match': '"own"'}],
    [
      'what it wants of the page’s own',
      'https://page.example/',
      {
        accept: 'text/plain',
        'cache-control': 'no-cache',
        'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT',
        'if-none-match': '"stored"',
        'if-range': '"stored"',
        range: 'bytes=5-',
      },
    ],
  ])('in a browser the cache asks %s', async (_, url, expected) => {
    vi.stubGlobal('navigator', {userAgent: 'Mozilla/5.0'});
    vi.stubGlobal('location', {origin: 'null', href: 'about:srcdoc'});
    vi.stubGlobal('origin', 'https://page.example');
    onTestFinished(() => {
      vi.unstubAllGlobals();
      vi.resetModules();
    });
    vi.resetModules();
    const {transportOf: inBrowser} = await import('./transport.ts');
    let headers = new AxiosHeaders();
    const config = {url, headers: new AxiosHeaders({Accept: 'text/plain', 'If-None-Match': '"own"'})};
    const call = callOf(async given => {
      headers = given.headers;
      return {data: '', status: 200, statusText: 'OK', headers: {}, config};
    }, config);
    if (call === undefined) throw new Error('no call');
    const head = {...call.head, client: 'browser'};
    const added = {
      'cache-control': 'no-cache',
      'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT',
      'if-none-match': '"stored"',
      'if-range': '"stored"',
      range: 'bytes=5-',
    };
    const fields = Object.entries(added).reduce((all, [name, value]) => all.with(name, value), head.fields);
    await inBrowser({...call, head})({...head, mode: 'reload', fields}, undefined, undefined);
    const names = Object.entries(headers.toJSON()).map(([name, value]) => [name.toLowerCase(), value]);
    expect(Object.fromEntries(names)).toEqual(expected);
  });
});
