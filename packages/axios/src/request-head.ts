// From an axios config to the neutral head of its request.

import axios, {type AxiosBasicCredentials, AxiosHeaders, type AxiosProxyConfig, type AxiosRequestConfig} from 'axios';
import {type CacheMode, Fields, type RedirectMode, type RequestHead} from 'limpid/adapter';
import type {Config} from './call.ts';
import type {Dialect} from './dialect.ts';

type InstanceDefaults = {readonly httpAgent?: unknown; readonly httpsAgent?: unknown};

/** Not a request to its URL's origin over HTTP/1, or one whose answer is hidden, or wrong in a way the adapter words best. */
export function isOutOfReach({socketPath, httpVersion, timeout = 0, fetchOptions}: Config): boolean {
  const overHttp1 = httpVersion === undefined || httpVersion === 1;
  const {mode = 'cors'} = (fetchOptions ?? {}) as {mode?: string};
  const isHidden = mode !== 'cors' && mode !== 'same-origin';
  return Boolean(socketPath) || !overHttp1 || isHidden || Number.isNaN(Number.parseInt(String(timeout), 10));
}

const methodOverrides = ['x-http-method-override', 'x-http-method', 'x-method-override'] as const;

/** Fetch options that change neither the answer nor who may see it, or that are translated elsewhere. */
const knownFetchOptions: ReadonlySet<string> = new Set([
  'cache',
  'redirect',
  'mode',
  'dispatcher',
  'keepalive',
  'priority',
  'referrer',
  'referrerPolicy',
  'window',
  'body',
  'headers',
  'method',
  'signal',
  'duplex',
  'credentials',
]);

/** The request's answer cannot be keyed or replayed, so it passes the cache by; unsafe methods still invalidate. */
export function isUncacheable({headers, fetchOptions = {}}: Config): boolean {
  const unknown = Object.entries(fetchOptions).some(
    ([name, value]) => value !== undefined && value !== '' && !knownFetchOptions.has(name),
  );
  return unknown || methodOverrides.some(name => AxiosHeaders.from(headers).has(name));
}

/**
 * The head of the request as the adapter would send it; `undefined` when it is none for HTTP.
 *
 * The instance's defaults are already merged into `config`. They must not be merged again: an interceptor may have
 * taken `baseURL` or `params` away.
 */
export function requestHead(config: Config, dialect: Dialect, defaults: InstanceDefaults): RequestHead | undefined {
  const url = targetOf(config);
  if (url === undefined) return undefined;
  const fields = requestFields(config);
  const {cache: mode, redirect} = (config.fetchOptions ?? {}) as {cache?: CacheMode; redirect?: RedirectMode};
  const isFetch = dialect.name === 'fetch';
  return {
    method: (config.method ?? 'get').toUpperCase(),
    url: url.href,
    fields,
    mode: (isFetch ? mode : undefined) ?? 'default',
    redirect:
      config.maxRedirects === 0 && dialect.name !== 'xhr' ? 'manual' : ((isFetch ? redirect : undefined) ?? 'follow'),
    client: dialect.client,
    variant: variantOf(config, url, fields, defaults, dialect),
  };
}

/** An instance without defaults, whose `getUri` adds nothing of its own. */
const bare = new axios.Axios({});

function targetOf({url, baseURL, allowAbsoluteUrls, params, paramsSerializer}: Config): URL | undefined {
  const base = (globalThis as {location?: {href: string}}).location?.href;
  try {
    const parts = {url, baseURL, allowAbsoluteUrls, params, paramsSerializer} as AxiosRequestConfig;
    const target = new URL(bare.getUri(parts), base);
    target.hash = '';
    return target.protocol === 'http:' || target.protocol === 'https:' ? target : undefined;
  } catch {
    return undefined;
  }
}

function requestFields(config: Config): Fields {
  const fields = Fields.from(AxiosHeaders.from(config.headers).toJSON());
  return config.auth ? fields.with('authorization', basicCredentials(config.auth)) : fields;
}

/** What the adapter will make of `config.auth`; only compared, never sent. */
function basicCredentials({username = '', password = ''}: Partial<AxiosBasicCredentials>): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))}`;
}

const ids = new WeakMap<object, string>();

/** Names an object for as long as this process lives, and never as another process names its own. */
function identity(thing: unknown): string {
  if ((typeof thing !== 'object' && typeof thing !== 'function') || thing === null) return '';
  const id = ids.get(thing) ?? crypto.randomUUID();
  ids.set(thing, id);
  return id;
}

/** What tells answers apart, by name; empty parts tell nothing. */
type VariantParts = Readonly<Record<string, string | false | undefined>>;

/** What else the answer may depend on. Empty for nearly every request. */
function variantOf(config: Config, url: URL, fields: Fields, defaults: InstanceDefaults, dialect: Dialect): string {
  const host = fields.get('host');
  const parts: VariantParts = {host: host?.toLowerCase() !== url.host && host};
  const own = dialect.name === 'http' ? connectionParts(config, url, defaults) : fetchParts(config, dialect);
  const given = Object.entries({...parts, ...own}).filter(([, value]) => value);
  return given.map(([name, value]) => `${name}=${value};`).join('');
}

function connectionParts(config: Config, url: URL, defaults: InstanceDefaults): VariantParts {
  const {decompress, lookup, proxy, transport} = config;
  const agent = url.protocol === 'https:' ? 'httpsAgent' : 'httpAgent';
  return {
    body: decompress === false && 'encoded',
    proxy: proxy && proxyName(proxy),
    agent: (config[agent] !== defaults[agent] || isPersonal(config[agent])) && identity(config[agent]),
    lookup: identity(lookup),
    transport: identity(transport),
  };
}

/** In the words of the cache's own fetch, so that both find each other's responses. */
function fetchParts({env, fetchOptions, withCredentials}: Config, dialect: Dialect): VariantParts {
  const {mode, dispatcher} = (fetchOptions ?? {}) as {mode?: string; dispatcher?: unknown};
  const isFetch = dialect.name === 'fetch';
  const withheld = isFetch && withCredentials === false && 'omit';
  return {
    mode: isFetch && mode !== 'cors' && mode,
    credentials: withCredentials ? 'include' : withheld,
    agent: isFetch && identity(dispatcher),
    fetch: isFetch && env?.fetch !== globalThis.fetch && identity(env?.fetch),
  };
}

const proxyName = ({protocol = 'http', host, port}: AxiosProxyConfig): string => `${protocol}//${host}:${port}`;

/** An agent with a client certificate speaks for somebody. */
function isPersonal(agent: unknown): boolean {
  const {cert, key, pfx} = ((agent as {options?: object} | undefined)?.options ?? {}) as Record<string, unknown>;
  return Boolean(cert || key || pfx);
}
