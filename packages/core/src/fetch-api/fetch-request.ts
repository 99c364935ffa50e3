// From fetch's arguments to a neutral request. Whatever fetch would refuse is left to fetch: it knows its own errors.

import {tagOf} from '../complaint.ts';
import {Fields} from '../fields/fields.ts';
import {isToken} from '../fields/list.ts';
import type {CacheMode, RedirectMode, RequestBody, RequestHead} from '../model/messages.ts';
import {cacheModes} from '../options/rule-options.ts';
import {isRequest} from '../options/target.ts';
import {isNormalUrl} from '../policy/normal-url.ts';
import {followsRedirects} from '../policy/redirecting.ts';
import {overridesTarget} from '../policy/unkeyed.ts';
import {contentOf} from './fetch-content.ts';
import {baseUrl, ownOrigin, platform} from './platform.ts';
import {routeOf} from './route.ts';

/** What fetch takes first. */
export type FetchInput = string | URL | Request;

/** fetch's init. Node's types do not know its `cache`. */
export type FetchInit = RequestInit & {readonly cache?: CacheMode};

/** A call of fetch, translated as it was made: what the caller changes later is not sent, as with fetch itself. */
export type FetchCall = {
  readonly input: FetchInput;
  /** The caller's, without fields: those of `head` count. */
  readonly init: FetchInit;
  readonly head: RequestHead;
  readonly body: RequestBody | undefined;
  /** What its answers depend on is in no key. */
  readonly isUnkeyed: boolean;
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  /** The engine sees every redirect of this call, and follows it. */
  readonly follows: boolean;
  readonly integrity: string;
};

/**
 * Translates a call of fetch without building a `Request`, or gives `undefined` when it is none of the cache's
 * business: fetch will refuse it, it is not for HTTP, or it is a page's navigation.
 */
export function fetchCall(input: FetchInput, given?: FetchInit | null): FetchCall | undefined {
  if (typeof input === 'string' && (given === undefined || given === null)) return plainCall(input);
  if (!isInit(given) || given?.headers === null) return undefined;
  const init = given ?? {};
  const request = isRequest(input) ? input : undefined;
  const url = isRequest(input) ? withoutFragment(input.url) : httpUrl(String(input));
  const method = normalisedMethod(init.method ?? request?.method ?? 'GET');
  const fields = fieldsOf(init.headers ?? request?.headers);
  const settings = settingsOf(init, request);
  if (url === undefined || method === undefined || fields === undefined || settings === undefined) return undefined;
  if (settings.mode === 'same-origin' && isElsewhere(url)) return undefined;
  const content = contentOf(method, init, request);
  if (content === undefined) return undefined;
  const {body, type, copy} = content;
  const {cache, integrity, redirect, variant} = settings;
  const route = routeOf(init);
  const head: RequestHead = {
    method,
    url,
    fields: type === undefined || fields.has('content-type') ? fields : fields.plus('content-type', type),
    mode: cache,
    redirect,
    client: platform.client,
    variant: route === undefined ? variant : `${variant}${route};`,
  };
  const isUnkeyed = route === 'unknown' || settings.mode === 'no-cors' || overridesTarget(fields);
  const follows = seesRedirects(head, body, settings);
  const own = ownInit(init, request);
  if (copy !== undefined) own.body = copy;
  return {input, init: own, head, body, isUnkeyed, signal: signalOf(init, request), follows, integrity};
}

/** Nothing, or an object whose signal is one. */
function isInit(given: FetchInit | null | undefined): boolean {
  if (given === undefined || given === null) return true;
  if (typeof given !== 'object') return false;
  const {signal = null} = given;
  return signal === null || typeof (signal as Partial<AbortSignal>).throwIfAborted === 'function';
}

/** A GET of a URL that asks for nothing else. */
function plainCall(input: string): FetchCall | undefined {
  const url = httpUrl(input);
  if (url === undefined) return undefined;
  const {client, showsRedirects: follows} = platform;
  const head = {
    method: 'GET',
    url,
    fields: Fields.none,
    mode: 'default',
    redirect: 'follow',
    client,
    variant: '',
  } as const;
  return {
    input,
    init: {},
    head,
    body: undefined,
    isUnkeyed: false,
    signal: undefined,
    follows,
    integrity: '',
  };
}

// Integrity is fetch's to verify, on the final answer alone, and `same-origin` on every hop: it must see the redirects
// itself.
const seesRedirects = (head: RequestHead, body: RequestBody | undefined, settings: Settings): boolean =>
  platform.showsRedirects &&
  followsRedirects(head, body) &&
  // With `only-if-cached`, which fetch allows in mode `same-origin` alone, nothing is sent that could be redirected.
  (settings.mode === 'cors' || settings.cache === 'only-if-cached') &&
  settings.integrity === '';

const isHttp = /^https?:/;

/** The URL as fetch sends it; `undefined` when fetch refuses it, or when it is not for HTTP. */
function httpUrl(text: string): string | undefined {
  if (isNormalUrl(text)) return text;
  try {
    const {href, username, password} = new URL(text, baseUrl());
    return username === '' && password === '' ? withoutFragment(href) : undefined;
  } catch {
    return undefined;
  }
}

function withoutFragment(url: string): string | undefined {
  if (!isHttp.test(url)) return undefined;
  const hash = url.indexOf('#');
  return hash === -1 ? url : url.slice(0, hash);
}

function isElsewhere(url: string): boolean {
  const own = ownOrigin();
  return own !== undefined && own !== new URL(url).origin;
}

const normalised = /^(?:delete|get|head|options|post|put)$/i;
const forbidden = /^(?:connect|trace|track)$/i;

/** Six methods become upper case, others stay as they are; `undefined` is for fetch to refuse. */
function normalisedMethod(method: string): string | undefined {
  if (method === 'GET') return method;
  if (!isToken(method) || forbidden.test(method)) return undefined;
  return normalised.test(method) ? method.toUpperCase() : method;
}

const refusedValue = /[\0\r\n]|[^\0-\xff]/;

/** The request's fields, or `undefined` when fetch will refuse them. A `Headers` has been judged already. */
function fieldsOf(headers: RequestInit['headers'] | undefined): Fields | undefined {
  if (headers === undefined) return Fields.none;
  if (typeof headers !== 'object') return undefined;
  if (isHeaders(headers)) return Fields.from(headers);
  const lines: (readonly [string, string])[] = [];
  for (const line of Symbol.iterator in headers ? (headers as Iterable<unknown>) : Object.entries(headers)) {
    const [name, value] = Array.isArray(line) && line.length === 2 ? line.map(String) : [];
    if (name === undefined || value === undefined || !isToken(name) || refusedValue.test(value.trim()))
      return undefined;
    lines.push([name, value]);
  }
  return Fields.from(lines);
}

const isHeaders = (value: object): value is Headers => value instanceof Headers || tagOf(value) === 'Headers';

type Settings = {
  readonly cache: CacheMode;
  readonly redirect: RedirectMode;
  readonly mode: string;
  readonly integrity: string;
  /** Whatever of these tells answers apart; empty when all of it is as by default. */
  readonly variant: string;
};

const redirectModes: ReadonlySet<unknown> = new Set<RedirectMode>(['follow', 'error', 'manual']);

/**
 * The settings of a request, `undefined` when the cache stays out of it.
 *
 * Workers have requests without `mode`, `cache` and the like, hence the defaults. An answer to `no-cors` may be opaque,
 * which is to say unreadable: nothing of it is stored, but what it empties is emptied.
 */
function settingsOf(init: FetchInit, request: Request | undefined): Settings | undefined {
  const cache = init.cache ?? request?.cache ?? 'default';
  const redirect = init.redirect ?? request?.redirect ?? 'follow';
  const mode = init.mode ?? request?.mode ?? 'cors';
  const credentials = init.credentials ?? request?.credentials ?? 'same-origin';
  const integrity = init.integrity ?? request?.integrity ?? '';
  if (!cacheModes.includes(cache) || !redirectModes.has(redirect)) return undefined;
  if (mode !== 'cors' && mode !== 'same-origin' && mode !== 'no-cors') return undefined;
  if (cache === 'only-if-cached' && mode !== 'same-origin') return undefined;
  // What fetch allows in mode `same-origin` alone looks where ordinary requests have stored.
  const apart = mode === 'cors' || cache === 'only-if-cached' ? '' : `mode=${mode};`;
  return {cache, redirect, mode, integrity, variant: variantOf(apart, credentials, integrity)};
}

function variantOf(apart: string, credentials: string, integrity: string): string {
  const withCredentials = credentials === 'same-origin' ? apart : `${apart}credentials=${credentials};`;
  return integrity === '' ? withCredentials : `${withCredentials}integrity=${integrity};`;
}

/** `null` in init switches a Request's own signal off. */
function signalOf(init: FetchInit, request: Request | undefined): AbortSignal | undefined {
  return (init.signal === undefined ? request?.signal : init.signal) ?? undefined;
}

/** What a `Request` can be copied by, beside its fields and its referrer. Its signal is replaced by the flight's. */
const requestMembers = ['method', 'mode', 'credentials', 'cache', 'redirect', 'integrity', 'keepalive'] as const;
const referrerMembers = ['referrer', 'referrerPolicy'] as const;
const initMembers = [
  ...requestMembers,
  ...referrerMembers,
  'body',
  'duplex',
  'priority',
  'signal',
  'dispatcher',
] as const;

/** A copy, with a Request's referrer where Fetch keeps it: any init resets that. */
function ownInit(init: RequestInit, request: Request | undefined): RequestInit {
  const {limpid: _, headers, ...own} = init as RequestInit & {readonly limpid?: unknown};
  // Members may be inherited, as those of a Request are.
  if (Object.getPrototypeOf(init) !== Object.prototype) Object.assign(own, membersOf(init, initMembers));
  if (request === undefined || headers !== undefined) return own;
  const isEmpty = initMembers.every(name => Reflect.get(init, name) === undefined);
  return isEmpty ? {...own, ...membersOf(request, referrerMembers)} : own;
}

/** These members of `source`, as far as the platform has them. By default those that make another request like it. */
export function membersOf(source: Request | RequestInit, names: readonly string[] = requestMembers): RequestInit {
  const members = names.map(name => [name, (source as Readonly<Record<string, unknown>>)[name]] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined && value !== null));
}
