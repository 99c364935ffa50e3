// The cache in the place of an axios adapter. An adapter of axios's own makes the response for each caller, so that
// its form, limits and errors are those axios gives; only what that adapter takes for the network is the cache.

import axios, {type AxiosAdapter, type AxiosRequestConfig, type AxiosResponse} from 'axios';
import {type Config, callOf, nameOf} from './call.ts';
import {type Installation, type Outer, overCall, overFetch} from './outer.ts';
import {answeredAtOnce, answeredWhole, rendered} from './whole.ts';

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
    if (isOverFetch(adapter, cachedOne, config)) return answered(overFetch(config, installation), config);
    const call = callOf(adapter, config);
    if (call === undefined) return adapter(config);
    const hit = answeredAtOnce(call, installation);
    const {answer, ask} = hit ? {answer: hit} : ((await answeredWhole(call, installation)) ?? {});
    const response = answer && rendered(answer, call, hit === undefined);
    return response ?? answered(overCall(call, installation, answer ?? ask), config);
  };
  return Object.assign(cachedOne, {[mark]: true});
}

/** axios makes an adapter for each fetch. `other` is for where there is none, and is never the inner one. */
const isOverFetch = (adapter: AxiosAdapter, other: AxiosAdapter, config: Config): boolean =>
  nameOf(adapter) === undefined && adapter === axios.getAdapter(['fetch', other], config);

/** The response as an outer adapter makes it from the answer to `rendering`, which its caller never sees. */
async function answered({outer, rendering}: Outer, config: Config): Promise<AxiosResponse> {
  try {
    return Object.assign(await outer(rendering), {config});
  } catch (thrown) {
    const error = axios.isAxiosError(thrown) && isWordedAlready(thrown.cause) ? thrown.cause : thrown;
    // A cancelled token hands out one and the same error, which axios leaves as it is.
    if (axios.isAxiosError(error) && (error.config || !axios.isCancel(error))) error.config = config;
    if (axios.isAxiosError(error) && error.response) error.response.config = config;
    throw error;
  }
}

/** A wrong `limpid` option, which nothing the network did, or content of the caller's own that was called off below. */
const isWordedAlready = (cause: unknown): boolean =>
  axios.isCancel(cause) || (cause instanceof TypeError && cause.message.startsWith('limpid: '));
