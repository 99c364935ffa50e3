// Which of axios's adapters answers, what may be asked of it, and what its responses look like.

import axios, {type AxiosAdapter, type AxiosRequestConfig, type InternalAxiosRequestConfig as Config} from 'axios';
import {platform} from 'limpid/adapter';

/** How one adapter speaks. Adapters that are not axios's own count as the one axios would have taken in their place. */
export type Dialect = {
  readonly name: 'http' | 'fetch' | 'xhr';
  readonly adapter: AxiosAdapter;
  /** Whether the adapter is axios's own, and so known in all it does. */
  readonly own: boolean;
  /** The kind of client, as the cache tells them apart. */
  readonly client: string;
};

/** Where a fetched response came from: axios's fetch adapter hides it. */
export type Origin = {readonly url: string; readonly redirected: boolean; readonly type: string};

type Fetch = (input: URL | Request | string, init?: RequestInit) => Promise<Response>;
type InnerAdapter = AxiosRequestConfig['adapter'];

const origins = new WeakMap<object, Origin>();
const observers = new WeakMap<Fetch, Fetch>();

/** One observer per fetch for good: axios keeps an adapter for each fetch it has seen. */
const observing =
  (fetch: () => Fetch): Fetch =>
  async (input, init) => {
    const response = await fetch()(input, init);
    if (typeof input === 'object') {
      origins.set(input, {url: response.url, redirected: response.redirected, type: response.type});
    }
    return response;
  };

const globalObserver = observing(() => globalThis.fetch);

function observerOf(fetch: Fetch | undefined): Fetch {
  if (fetch === undefined) return globalObserver;
  const observer = observers.get(fetch) ?? observing(() => fetch);
  observers.set(fetch, observer);
  return observer;
}

/** Where the answer to this platform request came from, as far as anybody can tell. */
export function originOf(request: unknown): Partial<Origin> {
  if (typeof request !== 'object' || request === null) return {};
  const {responseURL, res} = request as {responseURL?: string; res?: {responseUrl?: string} | null};
  const url = responseURL || res?.responseUrl;
  return origins.get(request) ?? (url ? {url} : {});
}

function named(name: string | readonly string[], config: Config): AxiosAdapter | undefined {
  try {
    return axios.getAdapter(name as string, config);
  } catch {
    return undefined;
  }
}

function nameOf(adapter: AxiosAdapter | undefined, config: Config): Dialect['name'] | undefined {
  const {adapterName} = (adapter ?? {}) as {adapterName?: string};
  if (adapterName === 'http' || adapterName === 'xhr') return adapterName;
  return adapter !== undefined && adapter === named('fetch', config) ? 'fetch' : undefined;
}

/** Finds out which adapter axios would use for this request. Throws, as axios does, when there is none. */
export function dialectOf(inner: InnerAdapter, config: Config): Dialect {
  const adapter = axios.getAdapter(inner, config);
  const name = nameOf(adapter, config);
  const clientOf = (kind: string): string => (platform.client === 'browser' ? 'browser' : `axios ${kind}`);
  if (name === 'fetch') {
    const env = {...config.env, fetch: observerOf(config.env?.fetch)};
    return {name, adapter: axios.getAdapter('fetch', {...config, env}), own: true, client: clientOf(name)};
  }
  if (name !== undefined) return {name, adapter, own: true, client: clientOf(name)};
  const usual = nameOf(named(['xhr', 'http', 'fetch'], config), config) ?? 'fetch';
  return {name: usual, adapter, own: false, client: clientOf('custom')};
}
