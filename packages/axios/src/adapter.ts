// The cache in the place of an axios adapter. An adapter of axios's own makes the response for each caller, so that
// its form, limits and errors are those axios gives; only what that adapter takes for the network is the cache.

import axios, {
  type AxiosAdapter,
  AxiosError,
  AxiosHeaders,
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
} from 'axios';
import {
  type Answer,
  type CachingFetch,
  cachingFetch,
  type Defaults,
  type FetchFunction,
  type Handler,
  platform,
  responseFrom,
} from 'limpid/adapter';
import {type Call, type Config, callOf, isUncacheable, requestBody} from './call.ts';
import {type Ask, transportFrom} from './http-message.ts';
import {redirectsOf, transportOf} from './transport.ts';

/** One use of `cached`. */
export type Installation = {
  readonly instance: AxiosInstance;
  readonly cache: Handler;
  readonly defaults: Defaults | undefined;
  /** The cache over the global fetch, and over those given as `env.fetch`. */
  readonly fetch: CachingFetch;
  readonly fetches: WeakMap<FetchFunction, CachingFetch>;
  active: boolean;
};

type InnerAdapter = AxiosRequestConfig['adapter'];

const mark: unique symbol = Symbol.for('limpid.axios.adapter');

/** The adapter, or one of those to choose from, already asks a cache. */
export function isCachedAdapter(adapter: InnerAdapter): boolean {
  if (Array.isArray(adapter)) return adapter.some(isCachedAdapter);
  return typeof adapter === 'function' && mark in adapter;
}

/** An adapter that asks the cache first and hands it `inner` as its way to the network. */
export function cachedAdapter(installation: Installation, inner: InnerAdapter): AxiosAdapter {
  const cachedOne: AxiosAdapter = async config => {
    const adapter = axios.getAdapter(inner, config);
    if (!installation.active) return adapter(config);
    if (adapter === fetchAdapter(config)) return answered(overFetch(config, installation), config);
    const call = callOf(adapter, config);
    return call === undefined ? adapter(config) : answered(overCall(call, installation), config);
  };
  return Object.assign(cachedOne, {[mark]: true});
}

function fetchAdapter(config: Config): AxiosAdapter | undefined {
  try {
    return axios.getAdapter('fetch', config);
  } catch {
    return undefined;
  }
}

/** The response as an outer adapter makes it from the answer to `rendering`, which its caller never sees. */
async function answered({outer, rendering}: Outer, config: Config): Promise<AxiosResponse> {
  try {
    return Object.assign(await outer(rendering), {config});
  } catch (error) {
    if (axios.isAxiosError(error) && error.config === rendering) error.config = config;
    if (axios.isAxiosError(error) && error.response) error.response.config = config;
    throw error;
  }
}

/** One of axios's adapters above the cache, and the config that has it ask the cache. */
type Outer = {readonly outer: AxiosAdapter; readonly rendering: Config};

/** To the fetch adapter the cache is its fetch. */
function overFetch(config: Config, installation: Installation): Outer {
  const limpid = isUncacheable(config, installation.instance.defaults) ? false : config.limpid;
  const env = {...config.env, fetch: fetchOver(config.env?.fetch as FetchFunction | undefined, installation)};
  const rendering = {...config, env, fetchOptions: {...config.fetchOptions, limpid}} as Config;
  return {outer: axios.getAdapter('fetch', rendering), rendering};
}

/** One for good for each fetch, because axios keeps an adapter for each fetch it has seen. */
function fetchOver(fetch: FetchFunction | undefined, {cache, defaults, ...own}: Installation): CachingFetch {
  if (fetch === undefined) return own.fetch;
  const caching = own.fetches.get(fetch) ?? cachingFetch(cache, {fetch, defaults});
  own.fetches.set(fetch, caching);
  return caching;
}

/** To the http adapter the cache is its transport. Where there is none, the fetch adapter takes its place. */
function overCall(call: Call, installation: Installation): Outer {
  const {config, head} = call;
  const ask = asking(call, installation);
  const unsent = {data: undefined, auth: undefined, baseURL: '', url: head.url, params: undefined};
  if (call.kind === 'xhr' || platform.client === 'browser') {
    const env = {...config.env, fetch: fetchFrom};
    const rendering = {...config, ...unsent, method: 'get', headers: new AxiosHeaders(), env, fetchOptions: {ask}};
    return {outer: axios.getAdapter('fetch', rendering as Config), rendering: rendering as Config};
  }
  const direct = {socketPath: undefined, httpVersion: undefined, lookup: undefined, proxy: false, maxRate: undefined};
  const rendering = {...config, ...unsent, ...direct, decompress: false, transport: transportFrom(ask)} as Config;
  return {outer: axios.getAdapter('http', rendering), rendering};
}

const fetchFrom = async (request: Request, {ask}: {readonly ask: Ask}): Promise<Response> => {
  try {
    return responseFrom(await ask(request.signal));
  } catch (error) {
    throw AxiosError.from(error, (error as AxiosError).code);
  }
};

function asking(call: Call, {cache, defaults, instance}: Installation): Ask {
  const {config, head} = call;
  const options = isUncacheable(config, instance.defaults) ? false : config.limpid;
  const body = requestBody(config.data);
  return async (signal): Promise<Answer> => {
    try {
      return await cache.handle(head, transportOf(call), {
        signal,
        body,
        options,
        defaults,
        redirects: redirectsOf(call),
      });
    } catch (error) {
      // The cache was asked not to use the network, and has nothing; fetch, asked the same, fails like this.
      const isUnsatisfiable = (error as {code?: unknown}).code === 'UNSATISFIABLE';
      throw isUnsatisfiable ? new AxiosError('Network Error', AxiosError.ERR_NETWORK) : error;
    }
  };
}
