// What stands above the cache: one of axios's adapters, and a config that makes it take the cache for the network.

import axios, {type AxiosAdapter, AxiosError, AxiosHeaders, type AxiosInstance} from 'axios';
import {
  type Answer,
  type CachingFetch,
  cachingFetch,
  type Defaults,
  type FetchFunction,
  type HandleOptions,
  type Handler,
  responseFrom,
} from 'limpid/adapter';
import {type Call, type Config, isUncacheable, requestBody} from './call.ts';
import {type Ask, transportFrom} from './http-message.ts';
import {redirectsOf, transportOf} from './transport.ts';

/** One use of `cached`. */
export type Installation = {
  readonly instance: AxiosInstance;
  readonly cache: Handler;
  readonly defaults: Defaults | undefined;
  /** The cache over each `env.fetch`, and over the global one, kept for the instance itself. */
  readonly fetches: WeakMap<object, CachingFetch>;
  active: boolean;
};

/** The adapter that renders, and what it is given in place of the caller's config. */
export type Outer = {readonly outer: AxiosAdapter; readonly rendering: Config};

/** To the fetch adapter the cache is its fetch. */
export function overFetch(config: Config, installation: Installation): Outer {
  const isPast = isUncacheable(config, installation.instance.defaults);
  const limpid = isPast ? bypassing(config) : config.limpid;
  // A mode of the caller's own would count for more than the option's.
  const mode = isPast && limpid ? {cache: limpid.cache} : {};
  const env = {...config.env, fetch: fetchOver(config.env?.fetch, installation)};
  const rendering = {...config, env, fetchOptions: {...config.fetchOptions, ...mode, limpid}} as Config;
  return {outer: axios.getAdapter('fetch', rendering), rendering};
}

/** One for good for each fetch, because axios keeps an adapter for each fetch it has seen. */
function fetchOver(fetch: FetchFunction | undefined, {cache, defaults, fetches, instance}: Installation): CachingFetch {
  const caching = fetches.get(fetch ?? instance) ?? cachingFetch(cache, {fetch, defaults});
  fetches.set(fetch ?? instance, caching);
  return caching;
}

/**
 * To the http adapter the cache is its transport. Where there is none, and for xhr, the fetch adapter renders. What has
 * been asked for already, an answer or how it failed, is not asked for again.
 */
export function overCall(call: Call, installation: Installation, known?: Answer | Ask): Outer {
  const {config, head, kind} = call;
  const isThere = typeof known === 'object';
  const ask = isThere ? async () => decoded(known) : (known ?? asking(call, installation));
  const rendering = {
    ...config,
    ...notSent,
    ...(isThere && refusing),
    url: head.url,
    headers: kind === 'http' ? config.headers : new AxiosHeaders(),
    decompress: false,
    transport: transportFrom(ask, config.responseType === 'stream'),
    env: {...config.env, fetch: fetchFrom},
    fetchOptions: {ask},
  } as object as Config;
  return {outer: axios.getAdapter(kind === 'xhr' ? 'fetch' : ['http', 'fetch'], rendering), rendering};
}

/** What concerns sending is the inner adapter's affair. */
const notSent = {method: 'get', baseURL: '', params: undefined, data: undefined, proxy: false, httpVersion: 1};

/** An answer that was there already is only to be refused: the caller has been asked, and is not asked twice. */
const refusing = {validateStatus: () => false};

const fetchFrom = async (request: Request, {ask}: {readonly ask: Ask}): Promise<Response> => {
  try {
    const answer = await ask(request.signal);
    // Where xhr tells the final URL.
    Object.assign(request, {responseURL: answer.head.url});
    return responseFrom(answer);
  } catch (error) {
    // Several callers may wait for one request, so each gets an error of its own.
    throw AxiosError.from(error, (error as AxiosError).code);
  }
};

/** All that the cache is told of a call besides its head. */
export function handleOptions(call: Call, {defaults, instance}: Installation): HandleOptions {
  const {config} = call;
  const options = call.isUnclear || isUncacheable(config, instance.defaults) ? bypassing(config) : config.limpid;
  return {body: requestBody(config.data), options, defaults, redirects: redirectsOf(call)};
}

/** Around the cache. What the caller clears by its request is cleared all the same. */
function bypassing({limpid}: Config): Config['limpid'] {
  if (!limpid || limpid.clears === undefined) return false;
  return {clears: limpid.clears, ...(limpid.waitUntil && {waitUntil: limpid.waitUntil}), cache: 'no-store'};
}

/** Asks the cache; what cannot be answered without the network fails as fetch would. */
export async function asked(call: Call, {cache}: Installation, options: HandleOptions): Promise<Answer> {
  try {
    return await cache.handle(call.head, transportOf(call), options);
  } catch (error) {
    // The cache was asked not to use the network, and has nothing; fetch, asked the same, fails like this.
    const isUnsatisfiable = (error as {code?: unknown}).code === 'UNSATISFIABLE';
    throw isUnsatisfiable ? new AxiosError('Network Error', AxiosError.ERR_NETWORK) : error;
  }
}

function asking(call: Call, installation: Installation): Ask {
  const options = handleOptions(call, installation);
  return async signal => {
    const answer = await asked(call, installation, {...options, signal});
    return call.config.decompress === false ? answer : decoded(answer);
  };
}

const codings = /^(?:(?:x-)?(?:gzip|compress)|deflate|br|zstd)$/i;

/** Bodies are kept decoded, and whoever decodes for axios denies the coding. */
export function decoded(answer: Answer): Answer {
  const {fields} = answer.head;
  if (!codings.test(fields.get('content-encoding') ?? '')) return answer;
  return {...answer, head: {...answer.head, fields: fields.without(['content-encoding'])}};
}
