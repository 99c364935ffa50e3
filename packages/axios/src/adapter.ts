// The cache in the place of an axios adapter. An adapter of axios's own makes the response for each caller, so that
// its form, limits and errors are those axios gives; only what that adapter takes for the network is the cache.

import axios, {
  type AxiosAdapter,
  AxiosError,
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
} from 'axios';
import {type Installation, sentAsItIs} from './asking.ts';
import {type Config, callOf, nameOf} from './call.ts';
import {type Outer, overCall, overFetch} from './outer.ts';
import {thrownBy} from './transport.ts';
import {answeredAtOnce, answeredWhole, rendered} from './whole.ts';

type InnerAdapter = AxiosRequestConfig['adapter'];

/** The cache each instance was last given. */
export const installed: WeakMap<AxiosInstance, Installation> = new WeakMap();

const wrapped: unique symbol = Symbol.for('limpid.axios.adapter');

type CachedAdapter = AxiosAdapter & {readonly [wrapped]: InnerAdapter};

const isCached = (adapter: unknown): adapter is CachedAdapter => typeof adapter === 'function' && wrapped in adapter;

/** What was to be cached by whichever instance: a config that is used again brings the adapter that one put there. */
export function withoutCache(adapter: InnerAdapter): InnerAdapter {
  if (Array.isArray(adapter)) return adapter.flatMap(one => (isCached(one) ? (one[wrapped] ?? []) : one));
  return isCached(adapter) ? adapter[wrapped] : adapter;
}

/** An adapter that asks the instance's cache first and hands it `inner` as its way to the network. */
export function cachedAdapter(instance: AxiosInstance, inner: InnerAdapter): AxiosAdapter {
  const cachedOne: AxiosAdapter = async config => {
    const adapter = axios.getAdapter(inner, config);
    const installation = installed.get(instance);
    if (installation === undefined) return adapter(config);
    if (isOverFetch(adapter, cachedOne, config)) return answered(overFetch(config, installation), config);
    const call = callOf(adapter, config);
    if (call === undefined) return sentAsItIs(adapter, config, installation);
    const hit = answeredAtOnce(call, installation);
    const {answer, ask} = hit ? {answer: hit} : ((await answeredWhole(call, installation)) ?? {});
    const response = answer && rendered(answer, call, hit === undefined ? 'own' : 'shared');
    return response ?? answered(overCall(call, installation, answer ?? ask), config);
  };
  return Object.assign(cachedOne, {[wrapped]: inner});
}

/** axios makes an adapter for each fetch. `other` is for where there is none, and is never the inner one. */
const isOverFetch = (adapter: AxiosAdapter, other: AxiosAdapter, config: Config): boolean =>
  nameOf(adapter) === undefined && adapter === axios.getAdapter(['fetch', other], config);

/** The response as an outer adapter makes it from the answer to `rendering`, which its caller never sees. */
async function answered({outer, rendering, given = {}}: Outer, config: Config): Promise<AxiosResponse> {
  try {
    return Object.assign(await outer(rendering), {config}, given);
  } catch (thrown) {
    const error = worded(thrown);
    // A cancelled token hands out one and the same error, which axios leaves as it is.
    if (axios.isAxiosError(error) && (error.config || !axios.isCancel(error))) error.config = config;
    if (axios.isAxiosError(error) && error.response) Object.assign(error.response, {config}, given);
    throw error;
  }
}

/**
 * The error as its caller would have it of the adapter below. Worded already are a wrong `limpid` option, which is nothing
 * the network did, and content of the caller's own that was called off.
 */
function worded(thrown: unknown): unknown {
  const cause = axios.isAxiosError(thrown) ? thrown.cause : undefined;
  if (cause === undefined) return thrown;
  const own = thrownBy.get(cause);
  if (own !== undefined) return own.thrown;
  // It was refused before there was a request: it has none, and is not its own cause.
  if (axios.isAxiosError(cause) && cause.request === undefined && cause.code !== AxiosError.ERR_NETWORK) {
    for (const key of ['request', 'cause']) Reflect.deleteProperty(thrown as AxiosError, key);
    return thrown;
  }
  const isMisuse = cause instanceof TypeError && cause.message.startsWith('limpid: ');
  return isMisuse || axios.isCancel(cause) ? cause : thrown;
}
