// Which cache an instance asks when it has been given several, one after another.

import axios, {type AxiosInstance, type InternalAxiosRequestConfig} from 'axios';
import {cacheStatus, HttpCache} from 'limpid';
import {describe, expect, test, vi} from 'vitest';
import {cached} from '../src/index.ts';
import {sharedOrigin} from './origin.ts';

const server = sharedOrigin();

const create = (config: object = {}): AxiosInstance => axios.create({baseURL: server.url, adapter: 'http', ...config});

const countOf = async (cache: HttpCache): Promise<number | undefined> => (await cache.stats()).size?.count;

describe('the cache an instance was last given', () => {
  test.each([true, false])(
    'is asked, in whatever order interceptors run: %s',
    async legacyInterceptorReqResOrdering => {
      const [first, last] = [new HttpCache(), new HttpCache()];
      const instance = create({transitional: {legacyInterceptorReqResOrdering}});
      await cached(cached(instance, first), last).get('/any');
      expect([await countOf(first), await countOf(last)]).toEqual([0, 1]);
    },
  );

  test.each([true, false])('is asked with the config of an earlier request; ejected between: %s', async isEjected => {
    const instance = cached(create(), new HttpCache());
    const {config} = await instance.post('/any', 'x');
    if (isEjected) instance.eject();
    cached(instance, new HttpCache());
    await instance.get('/any');
    await instance.request(config);
    expect(cacheStatus(await instance.get('/any'))?.hit).toBe(false);
  });

  test('is asked with the config of another instance, by itself or among others', async () => {
    const [theirs, ours] = [new HttpCache(), new HttpCache()];
    const {config} = await cached(create(), theirs).get('/any');
    const instance = cached(create(), ours);
    await instance.request(config);
    await instance.request({...config, url: '/other', adapter: [config.adapter as never, 'http']});
    expect([await countOf(theirs), await countOf(ours)]).toEqual([1, 2]);
  });

  test('takes the place of one that another copy of this package put there', async () => {
    const instance = create();
    let isOut = false;
    Object.assign(instance, {
      eject: () => {
        isOut = true;
      },
    });
    cached(instance, new HttpCache());
    expect(isOut).toBe(true);
  });

  test('stays when the next is none', async () => {
    const instance = cached(create(), new HttpCache());
    expect(() => cached(instance, {} as HttpCache)).toThrow(TypeError);
    await instance.get('/any');
    expect(cacheStatus(await instance.get('/any'))?.hit).toBe(true);
  });
});

describe('what was put into an instance', () => {
  const {gc} = globalThis;
  test.each(['http', 'fetch'] as const)('keeps no cache after eject (%s)', async adapter => {
    const instance = create({adapter});
    const use = async (): Promise<WeakRef<HttpCache>> => {
      const cache = new HttpCache();
      const installed = cached(instance, cache);
      await installed.get('/any');
      installed.eject();
      await cache.close();
      return new WeakRef(cache);
    };
    const caches = [await use(), await use(), await use()];
    await use();
    for (let turn = 0; turn < 3; turn++) {
      await new Promise(resolve => setTimeout(resolve, 20));
      gc?.();
    }
    expect(caches.filter(cache => cache.deref() !== undefined)).toEqual([]);
  });

  test('goes all at once, however often it was put there', async () => {
    const cache = new HttpCache();
    const instance = create();
    for (let time = 0; time < 20_000; time++) cached(instance, cache);
    cached(instance, cache).eject();
    const visit = vi.fn();
    (instance.interceptors.request as unknown as {forEach(visit: () => void): void}).forEach(visit);
    expect(visit).not.toHaveBeenCalled();
  });
});

test('a config that somebody has frozen stays as it is', async () => {
  const instance = cached(create(), new HttpCache());
  const freeze = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => Object.freeze({...config});
  instance.interceptors.request.use(freeze);
  await instance.get('/any');
  expect(cacheStatus(await instance.get('/any'))?.hit).toBe(true);
});
