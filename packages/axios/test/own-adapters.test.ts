// Adapters of somebody's own, which keep to nothing but axios's contract, and not always to that.

import axios, {type AxiosAdapter, AxiosError} from 'axios';
import {HttpCache} from 'limpid';
import {describe, expect, test} from 'vitest';
import {type CachedAxios, cached} from '../src/index.ts';

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

test('an error of axios’s is each caller’s own', async () => {
  const error = new AxiosError('no', 'ERR_NETWORK');
  const instance = over(() => Promise.reject(error));
  const [one, other] = await Promise.allSettled([instance.get(url), instance.get(url)]);
  expect(one).toMatchObject({reason: {code: 'ERR_NETWORK', config: {url}}});
  expect(one).not.toEqual({status: 'rejected', reason: (other as PromiseRejectedResult).reason === error});
});

const cycle: {self?: object} = {};
cycle.self = cycle;

describe.each([
  ['a BigInt', 1n],
  ['an object with a BigInt', {id: 1n}],
  ['a cycle', cycle],
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
