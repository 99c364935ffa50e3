// The cache in the place of an axios adapter: one call from config to settled response. No rule of caching stands here.

import axios, {type AxiosAdapter, type AxiosInstance, type AxiosRequestConfig, type AxiosResponse} from 'axios';
import type {Answer, Defaults, HandleOptions, Handler} from 'limpid/adapter';
import {requestBody} from './body.ts';
import type {Call, Config} from './call.ts';
import {dialectOf} from './dialect.ts';
import {render} from './render.ts';
import {isOutOfReach, isUncacheable, requestHead} from './request-head.ts';
import {ownError, settled} from './settle.ts';
import {followingOf, transportOf} from './transport.ts';
import {Waiting} from './waiting.ts';

/** One use of `cached`. */
export type Installation = {
  readonly instance: AxiosInstance;
  readonly cache: Handler;
  readonly defaults: Defaults | undefined;
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
  const adapter: AxiosAdapter = async config => {
    const dialect = dialectOf(inner, config);
    const direct = !installation.active || isOutOfReach(config);
    const head = direct ? undefined : requestHead(config, dialect, installation.instance.defaults);
    if (head === undefined) return axios.getAdapter(inner, config)(config);
    return answered({config, dialect, head, sent: undefined, progressed: false, ended: false}, installation);
  };
  return Object.assign(adapter, {[mark]: true});
}

async function answered(call: Call, {cache, defaults}: Installation): Promise<AxiosResponse> {
  const waiting = new Waiting(call);
  try {
    const answer: Answer = await waiting.for(
      cache.handle(call.head, transportOf(call), {
        ...handleOptions(call.config),
        ...waiting.options,
        defaults,
        ...followingOf(call),
      }),
    );
    waiting.expectNothing();
    return settled(await waiting.for(render(answer, call, waiting)));
  } catch (error) {
    waiting.end();
    throw ownError(error, call);
  } finally {
    call.ended = true;
  }
}

function handleOptions(config: Config): HandleOptions {
  return {body: requestBody(config.data), options: isUncacheable(config) ? false : config.limpid};
}
