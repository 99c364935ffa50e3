// The cache as separate hooks, for those who compose them by hand: less than `cacheHooks`, and each says what.

import ky, {type AfterResponseHook, type AfterResponseState, type BeforeRequestHook} from 'ky';
import {checkCache, isContentWanted} from '../adapter/caching-fetch.ts';
import type {Exchange} from '../engine/exchange.ts';
import type {HttpCache} from '../engine/http-cache.ts';
import {contentOfRequest} from '../fetch-api/fetch-content.ts';
import {type FetchCall, fetchCall} from '../fetch-api/fetch-request.ts';
import {received, responseFrom} from '../fetch-api/fetch-response.ts';
import {sentFields, sentMode} from '../fetch-api/fetch-transport.ts';
import {platform} from '../fetch-api/platform.ts';
import {routeMembers} from '../fetch-api/route.ts';
import {parseRequestDirectives} from '../fields/cache-control.ts';
import {Fields} from '../fields/fields.ts';
import type {RequestHead} from '../model/messages.ts';
import {compileDefaults, type Defaults} from '../options/rule-options.ts';
import {checkSelection, type Selection} from '../options/selection.ts';
import {isSuccess} from '../policy/invalidation.ts';
import {isSafe} from '../policy/registries.ts';

/** Exchanges under way, by the one object that is the same in all hooks of a call. */
const exchanges = new WeakMap<HttpCache, WeakMap<object, Exchange>>();

function exchangesOf(cache: HttpCache): WeakMap<object, Exchange> {
  const known = exchanges.get(cache) ?? new WeakMap<object, Exchange>();
  exchanges.set(cache, known);
  return known;
}

/**
 * A `beforeRequest` hook that answers from the cache, or adds the conditions that validate what is stored.
 *
 * Put it last, and `writeHook` first among `afterResponse`: later hooks do not run when it answers, what they change in
 * the request keeps the answer from being stored, and a 304 to its conditions must be turned into the stored response. Unlike `cacheHooks` it cannot let requests join one another,
 * validate in the background, follow redirects, or serve a stale response when the network fails.
 */
export function readHook(cache: HttpCache, defaults?: Defaults): BeforeRequestHook {
  checkCache(cache);
  if (defaults !== undefined) compileDefaults(defaults);
  return async ({request, options, ...more}) => {
    if ('response' in more) throw new TypeError('limpid: readHook is an afterResponse hook; allowed: beforeRequest');
    const call = fetchCall(request, routeMembers(options));
    if (call === undefined) return undefined;
    const {signal, body, isUnkeyed} = call;
    const given = {signal, body, isUnkeyed, options: options.limpid, defaults};
    const wanted = isContentWanted(cache, call, given) ? {...given, body: await contentOfRequest(request)} : given;
    const begun = await cache.begin(call.head, wanted);
    if (begun.type === 'answer') return responseFrom(begun.answer);
    exchangesOf(cache).set(options.context, begun.exchange);
    return prepared(request, call, begun.request);
  };
}

/** Changes the request in place where it can: other hooks may hold it. */
function prepared(request: Request, call: FetchCall, wanted: RequestHead): Request | undefined {
  const {headers} = request;
  const fields = sentFields(call, wanted, {});
  const changed = fields.names().filter(name => fields.get(name) !== call.head.fields.get(name));
  for (const name of changed) headers.set(name, fields.get(name) ?? '');
  if (wanted.mode === call.head.mode && platform.reloadsConditions) {
    if (changed.length > 0 && !headers.has('cache-control')) headers.set('cache-control', 'max-age=0');
    return undefined;
  }
  const cache = sentMode(call, wanted, {});
  return cache === undefined ? undefined : new Request(request, {cache} as RequestInit);
}

/**
 * An `afterResponse` hook that stores what `readHook` sent for, turns a 304 into the stored response, and invalidates.
 *
 * It does nothing for calls that no `readHook` of the same cache has seen. A network failure never reaches it. When the
 * stored response of a 304 has been cleared meanwhile it asks ky to retry, which takes a `retry.limit` of at least 1.
 */
export function writeHook(cache: HttpCache): AfterResponseHook {
  checkCache(cache);
  return async ({request, options, response}) => {
    if (response === undefined)
      throw new TypeError('limpid: writeHook is a beforeRequest hook; allowed: afterResponse');
    const exchange = exchangesOf(cache).get(options.context);
    if (exchange === undefined) return undefined;
    const seen = isChanged(request, exchange) ? unseen(exchange) : exchange;
    const answer = await cache.finish(seen, await received(response, request.url));
    return answer.repeat ? ky.retry({request: asGiven(request, exchange), delay: 0}) : responseFrom(answer);
  };
}

/** What `readHook` itself may have set. */
const ownFields: ReadonlySet<string> = new Set(['cache-control', 'if-none-match', 'if-modified-since', 'pragma']);

/**
 * Another hook, or ky's retry, has changed the request since: what it was keyed by, its target and its credentials above
 * all, is no longer true; or it is not to be stored any more.
 */
function isChanged({headers, method, url}: Request, {decision, request}: Exchange): boolean {
  const target = new URL(url);
  target.hash = '';
  if (method !== request.head.method || target.href !== request.head.url) return true;
  const sent = Fields.from(headers);
  if (forbidsStoring(sent) && !forbidsStoring(request.head.fields)) return true;
  const {fields} = decision.request;
  const names = new Set([...sent.names(), ...fields.names()]);
  // What would have cost a preflight was sent as the caller gave it.
  const isExpected = (name: string): boolean =>
    [fields, request.head.fields].some(expected => expected.get(name) === sent.get(name));
  return Array.from(names).some(name => !ownFields.has(name) && !isExpected(name));
}

const forbidsStoring = (fields: Fields): boolean => parseRequestDirectives(fields).noStore;

/** The exchange of a request whose answer is its caller's alone. */
const unseen = (exchange: Exchange): Exchange => ({
  ...exchange,
  decision: {
    type: 'forward',
    because: 'bypass',
    detail: 'changed-later',
    request: exchange.decision.request,
    store: 'no',
  },
});

/** The request without what `readHook` added, for when what that named has been cleared meanwhile. */
function asGiven(request: Request, {request: {head}}: Exchange): Request {
  const headers = new Headers(request.headers);
  for (const name of ['if-none-match', 'if-modified-since', 'if-range', 'range', 'cache-control']) {
    const value = head.fields.get(name);
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  return new Request(request, {headers});
}

/**
 * An `afterResponse` hook that clears `selection` when a request with an unsafe method has succeeded (2xx or 3xx).
 *
 * The call waits for the clear, and rejects when the clear fails although the request succeeded: the option
 * `limpid.clears`, which needs `cacheHooks`, keeps the answer instead and bypasses what it could not clear.
 */
export function clearHook(
  cache: HttpCache,
  selection: Selection | ((state: AfterResponseState) => Selection),
): AfterResponseHook {
  checkCache(cache);
  if (typeof selection !== 'function') checkSelection(selection, 'clearHook selection');
  return async state => {
    if (isSafe(state.request.method) || !isSuccess(state.response)) return undefined;
    await cache.clear(typeof selection === 'function' ? selection(state) : selection);
    return undefined;
  };
}
