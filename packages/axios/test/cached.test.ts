import {Agent} from 'node:http';
import {createRequire} from 'node:module';
import type {Readable} from 'node:stream';
import axios, {
  type AxiosAdapter,
  AxiosError,
  AxiosHeaders,
  type AxiosInstance,
  type AxiosRequestConfig,
  CanceledError,
  type InternalAxiosRequestConfig,
  type ResponseType,
} from 'axios';
import {cacheStatus, HttpCache} from 'limpid';
import {describe, expect, test} from 'vitest';
import {type CachedAxios, cached} from '../src/index.ts';
import {sharedOrigin} from './origin.ts';

const server = sharedOrigin();

const instanceOver = (cache: HttpCache, config: AxiosRequestConfig = {}): CachedAxios =>
  cached(axios.create({baseURL: server.url, adapter: 'http', ...config} as object), cache);

const adapters = ['http', 'fetch'] as const;

/** An adapter of somebody's, whose answer is the URL it was asked for. */
const echo: AxiosAdapter = async config => ({
  data: `${config.baseURL && !config.url?.includes(':') ? config.baseURL : ''}${config.url}`,
  status: 200,
  statusText: 'OK',
  headers: {'cache-control': 'max-age=60'},
  config,
});

describe('installing', () => {
  test('cached returns the very instance it was given', () => {
    const instance = axios.create();
    expect(cached(instance, new HttpCache())).toBe(instance);
  });

  test.each([undefined, new HttpCache(), 5])('what is no instance is refused: %o', instance => {
    expect(() => cached(instance as unknown as AxiosInstance, new HttpCache())).toThrow(
      /^limpid: cached instance is .+; allowed: an axios instance$/,
    );
  });

  test.each([undefined, {}, axios])('what is no cache is refused: %o', cache => {
    expect(() => cached(axios.create(), cache as unknown as HttpCache)).toThrow(/^limpid: cache is /);
  });

  test('a second request is answered without the origin, and says so', async () => {
    const instance = instanceOver(new HttpCache());
    const miss = await instance.get('/json');
    const hit = await instance.get('/json');
    expect(server.asked).toHaveLength(1);
    expect(cacheStatus(miss)).toMatchObject({hit: false, fwd: 'uri-miss', stored: true});
    expect(cacheStatus(hit)).toMatchObject({hit: true});
    expect(hit.headers.age).toBe('0');
    expect(hit.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  test('an adapter given per request is wrapped too', async () => {
    const instance = instanceOver(new HttpCache(), {adapter: 'fetch'});
    await instance.get('/any', {adapter: 'http'});
    await instance.get('/any', {adapter: 'http'});
    expect(server.asked).toHaveLength(1);
  });

  test('installed twice, an instance asks one cache', async () => {
    const [outer, inner] = [new HttpCache(), new HttpCache()];
    const instance = cached(instanceOver(inner), outer);
    await instance.get('/any');
    await instance.get('/any');
    expect(server.asked).toHaveLength(1);
    const [first, second] = await Promise.all([outer.stats(), inner.stats()]);
    expect((first.size?.count ?? 0) + (second.size?.count ?? 0)).toBe(1);
    instance.eject();
    await instance.get('/any');
    expect(server.asked).toHaveLength(2);
  });

  test('a config used again after eject no longer reaches the cache', async () => {
    const instance = instanceOver(new HttpCache());
    const {config} = await instance.get('/any');
    instance.eject();
    await instance.request(config);
    expect(server.asked).toHaveLength(2);
  });

  test('interceptors that are synchronous stay synchronous', async () => {
    const instance = instanceOver(new HttpCache());
    let seen = false;
    const see = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
      seen = true;
      return config;
    };
    instance.interceptors.request.use(see, null, {synchronous: true});
    const answer = instance.get('/any');
    expect(seen).toBe(true);
    await answer;
  });

  test('an instance created from a cached one is not cached', async () => {
    const child = instanceOver(new HttpCache()).create({baseURL: server.url});
    await child.get('/any');
    await child.get('/any');
    expect(server.asked).toHaveLength(2);
  });
});

describe.each(['registered before', 'registered after'] as const)('an interceptor %s the cache', order => {
  const withInterceptor = (install: (instance: AxiosInstance) => void, cache = new HttpCache()): AxiosInstance => {
    const instance = axios.create({baseURL: server.url, adapter: 'http'});
    if (order === 'registered before') install(instance);
    cached(instance, cache);
    if (order === 'registered after') install(instance);
    return instance;
  };

  test('that sets a token separates users', async () => {
    let user = 'ann';
    const instance = withInterceptor(({interceptors}) =>
      interceptors.request.use(config => {
        config.headers.set('Authorization', `Bearer ${user}`);
        return config;
      }),
    );
    expect((await instance.get('/me')).data).toBe('Bearer ann');
    user = 'bob';
    expect((await instance.get('/me')).data).toBe('Bearer bob');
    user = 'ann';
    expect((await instance.get('/me')).data).toBe('Bearer ann');
    expect(server.asked).toHaveLength(2);
  });

  test('that sets parameters or takes the base away changes what is asked', async () => {
    let page = 1;
    const instance = withInterceptor(({interceptors}) =>
      interceptors.request.use(async config => {
        await Promise.resolve();
        const {baseURL: _, ...rest} = config;
        return {...rest, url: `${server.url}/elsewhere`, params: {page}};
      }),
    );
    expect((await instance.get('/any')).data).toBe('/elsewhere?page=1');
    page = 2;
    expect((await instance.get('/any')).data).toBe('/elsewhere?page=2');
  });
});

describe('credentials and variants', () => {
  test('config.auth counts as Authorization', async () => {
    const instance = instanceOver(new HttpCache());
    const ann = {username: 'ann', password: 'x'};
    const first = await instance.get('/me', {auth: ann});
    const second = await instance.get('/me', {auth: {username: 'bob', password: 'x'}});
    expect(second.data).not.toBe(first.data);
    expect((await instance.get('/me', {auth: ann})).data).toBe(first.data);
    expect(server.asked).toHaveLength(2);
  });

  test.each(adapters)('credentials in the URL count as Authorization, too (%s)', async adapter => {
    const instance = instanceOver(new HttpCache(), {adapter});
    const urlOf = (user: string): string => `${server.url.replace('//', `//${user}:x@`)}/me`;
    const ann = await instance.get(urlOf('ann'));
    expect((await instance.get(urlOf('bob'))).data).not.toBe(ann.data);
    expect((await instance.get(urlOf('ann'))).data).toBe(ann.data);
    expect((await instance.get('/me', {auth: {username: 'ann', password: 'x'}})).data).toBe(ann.data);
    expect(server.asked).toHaveLength(2);
  });

  test.each([...adapters, 'custom'] as const)('a POST to a URL with credentials clears (%s)', async kind => {
    const cache = new HttpCache();
    const instance = instanceOver(cache, {adapter: kind === 'custom' ? echo : kind});
    const withUser = server.url.replace('//', '//ann:x@');
    await cache.put(`${server.url}/any`, new Response('old', {headers: {'cache-control': 'max-age=60'}}));
    await cache.put(`${server.url}/other`, new Response('old', {headers: {'cache-control': 'max-age=60'}}));
    await instance.post('/any', 'new', {baseURL: withUser, limpid: {clears: {url: `${server.url}/other`}}});
    expect(await cache.match(`${server.url}/any`)).toBeUndefined();
    expect(await cache.match(`${server.url}/other`)).toBeUndefined();
  });

  test.each(adapters)('a POST through an agent of its own clears what it says (%s)', async adapter => {
    const cache = new HttpCache();
    await cache.put(`${server.url}/other`, new Response('old', {headers: {'cache-control': 'max-age=60'}}));
    const instance = instanceOver(cache, {adapter});
    await instance.post('/any', 'new', {httpAgent: new Agent(), limpid: {clears: {url: `${server.url}/other`}}});
    expect(await cache.match(`${server.url}/other`)).toBeUndefined();
  });

  test.each(['/any', '/hop'])('partition is asked once for each call: %s', async path => {
    let asked = 0;
    const cache = new HttpCache({partition: () => `user ${asked++}`});
    const instance = instanceOver(cache);
    await instance.get(path);
    await instance.get(path);
    expect(asked).toBe(2);
  });

  test.each(['force-cache', 'default', 'reload'] as const)(
    'what passes the cache by does so in mode %s',
    async cache => {
      const store = new HttpCache();
      const instance = instanceOver(store, {adapter: 'fetch', fetchOptions: {cache}});
      const own = {headers: {'X-HTTP-Method': 'PUT'}, limpid: {clears: {tag: 'none'}}};
      await instance.get('/any', own);
      expect(cacheStatus(await instance.get('/any', own))).toMatchObject({fwd: 'bypass', detail: 'unkeyed'});
      expect((await store.stats()).size?.count).toBe(0);
    },
  );

  test.each([
    {name: 'an agent', config: {httpAgent: new Agent()}},
    {name: 'a proxy', config: {proxy: {host: '127.0.0.1', port: 9}}},
  ])('$name is nothing to the fetch adapter, and nothing to the cache over it', async ({config}) => {
    const instance = instanceOver(new HttpCache(), {adapter: 'fetch'});
    const sent = await instance.get('/any', config);
    expect((await instance.get('/any')).data).toEqual(sent.data);
    expect(cacheStatus(await instance.get('/any', config))?.hit).toBe(true);
  });

  test('an adapter that does with credentials in the URL what it likes is not cached', async () => {
    const instance = instanceOver(new HttpCache(), {adapter: echo});
    const url = `${server.url.replace('//', '//ann:x@')}/any`;
    expect((await instance.get(url)).data).toBe(url);
    expect(cacheStatus(await instance.get(url))).toMatchObject({fwd: 'bypass'});
  });

  test('a redirect that one client follows hop by hop is none to another that follows by itself', async () => {
    const cache = new HttpCache();
    const hops = instanceOver(cache);
    expect((await hops.get('/fresh-hop')).status).toBe(200);
    const shown = await hops.get('/fresh-hop', {maxRedirects: 0, validateStatus: null});
    expect(shown.status).toBe(302);
    expect(cacheStatus(shown)?.hit).toBe(true);
    expect((await hops.get('/fresh-hop', {beforeRedirect: () => undefined})).status).toBe(200);
    expect((await hops.get('/fresh-hop', {sensitiveHeaders: ['x-secret']} as object)).status).toBe(200);
    expect((await instanceOver(cache).get('/fresh-hop')).status).toBe(200);
  });

  test('a redirect that brings credentials is not stored, and followed as axios does', async () => {
    const cache = new HttpCache();
    const options = {maxRedirects: 0, validateStatus: null};
    const shown = await instanceOver(cache).get('/hop-with-user', options);
    expect(cacheStatus(shown)).toMatchObject({stored: false, detail: 'redirected-secret'});
    const followed = await instanceOver(cache).get('/hop-with-user');
    expect(followed.data).toBe((await axios.get('/hop-with-user', {baseURL: server.url, adapter: 'http'})).data);
  });

  test.each(adapters)('raw and decoded bodies are kept apart (%s)', async adapter => {
    const instance = instanceOver(new HttpCache(), {adapter});
    const decoded = await instance.get('/gzip', {responseType: 'text'});
    const raw = await instance.get('/gzip', {responseType: 'arraybuffer', decompress: false});
    expect(decoded.data).toContain('greeting');
    if (adapter === 'http') expect(Buffer.from(raw.data).subarray(0, 2).toString('hex')).toBe('1f8b');
  });

  test('a decoded body is stored although Content-Length counts the encoded one', async () => {
    const instance = instanceOver(new HttpCache());
    const miss = await instance.get('/gzip');
    const hit = await instance.get('/gzip');
    expect(server.asked).toHaveLength(1);
    expect(hit.data).toEqual(miss.data);
    expect(AxiosHeaders.from(hit.headers as AxiosHeaders).has('content-encoding')).toBe(false);
    expect(hit.headers['content-length']).toBe(miss.headers['content-length']);
  });

  test.each<[string, AxiosRequestConfig, string]>([
    ['a Host of its own', {headers: {Host: 'other.example'}}, 'unkeyed'],
    ['an agent of its own', {httpAgent: new Agent()}, 'unkeyed'],
    ['an agent of its own, and options', {httpAgent: new Agent(), limpid: {ttl: '1h'}}, 'unkeyed'],
    ['limpid: false', {limpid: false}, 'disabled'],
    ['a method override', {headers: {'X-HTTP-Method-Override': 'DELETE'}}, 'unkeyed'],
  ])('a request with %s does not get the ordinary answer, and is told why', async (_, config, detail) => {
    const instance = instanceOver(new HttpCache());
    await instance.get('/any');
    const {headers} = await instance.get('/any', config);
    expect(headers['cache-status']).toBe(`limpid; fwd=bypass; detail=${detail}`);
    expect(server.asked).toHaveLength(2);
  });
});

describe.each(adapters)('one stored response over the %s adapter', adapter => {
  test.each(['text', 'json', 'arraybuffer', 'blob', 'stream', undefined] as const)(
    'answers %s after having been asked for in any form',
    async responseType => {
      const cache = new HttpCache();
      const instance = instanceOver(cache, {adapter});
      await instance.get('/json', {responseType: 'arraybuffer'});
      const hit = await instance.get('/json', responseType === undefined ? {} : {responseType});
      expect(hit.status).toBe(200);
      expect(server.asked).toHaveLength(1);
      if (responseType === 'stream') await drained(hit.data);
    },
  );

  test('what one caller does to its data no other sees', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    for (let call = 0; call < 3; call += 1) {
      const {data, headers} = await instance.get('/any', {responseType: 'arraybuffer'});
      expect(Buffer.from(data).toString()).toBe('/any');
      expect(headers['content-type']).toBe('text/plain');
      new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength).fill(0);
      headers['content-type'] = 'changed';
    }
    expect(server.asked).toHaveLength(1);
  });

  test('concurrent callers share one request and nothing else', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    const [first, second] = await Promise.all([
      instance.get('/json', {responseType: 'arraybuffer'}),
      instance.get('/json', {responseType: 'arraybuffer'}),
    ]);
    new Uint8Array(first.data.buffer ?? first.data).fill(0);
    expect(server.asked).toHaveLength(1);
    expect(Buffer.from(second.data).toString()).toContain('greeting');
    expect(second.config).not.toBe(first.config);
  });

  test('one caller leaving or timing out harms no other', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 40);
    const [leaving, impatient, patient] = await Promise.allSettled([
      instance.get('/slow', {signal: controller.signal}),
      instance.get('/slow', {timeout: 20, responseType: 'text'}),
      instance.get('/slow', {responseType: 'text'}),
    ]);
    expect(leaving).toMatchObject({reason: {code: 'ERR_CANCELED'}});
    expect(impatient).toMatchObject({reason: {isAxiosError: true}});
    expect(patient).toMatchObject({value: {data: '0;1;2;3;end'}});
    expect(server.asked).toHaveLength(1);
  });

  test('everybody who waited for a request that failed gets an error of their own', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    const failed = (url: string): Promise<AxiosError> =>
      instance.get(url).then(
        () => expect.fail(),
        error => error,
      );
    const [first, second] = await Promise.all([failed('/refuses'), failed('/refuses')]);
    expect(first).toBeInstanceOf(AxiosError);
    expect(second).toBeInstanceOf(AxiosError);
    expect(first).not.toBe(second);
    expect(first.config).not.toBe(second.config);
  });

  test('a signal already aborted rejects even where a hit was ready', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    await instance.get('/any');
    await expect(instance.get('/any', {signal: AbortSignal.abort()})).rejects.toBeInstanceOf(CanceledError);
  });

  test('a long-lived signal keeps no listener', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    const {signal, balance} = countingSignal();
    await instance.get('/any', {signal});
    await instance.get('/any', {signal});
    await drained((await instance.get('/any', {signal, responseType: 'stream'})).data);
    await expect(instance.get('/missing', {signal})).rejects.toThrow('404');
    expect(balance()).toBe(0);
  });

  test('maxContentLength holds for hits', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    await instance.get('/large');
    await expect(instance.get('/large', {maxContentLength: 10})).rejects.toMatchObject({
      code: 'ERR_BAD_RESPONSE',
      message: 'maxContentLength size of 10 exceeded',
    });
    expect(server.asked).toHaveLength(1);
  });

  test('a miss and a hit report their progress', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    for (const _ of ['miss', 'hit']) {
      const loaded: number[] = [];
      await instance.get('/large', {onDownloadProgress: event => void loaded.push(event.loaded)});
      expect(loaded.at(-1)).toBe(300_000);
    }
    expect(server.asked).toHaveLength(1);
  });

  test('a 304 answers with the stored body', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    await instance.get('/etag');
    const {data, status, headers} = await instance.get('/etag');
    expect({data, status}).toEqual({data: 'tagged', status: 200});
    expect(cacheStatus({headers})).toMatchObject({fwdStatus: 304});
    expect(server.asked[1]?.headers['if-none-match']).toBe('"1"');
    expect(server.asked[1]?.headers['cache-control']).not.toBe('no-cache');
  });

  test('redirects are followed hop by hop, each stored under its own URI', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    const miss = await instance.get('/hop');
    expect(miss.data.list).toEqual([1, 2, 3]);
    const hit = await instance.get('/json');
    expect(hit.data).toEqual(miss.data);
    expect(server.asked.map(({url}) => url)).toEqual(['/hop', '/json']);
    if (adapter === 'http') expect(miss.request.res.responseUrl).toBe(`${server.url}/json`);
    if (adapter === 'http') expect(hit.request.res.responseUrl).toBe(`${server.url}/json`);
  });

  test('a redirect that brings user information is followed where axios follows it, and keeps it to itself', async () => {
    const cache = new HttpCache();
    const following = instanceOver(cache, {adapter}).get('/with-user');
    if (adapter === 'fetch') return expect(following).rejects.toMatchObject({code: 'ERR_NETWORK'});
    const {data, request} = await following;
    expect(data.list).toEqual([1, 2, 3]);
    expect(request.res.responseUrl).toBe(`${server.url}/json`);
    const kept = [];
    for await (const stored of cache.entries()) kept.push(JSON.stringify(stored));
    expect(kept.join()).not.toContain('secret');
  });

  test('a streamed miss flows as it arrives and is stored', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    const began = performance.now();
    const {data} = await instance.get('/slow', {responseType: 'stream'});
    expect(performance.now() - began).toBeLessThan(150);
    expect(await drained(data)).toBe('0;1;2;3;end');
    expect((await instance.get('/slow', {responseType: 'text'})).data).toBe('0;1;2;3;end');
    expect(server.asked).toHaveLength(1);
  });

  test('a streamed hit is handed out in small pieces, and each is its reader’s own', async () => {
    const cache = new HttpCache();
    const bytes = Uint8Array.from({length: 200_000}, (_, at) => at % 251);
    await cache.put(`${server.url}/put`, new Response(bytes, {headers: {'cache-control': 'max-age=60'}}));
    for (let reader = 0; reader < 2; reader++) {
      const {data} = await instanceOver(cache, {adapter}).get('/put', {responseType: 'stream'});
      const chunks: Buffer[] = [];
      for await (const chunk of data as AsyncIterable<Uint8Array>) {
        chunks.push(Buffer.from(chunk));
        chunk.fill(0);
      }
      expect(Math.max(...chunks.map(({length}) => length))).toBeLessThanOrEqual(65_536);
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    }
    expect(server.asked).toEqual([]);
  });

  test('a stream thrown away unread lets its connection go', async () => {
    const instance = instanceOver(new HttpCache(), {adapter});
    const {data} = await instance.get('/stalls', {responseType: 'stream'});
    if (adapter === 'http') (data as Readable).destroy();
    else await (data as ReadableStream).cancel();
    expect((await instance.get('/any')).data).toBe('/any');
  });
});

describe('axios loaded a second time, as CommonJS', () => {
  const commonJs = createRequire(import.meta.url)('axios') as typeof axios;

  test('an instance of the other copy is cached as well', async () => {
    const instance = cached(commonJs.create({baseURL: server.url}), new HttpCache());
    await instance.get('/json', {headers: {'User-Agent': false}});
    const {data, headers} = await instance.get('/json', {headers: {'User-Agent': false}});
    expect(data.list).toEqual([1, 2, 3]);
    expect(headers).toBeInstanceOf(commonJs.AxiosHeaders);
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.headers).not.toHaveProperty('user-agent');
  });

  test('its errors are known by isAxiosError and isCancel', async () => {
    const instance = cached(commonJs.create({baseURL: server.url}), new HttpCache());
    const missing = await instance.get('/missing').catch((error: unknown) => error);
    expect(commonJs.isAxiosError(missing) && missing.response?.data).toEqual({no: 1});
    const source = commonJs.CancelToken.source();
    setTimeout(() => source.cancel('enough'), 20);
    const cancelled = await instance.get('/never', {cancelToken: source.token}).catch((error: unknown) => error);
    expect(commonJs.isCancel(cancelled)).toBe(true);
  });
});

describe('what a request asks of the cache', () => {
  test('limpid reaches the cache, merged with the instance’s and the adapter’s own', async () => {
    const cache = new HttpCache();
    const instance = cached(axios.create({baseURL: server.url, limpid: {tags: ['all']}}), cache, {tags: ['axios']});
    await instance.get('/any', {limpid: {ttl: '1h', tags: ['one']}});
    await cache.clear({tag: 'one'});
    await instance.get('/any');
    expect(server.asked).toHaveLength(2);
  });

  test('a wrong option is an error at once', async () => {
    const instance = instanceOver(new HttpCache());
    await expect(instance.get('/any', {limpid: {tll: '5m'} as never})).rejects.toThrow(TypeError);
    expect(server.asked).toHaveLength(0);
  });

  test('only-if-cached with nothing stored is a 504 by directive and a network error by mode', async () => {
    const instance = instanceOver(new HttpCache());
    const directive = {headers: {'Cache-Control': 'only-if-cached'}};
    await expect(instance.get('/any', directive)).rejects.toMatchObject({code: 'ERR_BAD_RESPONSE', status: 504});
    const mode = {limpid: {cache: 'only-if-cached'}} as const;
    await expect(instance.get('/any', mode)).rejects.toMatchObject({code: 'ERR_NETWORK', isAxiosError: true});
    expect(server.asked).toHaveLength(0);
  });

  test('an unsafe request invalidates, and clears what it names, before it answers', async () => {
    const instance = instanceOver(new HttpCache());
    await instance.get('/any');
    await instance.get('/json');
    await instance.post('/any', {a: 1}, {limpid: {clears: `${server.url}/json`}});
    await instance.get('/any');
    await instance.get('/json');
    expect(server.asked).toHaveLength(5);
  });

  test.each(adapters)('a POST whose answer says that it stands for GET answers a later one, over %s', async adapter => {
    const instance = instanceOver(new HttpCache(), {adapter});
    await instance.get('/renamed');
    for (const data of [{name: 'ann'}, new URLSearchParams('name=ann'), Buffer.from('ann')]) {
      const post = await instance.post('/renamed', data);
      expect(cacheStatus(post)).toMatchObject({fwd: 'method', stored: true});
      const get = await instance.get('/renamed');
      expect([get.data, cacheStatus(get)?.hit]).toEqual(['after POST', true]);
    }
    expect(server.asked.map(({method}) => method)).toEqual(['GET', 'POST', 'POST', 'POST']);
  });
});

const answers = (data: unknown, more: object = {}): AxiosAdapter & {readonly asked: InternalAxiosRequestConfig[]} => {
  const asked: InternalAxiosRequestConfig[] = [];
  const adapter: AxiosAdapter = async config => {
    asked.push(config);
    await new Promise(resolve => setTimeout(resolve, 20));
    const headers = {'cache-control': 'max-age=60', 'content-type': 'application/json'};
    return {data, status: 200, statusText: 'OK', headers, config, ...more};
  };
  return Object.assign(adapter, {asked});
};

describe('an adapter of another kind', () => {
  test('that pretends, and gives an object, is cached and gives an object each time', async () => {
    const adapter = answers({users: [1]});
    const instance = instanceOver(new HttpCache(), {adapter});
    const first = await instance.get('/users');
    first.data.users.push(2);
    expect((await instance.get('/users')).data).toEqual({users: [1]});
    expect(adapter.asked).toHaveLength(1);
    expect(adapter.asked[0]?.headers.get('user-agent')).toBeUndefined();
  });

  test('that rejects for a status gives its response to every caller', async () => {
    const adapter: AxiosAdapter = async config => {
      const response = await answers({no: 1}, {status: 404})(config);
      throw new AxiosError('no', 'ERR_BAD_REQUEST', config, undefined, response);
    };
    const instance = instanceOver(new HttpCache(), {adapter});
    const failures = await Promise.allSettled([instance.get('/users'), instance.get('/users')]);
    for (const failure of failures) expect(failure).toMatchObject({reason: {status: 404, response: {data: {no: 1}}}});
  });

  test('that knows relative URLs is asked for them', async () => {
    const adapter = answers('x');
    const instance = cached(axios.create({adapter}), new HttpCache());
    expect((await instance.get('/users')).data).toBe('x');
  });
});

describe('the xhr adapter', () => {
  const text = '{"a":"ü"}';
  const xhr = () => {
    const data = new TextEncoder().encode(text).buffer;
    const adapter = answers(data, {request: {responseURL: `${server.url}/final`}});
    return Object.assign(adapter, {adapterName: 'xhr'});
  };

  test('is asked for bytes once, and answers every form', async () => {
    const adapter = xhr();
    const instance = instanceOver(new HttpCache(), {adapter});
    const get = async (responseType: ResponseType): Promise<unknown> =>
      (await instance.get('/final', {responseType})).data;
    expect(await get('json')).toEqual({a: 'ü'});
    expect(await get('text')).toBe(text);
    expect(await get('arraybuffer')).toBeInstanceOf(ArrayBuffer);
    expect(await get('blob')).toBeInstanceOf(Blob);
    expect(adapter.asked.map(({responseType}) => responseType)).toEqual(['arraybuffer']);
  });

  test('is left its method, its data and its credentials', async () => {
    const adapter = xhr();
    const instance = instanceOver(new HttpCache(), {adapter, withCredentials: true});
    const {config, request} = await instance.post('/final', {b: 1});
    expect(adapter.asked[0]).toMatchObject({method: 'post', data: '{"b":1}', withCredentials: true});
    expect(config).toMatchObject({method: 'post', data: '{"b":1}', url: '/final'});
    expect(request.responseURL).toBe(`${server.url}/final`);
  });

  test('gives everybody who waited an error of their own', async () => {
    const adapter: AxiosAdapter = async config => {
      await new Promise(resolve => setTimeout(resolve, 10));
      throw new AxiosError('Network Error', AxiosError.ERR_NETWORK, config);
    };
    const instance = instanceOver(new HttpCache(), {adapter: Object.assign(adapter, {adapterName: 'xhr'})});
    const [first, second] = await Promise.allSettled([instance.get('/users'), instance.get('/users?')]);
    const third = await instance.get('/users').catch((error: unknown) => error);
    expect(first).toMatchObject({reason: {code: 'ERR_NETWORK', message: 'Network Error', config: {url: '/users'}}});
    expect(second).toMatchObject({reason: {config: {url: '/users?'}}});
    expect(third).toBeInstanceOf(AxiosError);
  });

  test('is not waited for longer than the timeout', async () => {
    const instance = instanceOver(new HttpCache(), {adapter: xhr()});
    await expect(instance.get('/final', {timeout: 5})).rejects.toMatchObject({message: 'timeout of 5ms exceeded'});
  });
});

async function drained(data: unknown): Promise<string> {
  if (data instanceof ReadableStream) return new Response(data).text();
  return Buffer.concat(await (data as Readable).toArray()).toString();
}

function countingSignal(): {signal: AbortSignal; readonly balance: () => number} {
  const {signal} = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listeners += 1;
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...given);
  };
  return {signal, balance: () => Math.max(0, listeners)};
}
