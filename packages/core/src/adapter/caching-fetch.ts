// fetch with a cache in front: translate, ask the engine, translate back.

import {complaint} from '../complaint.ts';
import type {HandleOptions} from '../engine/answer.ts';
import type {HttpCache} from '../engine/http-cache.ts';
import {isLimpidError} from '../errors.ts';
import {contentOfRequest} from '../fetch-api/fetch-content.ts';
import {type FetchCall, type FetchInit, type FetchInput, fetchCall} from '../fetch-api/fetch-request.ts';
import {responseFrom} from '../fetch-api/fetch-response.ts';
import {fetchTransport} from '../fetch-api/fetch-transport.ts';
import {networkError, redirects} from '../fetch-api/redirects.ts';
import {asCaching, type FetchFunction, globalFetch, isSentBy, sending} from '../fetch-api/sender.ts';
import type {SendOptions} from '../fetch-api/sends.ts';
import {isPromise, rescued} from '../model/maybe.ts';
import type {Answer} from '../model/transport.ts';
import {isObject} from '../options/reading.ts';
import type {RequestOptions} from '../options/request-options.ts';
import type {Defaults} from '../options/rule-options.ts';
import {isRequest} from '../options/target.ts';
import {isRedirect} from '../policy/redirecting.ts';

/** fetch's init, and what this one request asks of the cache. */
export type CachingFetchInit = FetchInit & {readonly limpid?: RequestOptions | false | undefined};

/** fetch that also takes `limpid` in its init; assignable wherever `fetch` is. */
export type CachingFetch = (input: FetchInput, init?: CachingFetchInit) => Promise<Response>;

export type CachingFetchOptions = {
  /** What sends requests. Default: the global `fetch`, looked up for each call. */
  readonly fetch?: FetchFunction | undefined;
  /** What holds for every request unless its own `limpid` says otherwise. Default: nothing. */
  readonly defaults?: Defaults | undefined;
  /** How requests are sent. Default: with the platform's own cache below, and without CORS preflights of ours. */
  readonly sends?: SendOptions | undefined;
};

/** As much of an `HttpCache` as a client needs. */
export type Handler = Pick<HttpCache, 'handle' | 'keysContent' | 'prepare' | 'reuse'>;

/**
 * A fetch that answers from `cache` where it may.
 *
 * Calls that fetch would refuse reach fetch, which refuses them; so do those whose answers are hidden from scripts.
 *
 * @throws TypeError when `defaults` are wrong.
 */
export function cachingFetch(cache: Handler, {fetch, defaults: given, sends}: CachingFetchOptions = {}): CachingFetch {
  checkCache(cache);
  if (fetch !== undefined && typeof fetch !== 'function') throw complaint('fetch', fetch, 'a function like fetch');
  if (given !== undefined) cache.prepare(given);
  // Nothing said is nothing to lay over the cache's own options for each request.
  const defaults = given === undefined || Object.keys(given).length === 0 ? undefined : given;
  const cached: CachingFetch = async (input, init) => {
    const send = fetch ?? globalFetch();
    const call = fetchCall(input, init);
    if (call === undefined || isSentBy(cache, init)) return send(input, init);
    let hidden: Response | undefined;
    const keep = (response: Response): void => {
      hidden = response;
    };
    const transport = fetchTransport(sending(cache, send), call, keep, sends);
    const asked = handleOptions(call, init?.limpid, defaults);
    const options = isContentWanted(cache, call, asked) ? {...asked, body: await contentOfRequest(call.input)} : asked;
    const handled = rescued(() => cache.handle(call.head, transport, options), refused);
    return delivered(call, isPromise(handled) ? await handled : handled, hidden);
  };
  return asCaching(cached, fetch);
}

/** @throws TypeError for what is no cache. */
export function checkCache(cache: unknown): void {
  if (!isObject(cache) || typeof cache.handle !== 'function') throw complaint('cache', cache, 'an HttpCache');
}

type ContentCall = FetchCall & {readonly input: Request};

/** A Request shows its content as a stream: it is read only where it tells answers apart. */
export function isContentWanted(cache: Handler, call: FetchCall, options: HandleOptions): call is ContentCall {
  if (call.body?.type !== 'opaque' || !isRequest(call.input) || (call.init.body ?? undefined) !== undefined)
    return false;
  return cache.keysContent(call.head, options);
}

/** `only-if-cached` that cannot be satisfied fails as fetch's mode does; everything else fails as it is. */
function refused(error: unknown): never {
  throw isLimpidError(error) && error.code === 'UNSATISFIABLE' ? networkError(error) : error;
}

function handleOptions(
  call: FetchCall,
  options: HandleOptions['options'],
  defaults: Defaults | undefined,
): HandleOptions {
  const {signal, body, isUnkeyed, follows} = call;
  return {signal, body, isUnkeyed, options, defaults, redirects: follows ? redirects : undefined};
}

function delivered(call: FetchCall, answer: Answer, hidden: Response | undefined): Response {
  const {status, type} = answer.head;
  if (hidden !== undefined && hidden.type === type) return hidden;
  if (call.head.redirect === 'error' && isRedirect(status)) throw networkError(new Error('unexpected redirect'));
  return responseFrom(answer, call.signal);
}
