// What stands above the cache: one of axios's adapters, and a config that makes it take the cache for the network.

import axios, {type AxiosAdapter, AxiosError, AxiosHeaders} from 'axios';
import {
  type Answer,
  type CachingFetch,
  type CachingFetchInit,
  cachingFetch,
  type FetchFunction,
  responseFrom,
} from 'limpid/adapter';
import {asked, handleOptions, type Installation} from './asking.ts';
import type {Call, Config} from './call.ts';
import {type Ask, transportFrom} from './http-message.ts';
import {decodedByAll} from './transport.ts';

/** The adapter that renders, and what it is given in place of the caller's config. */
export type Outer = {
  readonly outer: AxiosAdapter;
  readonly rendering: Config;
  /** Goes into the response when that is there: content that no adapter could have made. */
  readonly given?: {data?: unknown};
};

/** To the fetch adapter the cache is its fetch. It takes no agent and no proxy, so none of them tells answers apart. */
export function overFetch(config: Config, installation: Installation): Outer {
  const through = fetchOver(config.env?.fetch, installation);
  const env = {...config.env, fetch: fetchThrough};
  const fetchOptions = {...config.fetchOptions, limpid: config.limpid, through};
  const rendering = {...config, env, fetchOptions} as object as Config;
  return {outer: axios.getAdapter('fetch', rendering), rendering};
}

/** One for good, because axios keeps an adapter for each fetch it has seen, and each would keep its cache. */
const fetchThrough: FetchFunction = (input, init) => {
  const {through, ...rest} = init as CachingFetchInit & {readonly through: CachingFetch};
  return through(input, rest);
};

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
  const given = {};
  const ask = isThere ? async () => decoded(known) : (known ?? asking(call, installation, given));
  const rendering = {
    ...config,
    ...notSent,
    ...(isThere && refusing),
    url: head.url,
    headers: kind === 'http' ? config.headers : new AxiosHeaders(),
    decompress: false,
    transport: transportFrom(ask, config),
    env: {...config.env, fetch: fetchFrom},
    fetchOptions: {ask},
  } as object as Config;
  return {outer: axios.getAdapter(kind === 'xhr' ? 'fetch' : ['http', 'fetch'], rendering), rendering, given};
}

/** What concerns sending is the inner adapter's affair. */
const notSent = {
  method: 'get',
  baseURL: '',
  params: undefined,
  data: undefined,
  proxy: false,
  httpAgent: undefined,
  httpsAgent: undefined,
  httpVersion: 1,
};

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

function asking(call: Call, installation: Installation, given: {data?: unknown}): Ask {
  const options = handleOptions(call, installation);
  return async signal => {
    const answer = await asked(call, installation, {...options, signal});
    Object.assign(given, answer.given);
    return call.config.decompress === false ? answer : decoded(answer);
  };
}

/** Bodies are kept decoded, and whoever decodes for axios denies the coding. */
export function decoded(answer: Answer): Answer {
  const {fields} = answer.head;
  if (!decodedByAll.test(fields.get('content-encoding') ?? '')) return answer;
  return {...answer, head: {...answer.head, fields: fields.without(['content-encoding'])}};
}
