import axios, {type AxiosInstance} from 'axios';
import {
  type CachingFetch,
  cachingFetch,
  complaint,
  type Defaults,
  type Handler,
  type RequestOptions,
} from 'limpid/adapter';
import {cachedAdapter, isCachedAdapter} from './adapter.ts';

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
 * Instances made by `instance.create()` are not cached.
 *
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
  const fetches = new WeakMap<object, CachingFetch>([[instance, cachingFetch(cache, {defaults})]]);
  const installation = {instance, cache, defaults, fetches, active: true};
  const id = instance.interceptors.request.use(
    config => {
      const inner = config.adapter ?? axios.defaults.adapter;
      if (!isCachedAdapter(inner)) config.adapter = cachedAdapter(installation, inner);
      return config;
    },
    null,
    {synchronous: true},
  );
  const earlier = (instance as Partial<CachedAxios>).eject;
  return Object.assign(instance, {
    eject(): void {
      installation.active = false;
      instance.interceptors.request.eject(id);
      earlier?.();
    },
  });
}
