// Which answers we make into a response ourselves, and that nobody could tell.

import {Agent} from 'node:http';
import axios, {AxiosHeaders, type AxiosRequestConfig, type AxiosResponse} from 'axios';
import {HttpCache} from 'limpid';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {cached} from '../src/index.ts';
import {origin} from './origin.ts';

const url = 'https://example.com/a';
const fresh = {'cache-control': 'max-age=60', 'content-type': 'text/plain'};

/** An instance over the http adapter with this answer stored for it, as it would be for axios's own requests. */
async function filled(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> | [string, string][] = fresh,
) {
  const cache = new HttpCache();
  await cache.put(url, new Response(body as BodyInit, {headers: headers as HeadersInit}));
  const instance = cached(axios.create({adapter: 'http'}), cache);
  return {cache, get: (config: AxiosRequestConfig = {}) => instance.request({url, ...config})};
}

/** The http adapter gives the request it made; ours says only where the answer came from. */
const isOurs = ({request}: AxiosResponse): boolean => !('end' in request);

describe('a hit is made by us', () => {
  test.each<[name: string, config: AxiosRequestConfig]>([
    ['as text', {responseType: 'text'}],
    ['as it comes', {}],
    ['as bytes', {responseType: 'arraybuffer'}],
    ['for HEAD', {method: 'head'}],
    ['with a limit it keeps', {maxContentLength: 5}],
    ['with a signal', {signal: new AbortController().signal}],
    ['with a timeout', {timeout: 1}],
    ['with nothing in the place of a signal', {signal: null as never}],
    ['through a URL that has to be put together', {baseURL: 'https://example.com/', url: '/x/../a'}],
  ])('%s', async (_, config) => {
    const {get} = await filled('hello');
    const response = await get(config);
    expect([isOurs(response), response.status, response.statusText]).toEqual([true, 200, '']);
    expect(response.request.res.responseUrl).toBe(url);
    expect(response.config.url).toBe(config.url ?? url);
  });
});

describe('a hit is made by the http adapter', () => {
  test.each<[name: string, config: AxiosRequestConfig]>([
    ['as a stream', {responseType: 'stream'}],
    ['in another encoding', {responseEncoding: 'latin1'}],
    ['when its progress is watched', {onDownloadProgress: () => undefined}],
    ['at a limited rate', {maxRate: 1_000_000}],
    ['when it can be cancelled by a token', {cancelToken: axios.CancelToken.source().token}],
  ])('%s', async (_, config) => {
    const {get} = await filled('hello');
    expect(isOurs(await get(config))).toBe(false);
  });

  test('when validateStatus refuses it, or it is too long', async () => {
    const {cache, get} = await filled('hello');
    const validateStatus = vi.fn((_status: number) => false);
    const refused = get({validateStatus});
    await expect(refused).rejects.toMatchObject({code: 'ERR_BAD_RESPONSE', response: {status: 200, data: 'hello'}});
    await expect(refused).rejects.toMatchObject({config: {validateStatus}, response: {config: {validateStatus}}});
    expect(validateStatus.mock.calls).toEqual([[200]]);
    await expect(get({validateStatus, maxContentLength: 4})).rejects.toThrow('maxContentLength size of 4 exceeded');
    expect(validateStatus).toHaveBeenCalledTimes(1);
    expect((await cache.stats()).hits).toBe(2);
  });

  test.each<[name: string, config: object, message: string]>([
    ['a timeout that is no number', {timeout: 'soon'}, 'parse `config.timeout`'],
    ['a timeout without end', {timeout: Number.POSITIVE_INFINITY}, 'parse `config.timeout`'],
    ['a signal nobody can listen to', {signal: {}}, 'signal.addEventListener is not a function'],
  ])('which complains about %s', async (_, config, message) => {
    const {get} = await filled('hello');
    await expect(get(config)).rejects.toThrow(message);
  });
});

test('whoever changes a hit changes nothing for others', async () => {
  const {get} = await filled('hello');
  const first = await get({responseType: 'arraybuffer'});
  first.data.fill(0);
  first.headers['content-type'] = 'changed';
  const second = await get({responseType: 'arraybuffer'});
  expect([String(second.data), second.headers['content-type']]).toEqual(['hello', 'text/plain']);
  expect(Buffer.isBuffer(second.data)).toBe(true);
});

test('a byte order mark is no part of a text, and of no bytes there is a text as well', async () => {
  const marked = await filled('\ufeff{"a":1}');
  expect((await marked.get()).data).toEqual({a: 1});
  expect((await marked.get({responseType: 'arraybuffer'})).data).toHaveLength(10);
  expect((await (await filled('')).get({responseType: 'text'})).data).toBe('');
});

test('bytes that are no text become the text that a Buffer makes of them', async () => {
  const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x61, 0xff, 0xed, 0xa0, 0x80, 0xe2, 0x82);
  const {get} = await filled(bytes);
  expect((await get({responseType: 'text'})).data).toBe(Buffer.from(bytes).toString().slice(1));
});

test('headers that mean something to the object that holds them are headers all the same', async () => {
  const names = ['set', 'get', 'has', 'constructor', 'toString', '__proto__', 'x-one'];
  const {get} = await filled('hello', [
    ...Object.entries(fresh),
    ...names.map((name): [string, string] => [name, name]),
  ]);
  const {headers} = await get();
  expect(headers).toBeInstanceOf(AxiosHeaders);
  for (const name of names) expect((headers as AxiosHeaders).get(name)).toBe(name);
  expect(Object.getPrototypeOf(headers)).toBe(AxiosHeaders.prototype);
  expect(Object.prototype).not.toHaveProperty('x-one');
});

test('repeated lines come together as axios gives them', async () => {
  const lines: [string, string][] = [...Object.entries(fresh), ['set-cookie', 'a=1'], ['set-cookie', 'b=2']];
  const {headers} = await (await filled('hello', lines)).get();
  expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
  expect((await (await filled('hello', lines.slice(0, 3))).get()).headers['set-cookie']).toEqual(['a=1']);
});

test('a coding that has been taken off is not named', async () => {
  const coded = async (coding: string): Promise<unknown> => {
    const {get} = await filled('hello', {...fresh, 'content-encoding': coding});
    return (await get()).headers['content-encoding'];
  };
  expect([await coded('gzip'), await coded('BR'), await coded('aes128gcm')]).toEqual([
    undefined,
    undefined,
    'aes128gcm',
  ]);
});

test('a cleared response is not there at once', async () => {
  const {cache, get} = await filled('hello');
  expect(isOurs(await get())).toBe(true);
  await cache.clear(url);
  await expect(get({headers: {'cache-control': 'only-if-cached'}})).rejects.toMatchObject({status: 504});
});

describe('a miss', () => {
  const cold = async () => {
    const server = await origin();
    const {url: baseURL, asked} = server;
    onTestFinished(() => server.close());
    const cache = new HttpCache();
    const instance = cached(axios.create({adapter: 'http', baseURL}), cache);
    return {
      cache,
      asked,
      get: (path: string, config: AxiosRequestConfig = {}) => instance.request({url: path, ...config}),
    };
  };

  test.each<[name: string, config: AxiosRequestConfig, ours: boolean]>([
    ['is made by us as text', {responseType: 'text'}, true],
    ['is made by us as it comes', {}, true],
    ['is made by us as bytes', {responseType: 'arraybuffer'}, true],
    ['is made by us without a limit', {timeout: 0, maxContentLength: -1}, true],
    ['is made by us with a limit that is none', {maxContentLength: Number.POSITIVE_INFINITY}, true],
    ['is made by the http adapter as a stream', {responseType: 'stream'}, false],
    ['is made by the http adapter where time may end it', {timeout: 5000}, false],
    ['is made by the http adapter where its length may end it', {maxContentLength: 1000}, false],
    ['is made by the http adapter where a signal may end it', {signal: new AbortController().signal}, false],
    ['is made by the http adapter when its progress is watched', {onDownloadProgress: () => undefined}, false],
    ['is made by the http adapter where it is not to be decoded', {decompress: false}, false],
  ])('%s', async (_, config, ours) => {
    const {get} = await cold();
    const response = await get('/bom', config);
    expect([isOurs(response), response.status, response.statusText]).toEqual([ours, 200, 'OK']);
    expect(response.request.res.responseUrl).toMatch(/^http:.*\/bom$/);
  });

  test.each<[name: string, path: string, method: string, status: number]>([
    ['for HEAD', '/json', 'head', 200],
    ['without content', '/empty', 'get', 204],
    ['that nothing is stored of', '/echo', 'get', 200],
  ])('%s is made by us', async (_, path, method, status) => {
    const {get} = await cold();
    const response = await get(path, {method, responseType: 'text'});
    expect([isOurs(response), response.status, response.data]).toEqual([true, status, '']);
  });

  test('that a 304 has validated is made by us', async () => {
    const {asked, get} = await cold();
    await get('/etag');
    const response = await get('/etag');
    expect([isOurs(response), response.status, response.data]).toEqual([true, 200, 'tagged']);
    expect(asked.map(({headers}) => headers['if-none-match'])).toEqual([undefined, '"1"']);
  });

  test('is nobody else’s, as bytes', async () => {
    const {get} = await cold();
    const [one, other] = await Promise.all([
      get('/bom', {responseType: 'arraybuffer'}),
      get('/bom', {responseType: 'arraybuffer'}),
    ]);
    new Uint8Array(one.data.buffer).fill(0);
    for (const {data} of [other, await get('/bom', {responseType: 'arraybuffer'})]) {
      expect(String(data)).toBe('\ufeffmarked');
      expect(data.buffer.byteLength).toBe(data.byteLength);
    }
  });

  test.each(['/empty', '/etag'])('that brings no content leaves its connection to the next: %s', async path => {
    const server = await origin();
    onTestFinished(() => server.close());
    const httpAgent = new Agent({keepAlive: true});
    onTestFinished(() => httpAgent.destroy());
    const sockets = new Set<unknown>();
    httpAgent.on('free', socket => sockets.add(socket));
    const instance = cached(axios.create({adapter: 'http', baseURL: server.url, httpAgent}), new HttpCache());
    for (let time = 0; time < 20; time++) await instance.get(path, {params: {time: path === '/empty' ? time : 0}});
    expect([server.asked.length, sockets.size]).toEqual([20, 1]);
  });

  test('whose text no string can hold fails as the http adapter words it', async () => {
    const {get} = await cold();
    const decode = vi.spyOn(TextDecoder.prototype, 'decode').mockImplementation(() => {
      throw new Error('too long');
    });
    onTestFinished(() => decode.mockRestore());
    await expect(get('/json')).rejects.toMatchObject({isAxiosError: true, config: {url: '/json'}});
  });

  test('that validateStatus throws at rejects', async () => {
    const {get} = await cold();
    const validateStatus = (): boolean => {
      throw new Error('no status');
    };
    await expect(get('/json', {validateStatus})).rejects.toThrow('no status');
    await expect(get('/json', {validateStatus})).rejects.toThrow('no status');
    expect((await get('/json')).data.list).toEqual([1, 2, 3]);
  });

  test('that validateStatus refuses is refused once, and stored', async () => {
    const {asked, cache, get} = await cold();
    const validateStatus = vi.fn((_status: number) => false);
    const refused = get('/json', {validateStatus});
    await expect(refused).rejects.toMatchObject({code: 'ERR_BAD_RESPONSE', response: {data: {list: [1, 2, 3]}}});
    expect(validateStatus.mock.calls).toEqual([[200]]);
    expect((await get('/json')).data.list).toEqual([1, 2, 3]);
    expect([asked.length, (await cache.stats()).hits]).toEqual([1, 1]);
  });

  test('that breaks off is asked for once, and fails as the http adapter says, each caller with its own error', async () => {
    const {asked, get} = await cold();
    const [one, other] = await Promise.allSettled([get('/cut'), get('/cut')]);
    for (const outcome of [one, other]) {
      const expected = {code: 'ERR_BAD_RESPONSE', message: 'stream has been aborted', response: {status: 200}};
      expect(outcome).toMatchObject({status: 'rejected', reason: expected});
    }
    expect((one as PromiseRejectedResult).reason).not.toBe((other as PromiseRejectedResult).reason);
    expect(asked).toHaveLength(1);
  });

  test('that is under way for somebody who wants it whole can be streamed as it comes', async () => {
    const {asked, get} = await cold();
    const whole = get('/slow');
    const {data} = await get('/slow', {responseType: 'stream'});
    const [first] = await data[Symbol.asyncIterator]()
      .next()
      .then(({value}: {value: Buffer}) => [String(value)]);
    expect(first).toBe('0;');
    expect((await whole).data).toBe('0;1;2;3;end');
    expect(asked).toHaveLength(1);
  });
});
