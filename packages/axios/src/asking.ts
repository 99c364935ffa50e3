// How the cache is asked, and what it is told besides a request's head.

import {type AxiosAdapter, AxiosError, type AxiosInstance, type AxiosResponse} from 'axios';
import {
  type Answer,
  type CachingFetch,
  type Defaults,
  Fields,
  type HandleOptions,
  type Handler,
  type RequestHead,
} from 'limpid/adapter';
import {type Call, type Config, isUncacheable, requestBody} from './call.ts';
import {type Errand, fieldsOf, redirectsOf, transportOf} from './transport.ts';

/** One use of `cached`. */
export type Installation = {
  readonly instance: AxiosInstance;
  readonly cache: Handler;
  readonly defaults: Defaults | undefined;
  /** The cache over each `env.fetch`, and over the global one, kept for the instance itself. */
  readonly fetches: WeakMap<object, CachingFetch>;
  /** All that were ever put into the instance, until they are ejected. */
  readonly interceptors: number[];
};

/** All that the cache is told of a call besides its head. */
export function handleOptions(call: Call, installation: Installation): HandleOptions {
  const {config, said} = call;
  const {defaults, instance} = installation;
  const isUnkeyed = call.isUnclear || isUncacheable(config, instance.defaults);
  const body = requestBody(config.data);
  return {body, isUnkeyed, options: config.limpid, defaults, said, redirects: redirectsOf(call)};
}

/** No request over HTTP. */
const nowhere: RequestHead = {
  method: 'GET',
  url: 'about:blank',
  fields: Fields.none,
  mode: 'default',
  redirect: 'manual',
  client: '',
  variant: '',
};

/**
 * Around the cache. What the caller clears by its request is cleared all the same.
 *
 * @throws TypeError for options that are wrong.
 */
function bypassing({limpid}: Config, {cache}: Installation): Config['limpid'] {
  if (limpid === undefined || limpid === false) return false;
  // The cache judges only what it is given, and it is given less.
  cache.keysContent(nowhere, {options: limpid});
  if (limpid.clears === undefined) return false;
  return {clears: limpid.clears, ...(limpid.waitUntil && {waitUntil: limpid.waitUntil}), cache: 'no-store'};
}

/** What is none over HTTP, or only its adapter knows where it goes, goes there as it is; the cache clears what it says. */
export async function sentAsItIs(
  adapter: AxiosAdapter,
  config: Config,
  installation: Installation,
): Promise<AxiosResponse> {
  const options = bypassing(config, installation);
  if (options === false) return adapter(config);
  let response: AxiosResponse | undefined;
  const transport = async () => {
    response = await adapter(config);
    const {status, statusText} = response;
    const from = {url: nowhere.url, redirected: false, type: 'default'};
    return {head: {status, statusText, fields: fieldsOf(response), ...from}, body: null};
  };
  const head = {...nowhere, method: (config.method ?? 'get').toUpperCase()};
  await installation.cache.handle(head, transport, {options});
  return response ?? adapter(config);
}

/** An answer, and its content where bytes cannot stand for it. */
type OwnAnswer = Answer & Pick<Errand, 'given'>;

/** Asks the cache; what cannot be answered without the network fails as fetch would. */
export async function asked(call: Call, {cache}: Installation, options: HandleOptions): Promise<OwnAnswer> {
  const errand: Errand = {isOver: false};
  const transport = transportOf(call, errand);
  try {
    const answer = await cache.handle(call.head, transport, options);
    return errand.given === undefined ? answer : {...answer, given: errand.given};
  } catch (error) {
    // The cache was asked not to use the network, and has nothing; fetch, asked the same, fails like this.
    const isUnsatisfiable = (error as {code?: unknown}).code === 'UNSATISFIABLE';
    throw isUnsatisfiable ? new AxiosError('Network Error', AxiosError.ERR_NETWORK) : error;
  } finally {
    errand.isOver = true;
  }
}
