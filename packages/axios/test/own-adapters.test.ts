// Adapters of somebody's own, which keep to nothing but axios's contract, and not always to that.

import {Readable} from 'node:stream';
import axios, {type AxiosAdapter, AxiosError, AxiosHeaders, type AxiosResponse} from 'axios';
import {cacheStatus, HttpCache} from 'limpid';
import {describe, expect, onTestFinished, test} from 'vitest';
import {type CachedAxios, cached} from '../src/index.ts';
import {origin} from './origin.ts';

const url = 'https://a.example/x';
const fresh = {'cache-control': 'max-age=60'};

const over = (adapter: AxiosAdapter, cache = new HttpCache()): CachedAxios => cached(axios.create({adapter}), cache);

/** Answers with this, and remembers for what. */
function answering(data: unknown, status = 200) {
  const asked: (string | undefined)[] = [];
  const adapter: AxiosAdapter = async config => {
    asked.push(config.url);
    await new Promise(resolve => setTimeout(resolve, 5));
    return {data, status, statusText: 'OK', headers: fresh, config};
  };
  return Object.assign(adapter, {asked});
}

test.each([undefined, null])('headers may be %s', async headers => {
  const adapter: AxiosAdapter = async config => ({...(await answering({ok: 1})(config)), headers: headers as never});
  const {data, headers: given} = await over(adapter).get(url);
  expect([data, typeof given]).toEqual([{ok: 1}, 'object']);
});

class Offline extends Error {
  readonly retryIn = 5;
}

describe.each([
  ['GET', {}],
  ['POST', {method: 'post', data: 'x'}],
  ['limpid: false', {limpid: false}],
  ['a stream', {responseType: 'stream'}],
] as const)('of a request with %s', (_, config) => {
  test.each([
    new Offline('offline'),
    new Offline('offline', {cause: new TypeError('fetch failed')}),
    new TypeError('fetch failed', {cause: new Error('deeper')}),
    'text',
    undefined,
    null,
    {a: 1},
  ])('an error that is none of axios’s reaches its caller as it is: %s', async error => {
    const instance = over(() => Promise.reject(error));
    const failed = (): Promise<unknown> =>
      instance({url, ...config}).then(
        () => expect.fail(),
        thrown => ({thrown}),
      );
    for (const outcome of await Promise.all([failed(), failed()])) expect(outcome).toEqual({thrown: error});
    expect(((await failed()) as {thrown: unknown}).thrown).toBe(error);
  });
});

test('an error of the http adapter’s agent reaches its caller as it is, too', async () => {
  const error = new Offline('no route');
  const {Agent} = await import('node:http');
  const httpAgent = new Agent();
  httpAgent.createConnection = () => {
    throw error;
  };
  const instance = cached(axios.create({adapter: 'http', httpAgent}), new HttpCache());
  await expect(instance.get('http://a.example/')).rejects.toBe(error);
});

describe('an error of axios’s', () => {
  const answer = {data: {ok: 1}, status: 200, statusText: 'OK', headers: fresh, config: {headers: new AxiosHeaders()}};
  const thrown = (cause: Error | undefined, response?: AxiosResponse) =>
    Object.assign(new AxiosError('not so', 'E_OWN', undefined, undefined, response), cause && {cause});

  test.each([
    ['without an answer', thrown(undefined)],
    ['with a cause', thrown(new Error('the radio is off'))],
    ['with an answer it finds wrong', thrown(undefined, answer)],
    ['with an answer that was cut short', thrown(undefined, {...answer, data: undefined})],
  ])('reaches its caller as it is, and nothing is stored: %s', async (_, error) => {
    const cache = new HttpCache();
    const instance = over(() => Promise.reject(error), cache);
    for (const method of ['get', 'get', 'post']) await expect(instance({url, method})).rejects.toBe(error);
    expect((await cache.stats()).size?.count).toBe(0);
  });

  test('that only refuses a status is its answer', async () => {
    const refused = new AxiosError(
      'Request failed with status code 200',
      'ERR_BAD_REQUEST',
      undefined,
      undefined,
      answer,
    );
    const instance = over(() => Promise.reject(refused));
    expect((await instance.get(url)).data).toEqual({ok: 1});
    expect(cacheStatus(await instance.get(url))?.hit).toBe(true);
  });

  test.each(['/cut', '/gzip-cut'])('is no answer where axios’s own adapter made it below: %s', async path => {
    const server = await origin();
    onTestFinished(() => server.close());
    const adapter: AxiosAdapter = config => axios.getAdapter('http', config)(config);
    const config = {url: path, baseURL: server.url};
    const bare = await axios
      .create({adapter})(config)
      .catch((error: unknown) => error);
    const {code, message} = bare as AxiosError;
    for (const _ of [1, 2]) await expect(over(adapter)(config)).rejects.toMatchObject({code, message});
  });
});

test.each([
  ['text', () => Readable.from('hello'), ['hello']],
  ['texts', () => Readable.from(['a', 'b']), ['a', 'b']],
  ['objects', () => Readable.from([{a: 1}]), [{a: 1}]],
  ['decoded bytes', () => Readable.from([Buffer.from('é')], {objectMode: false}).setEncoding('utf8'), ['é']],
])('a stream of %s is handed over as it is, and not stored', async (_, make, expected) => {
  const adapter: AxiosAdapter = async config => answering(make())(config);
  const cache = new HttpCache();
  const {data} = await over(adapter, cache).get(url, {responseType: 'stream'});
  expect(await data.toArray()).toEqual(expected);
  expect((await cache.stats()).size?.count).toBe(0);
});

test('an error of axios’s without a config has its caller’s', async () => {
  const instance = over(() => Promise.reject(new AxiosError('no', 'ERR_NETWORK')));
  const [one, other] = await Promise.allSettled([instance.get(url), instance.get(url)]);
  expect(one).toMatchObject({reason: {code: 'ERR_NETWORK', config: {url}}});
  expect(other).toMatchObject({reason: {code: 'ERR_NETWORK', config: {url}}});
});

const cycle: {self?: object} = {};
cycle.self = cycle;

describe.each([
  ['a BigInt', 1n],
  ['an object with a BigInt', {id: 1n}],
  ['a cycle', cycle],
  ['a function', () => 1],
  ['a symbol', Symbol('1')],
])('%s', (_, data) => {
  test.each(['get', 'post'])('is handed over as it is, and not stored (%s)', async method => {
    const adapter = answering(data);
    const cache = new HttpCache({rules: [{ttl: '1h', ignores: ['no-store']}]});
    const instance = over(adapter, cache);
    const both = await Promise.all([instance({url, method}), instance({url, method})]);
    for (const response of both) {
      expect(response.data).toBe(data);
      expect(response.headers).toMatchObject(fresh);
      expect(response.headers).not.toHaveProperty('content-range');
    }
    expect([adapter.asked.length, (await cache.stats()).size?.count]).toEqual([2, 0]);
  });

  test('is in the response of an error', async () => {
    await expect(over(answering(data, 500)).get(url)).rejects.toMatchObject({
      code: 'ERR_BAD_RESPONSE',
      response: {data, status: 500},
    });
  });
});

describe('a URL that only the adapter understands', () => {
  const listed = async (): Promise<HttpCache> => {
    const cache = new HttpCache({rules: [{tags: ['list']}]});
    await cache.put('https://a.example/list', new Response('old', {headers: fresh}));
    return cache;
  };
  const isThere = async (cache: HttpCache): Promise<boolean> =>
    (await cache.match('https://a.example/list')) !== undefined;

  test.each([{tag: 'list'}, 'https://a.example/list', {origin: 'https://a.example'}, () => ({tag: 'list'})])(
    'clears what it names: %o',
    async clears => {
      const cache = await listed();
      const response = await over(answering('done'), cache).post('/users', 'x', {limpid: {clears}});
      expect([response.data, await isThere(cache)]).toEqual(['done', false]);
    },
  );

  test('clears nothing when it fails', async () => {
    const cache = await listed();
    await over(answering('failed', 500), cache).post('/users', 'x', {limpid: {clears: {tag: 'list'}}});
    const error = new Offline();
    const failing = over(() => Promise.reject(error), cache);
    await expect(failing.post('/users', 'x', {limpid: {clears: {tag: 'list'}}})).rejects.toBe(error);
    expect(await isThere(cache)).toBe(true);
  });

  test.each([{tll: '5m'}, {clears: {tagg: 'list'}}, 'no-store', 0])('with the option %o is refused', async limpid => {
    const adapter = answering('x');
    await expect(over(adapter).post('/users', 'x', {limpid: limpid as never})).rejects.toThrow(/^limpid: limpid/);
    expect(adapter.asked).toEqual([]);
  });
});
