import axios, {type AxiosInstance, type InternalAxiosRequestConfig} from 'axios';
import {cachingFetch, complaint, type Defaults, type Handler, type RequestOptions} from 'limpid/adapter';
import {cachedAdapter, installed, withoutCache} from './adapter.ts';

declare module 'axios' {
  // The type parameters must be named as axios names them.
  interface AxiosRequestConfig<D, P> {
    /** What this request asks of the cache beyond its `Cache-Control`; `false` bypasses it. */
    limpid?: RequestOptions | false;
  }
}

/** An axios instance whose requests go through a cache. */
export type CachedAxios<Instance extends AxiosInstance = AxiosInstance> = Instance & {
  /** Takes the cache out; requests made later go straight to the network. */
  eject(): void;
};

/**
 * Puts `cache` in front of an instance's adapter and returns that very instance.
 *
 * A request interceptor wraps whatever adapter each request brings. The cache itself then stands in the adapter's
 * place, so it sees every URL, parameter and credential as finally sent, in whatever order interceptors were added.
 * Instances made by `instance.create()` are not cached. An instance that has a cache gets this one in its place.
 *
 * @example const http = cached(axios.create(), cache);
 * @throws TypeError when an argument is wrong.
 */
export function cached<Instance extends AxiosInstance>(
  instance: Instance,
  cache: Handler,
  defaults?: Defaults,
): CachedAxios<Instance> {
  if (typeof (instance as Partial<AxiosInstance> | undefined)?.interceptors?.request?.use !== 'function') {
    throw complaint('cached instance', instance, 'an axios instance');
  }
  const fetches = new WeakMap([[instance as object, cachingFetch(cache, {defaults})]]);
  const earlier = installed.get(instance);
  // Another copy of this package may have put a cache there.
  if (earlier === undefined) (instance as Partial<CachedAxios>).eject?.();
  const interceptors = earlier?.interceptors ?? [];
  installed.set(instance, {instance, cache, defaults, fetches, interceptors});
  const put = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    const adapter = cachedAdapter(instance, withoutCache(config.adapter ?? axios.defaults.adapter));
    // Another interceptor may have frozen it.
    return Reflect.set(config, 'adapter', adapter) ? config : {...config, adapter};
  };
  interceptors.push(instance.interceptors.request.use(put, null, {synchronous: true}));
  return Object.assign(instance, {
    eject(): void {
      const ids = installed.get(instance)?.interceptors ?? [];
      installed.delete(instance);
      for (const id of ids) instance.interceptors.request.eject(id);
    },
  });
}
