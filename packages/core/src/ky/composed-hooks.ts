// The cache as separate hooks, for those who compose them by hand: less than `cacheHooks`, and each says what.

import ky, {type AfterResponseHook, type AfterResponseState, type BeforeRequestHook} from 'ky';
import {checkCache, isContentWanted} from '../adapter/caching-fetch.ts';
import type {Exchange} from '../engine/exchange.ts';
import type {HttpCache} from '../engine/http-cache.ts';
import {discard} from '../fetch-api/body-streams.ts';
import {contentOfRequest} from '../fetch-api/fetch-content.ts';
import {type FetchCall, fetchCall} from '../fetch-api/fetch-request.ts';
import {received, responseFrom} from '../fetch-api/fetch-response.ts';
import {sentFields, sentMode} from '../fetch-api/fetch-transport.ts';
import {platform} from '../fetch-api/platform.ts';
import {routeMembers} from '../fetch-api/route.ts';
import {parseRequestDirectives} from '../fields/cache-control.ts';
import {Fields} from '../fields/fields.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Defaults} from '../options/rule-options.ts';
import {checkSelection, type Selection} from '../options/selection.ts';
import {isSuccess} from '../policy/invalidation.ts';
import {isSafe} from '../policy/registries.ts';

/** An exchange, and the last attempt whose answer has been seen: hooks that are there twice act once. */
type Attempted = {readonly exchange: Exchange; attempt: number};

/** Exchanges under way, by the one object that is the same in all hooks of a call. */
const exchanges = new WeakMap<HttpCache, WeakMap<object, Attempted>>();

function exchangesOf(cache: HttpCache): WeakMap<object, Attempted> {
  const known = exchanges.get(cache) ?? new WeakMap<object, Attempted>();
  exchanges.set(cache, known);
  return known;
}

/**
 * A `beforeRequest` hook that answers from the cache, or adds the conditions that validate what is stored.
 *
 * Put it last, and `writeHook` first among `afterResponse`: later hooks do not run when it answers, what they change in
 * the request keeps the answer from being stored and sends it twice where the cache validates, and a 304 to its conditions
 * must be turned into the stored response. Unlike `cacheHooks` it cannot let requests join one another, validate behind a
 * stale answer (it does so before), follow redirects, or serve a stale response when the network fails.
 *
 * @throws TypeError for what is no cache, and for wrong defaults; when it is called as another kind of hook.
 */
export function readHook(cache: HttpCache, defaults?: Defaults): BeforeRequestHook {
  checkCache(cache);
  if (defaults !== undefined) cache.prepare(defaults);
  const read: BeforeRequestHook = async ({request, options}) => {
    const call = fetchCall(request, routeMembers(options));
    if (call === undefined || exchangesOf(cache).has(options.context)) return undefined;
    const {signal, body, isUnkeyed} = call;
    const given = {signal, body, isUnkeyed, options: options.limpid, defaults, validatesFirst: true};
    const wanted = isContentWanted(cache, call, given) ? {...given, body: await contentOfRequest(request)} : given;
    const begun = await cache.begin(call.head, wanted);
    if (begun.type === 'answer') return responseFrom(begun.answer);
    exchangesOf(cache).set(options.context, {exchange: begun.exchange, attempt: -1});
    return prepared(request, call, begun.request);
  };
  return among('readHook', 'beforeRequest', read);
}

/** The hook, which throws in any other place: at once, because among `init` nobody would hear of a promise that fails. */
function among<State, Result>(
  name: string,
  place: 'beforeRequest' | 'afterResponse',
  hook: (state: State) => Result,
): (state: State) => Result {
  return state => {
    const {request, response, error} = state as Partial<AfterResponseState> & {readonly error?: unknown};
    const isThere = place === 'beforeRequest' ? response === undefined : response !== undefined;
    if (isThere && request !== undefined && error === undefined) return hook(state);
    throw new TypeError(`limpid: ${name} is among other hooks; allowed: ${place}`);
  };
}

/** What a condition by hand is not to be taken for: a reload. */
const validating = 'max-age=0';

/** Changes the request in place where it can: other hooks may hold it. */
function prepared(request: Request, call: FetchCall, wanted: RequestHead): Request | undefined {
  const {headers} = request;
  const fields = sentFields(call, wanted, {});
  const changed = fields.names().filter(name => fields.get(name) !== call.head.fields.get(name));
  for (const name of changed) headers.set(name, fields.get(name) ?? '');
  if (wanted.mode === call.head.mode && platform.reloadsConditions) {
    if (changed.length > 0 && !headers.has('cache-control')) headers.set('cache-control', validating);
    return undefined;
  }
  const cache = sentMode(call, wanted, {});
  return cache === undefined ? undefined : new Request(request, {cache} as RequestInit);
}

/**
 * An `afterResponse` hook that stores what `readHook` sent for, turns a 304 into the stored response, and invalidates.
 *
 * It does nothing for calls that no `readHook` of the same cache has seen. A network failure never reaches it. Where the
 * stored response of a 304 has been cleared meanwhile, or a hook has changed the request that it answers, it asks ky to
 * retry, which takes one retry of `retry.limit` that is left, and the same copy of ky as this package has.
 *
 * @throws TypeError for what is no cache; when it is called as another kind of hook.
 */
export function writeHook(cache: HttpCache): AfterResponseHook {
  checkCache(cache);
  const write: AfterResponseHook = async ({request, options, response, retryCount}) => {
    const attempted = exchangesOf(cache).get(options.context);
    if (attempted === undefined || attempted.attempt === retryCount) return undefined;
    attempted.attempt = retryCount;
    const {exchange} = attempted;
    const repeat = (): ReturnType<typeof ky.retry> => ky.retry({request: asGiven(request, exchange), delay: 0});
    const isAnothers = isChanged(request, exchange);
    if (isAnothers && answersCache(request, response, exchange)) {
      discard(response.body);
      return repeat();
    }
    const answer = await cache.finish(isAnothers ? unseen(exchange) : exchange, await received(response, request.url));
    return answer.repeat ? repeat() : responseFrom(answer);
  };
  return among('writeHook', 'afterResponse', write);
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

/** What `readHook` may have asked for, and its caller has not: a condition, or the part that is lacking. */
const askedByCache = ['if-none-match', 'if-modified-since', 'if-range', 'range'] as const;

/** It answers what only the cache asked for, and the request is no longer the one that this was asked for. */
const answersCache = (request: Request, {status}: Response, exchange: Exchange): boolean =>
  [206, 304, 416].includes(status) && askedByCache.some(name => isAdded(request, name, exchange));

/** What the cache added stands there still: nobody has put anything else in its place. */
function isAdded({headers}: Request, name: string, {request: {head}, decision}: Exchange): boolean {
  const added = decision.request.fields.get(name);
  return added !== undefined && added !== head.fields.get(name) && added === headers.get(name);
}

/** The request without what `readHook` added. */
function asGiven(request: Request, exchange: Exchange): Request {
  const {fields} = exchange.request.head;
  const headers = new Headers(request.headers);
  for (const name of [...askedByCache, 'cache-control']) {
    const isOurs = name === 'cache-control' && headers.get(name) === validating;
    if (!isOurs && !isAdded(request, name, exchange)) continue;
    const given = fields.get(name);
    if (given === undefined) headers.delete(name);
    else headers.set(name, given);
  }
  return new Request(request, {headers});
}

/**
 * An `afterResponse` hook that clears `selection` when a request with an unsafe method has succeeded (2xx or 3xx).
 *
 * The call waits for the clear, and rejects when the clear fails although the request succeeded: the option
 * `limpid.clears` keeps the answer instead and bypasses what it could not clear. URLs are absolute.
 *
 * @throws TypeError for what is no cache or no selection; when it is called as another kind of hook.
 */
export function clearHook(
  cache: HttpCache,
  selection: Selection | ((state: AfterResponseState) => Selection),
): AfterResponseHook {
  checkCache(cache);
  if (typeof selection !== 'function') checkSelection(selection, 'clearHook selection', undefined);
  const clear: AfterResponseHook = async state => {
    if (isSafe(state.request.method) || !isSuccess(state.response)) return undefined;
    await cache.clear(typeof selection === 'function' ? selection(state) : selection);
    return undefined;
  };
  return among('clearHook', 'afterResponse', clear);
}
