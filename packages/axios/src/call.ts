// One request of one caller, and what of its config only that caller's adapter understands.

import axios, {type AxiosAdapter, AxiosHeaders, type AxiosInstance, type InternalAxiosRequestConfig} from 'axios';
import {
  Fields,
  type HandleOptions,
  isNormalUrl,
  platform,
  type RequestBody,
  type RequestHead,
  targetUri,
} from 'limpid/adapter';

export type Config = InternalAxiosRequestConfig;

/** One of axios's own adapters, or any other. The one over fetch needs no call. */
type Kind = 'http' | 'xhr' | 'custom';

/** A request as the cache sees it, and the adapter that can send it. */
export type Call = {
  readonly config: Config;
  readonly adapter: AxiosAdapter;
  readonly kind: Kind;
  readonly head: RequestHead;
  /** What the http adapter makes credentials of. */
  readonly auth: Credentials | undefined;
  /** Shared by all the ways in which the cache is asked for it. */
  readonly said: NonNullable<HandleOptions['said']>;
  /** What its adapter makes of the URL, or of credentials in it, the head cannot say. */
  readonly isUnclear: boolean;
};

type Credentials = Config['auth'];

/** The request of `config`; `undefined` when it is none over HTTP. */
export function callOf(adapter: AxiosAdapter, config: Config): Call | undefined {
  const name = nameOf(adapter);
  const kind = name === 'http' || name === 'xhr' ? name : 'custom';
  const target = targetOf(config, kind);
  if (target === undefined) return undefined;
  const {url, credentials} = target;
  // The http adapter takes those of the URL where no others are given, and sends none of them in the URL.
  const auth = config.auth ?? (kind === 'http' ? credentials : undefined);
  const head: RequestHead = {
    method: (config.method ?? 'get').toUpperCase(),
    url,
    fields: requestFields(config, auth),
    mode: 'default',
    redirect: config.maxRedirects === 0 ? 'manual' : 'follow',
    client: platform.client === 'browser' ? 'browser' : `axios ${kind}`,
    variant: kind === 'http' ? switchedOff(config) : config.withCredentials ? 'credentials=include;' : '',
  };
  const isUnclear = target.isUnclear || (kind !== 'http' && credentials !== undefined);
  return {config, adapter, kind, head, auth, said: {}, isUnclear};
}

/** Fields that the http adapter is told not to add; a request that says nothing of them has them. */
function switchedOff({headers}: Config): string {
  const names = Object.keys(headers).filter(name => added.has(name.toLowerCase()) && !headers[name]);
  return names
    .map(name => `without=${name.toLowerCase()};`)
    .toSorted()
    .join('');
}

const added: ReadonlySet<string> = new Set(['accept-encoding', 'user-agent']);

/** Which of axios's own adapters it is; the ones over fetch have no name. */
export const nameOf = (adapter: AxiosAdapter): string | undefined => (adapter as {adapterName?: string}).adapterName;

/**
 * An instance without defaults, whose `getUri` adds nothing of its own: an interceptor may have taken `baseURL` or
 * `params` away on purpose.
 */
const bare = new axios.Axios({});

type Target = {readonly url: string; readonly isUnclear: boolean; readonly credentials?: Credentials};

function targetOf(config: Config, kind: Kind): Target | undefined {
  const {url, baseURL, allowAbsoluteUrls, params, socketPath} = config;
  // Without a base and parameters it is `url` as it stands, and most of those need no parsing.
  if (!baseURL && !params && typeof url === 'string' && isNormalUrl(url) && !url.endsWith('?'))
    return {url, isUnclear: false};
  // The http adapter's own base for what a socket is asked.
  const page = socketPath ? 'http://localhost' : (globalThis as {location?: {href: string}}).location?.href;
  try {
    const target = new URL(bare.getUri({url, baseURL, allowAbsoluteUrls} as Config), page);
    if (!/^https?:$/.test(target.protocol)) return undefined;
    const credentials = credentialsIn(target);
    const sent = {http: sentByHttp, xhr: sentByXhr, custom: sentByAny}[kind](config, target, page);
    return {...sent, credentials};
  } catch {
    return undefined;
  }
}

type Sent = Pick<Target, 'url' | 'isUnclear'>;

/**
 * The http adapter parses the URL before it puts the parameters behind it, and sends those as they stand. A `#` there
 * is none that begins a fragment, and letters beyond ASCII are other bytes than a URL has for them.
 */
function sentByHttp({params, paramsSerializer}: Config, {origin, pathname, search}: URL): Sent {
  const path = bare.getUri({url: pathname + search, params, paramsSerializer} as Config);
  return {url: new URL(origin + path.replaceAll('#', '%23')).href, isUnclear: /[#\u0080-\uffff]/.test(path)};
}

/** A browser parses the URL with the parameters in it. */
function sentByXhr(config: Config, _target: URL, page: string | undefined): Sent {
  const {url, baseURL, allowAbsoluteUrls, params, paramsSerializer} = config;
  const parts = {url, baseURL, allowAbsoluteUrls, params, paramsSerializer} as Config;
  return {url: targetUri(new URL(bare.getUri(parts), page)), isUnclear: false};
}

/** Others do the one or the other. */
function sentByAny(config: Config, target: URL, page: string | undefined): Sent {
  const one = sentByHttp(config, target);
  const other = sentByXhr(config, target, page);
  return {url: other.url, isUnclear: one.isUnclear || one.url !== other.url};
}

function credentialsIn({username, password}: URL): Credentials {
  return username || password ? {username: unescaped(username), password: unescaped(password)} : undefined;
}

/** As it stands where its escapes are none, as axios does. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The fields with the credentials that the adapter will make of `auth`; those are only compared, never sent. */
function requestFields({headers}: Config, auth: Credentials): Fields {
  // `false` switches a header off; so does an absent value, which is no field in any case.
  const lines = Object.entries(headers).filter((line): line is [string, string] => line[1] !== false);
  const fields = Fields.from(lines);
  if (!auth) return fields;
  const bytes = new TextEncoder().encode(`${auth.username || ''}:${auth.password || ''}`);
  return fields.with('authorization', `Basic ${btoa(String.fromCharCode(...bytes))}`);
}

/** The bytes of content that has them in memory; memory is shared, not copied. */
export function bytesOf(content: unknown): Uint8Array | undefined {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  if (content instanceof URLSearchParams) return bytesOf(content.toString());
  if (ArrayBuffer.isView(content)) return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  return content instanceof ArrayBuffer ? new Uint8Array(content) : undefined;
}

/** Request content, as `transformRequest` left it. */
export function requestBody(data: unknown): RequestBody | undefined {
  if (data === undefined || data === null || data === '') return undefined;
  const bytes = bytesOf(data);
  return bytes === undefined ? {type: 'opaque'} : {type: 'bytes', bytes};
}

/** Options that send the request elsewhere, or another way, than its URL says. */
const detours = ['socketPath', 'httpVersion', 'proxy', 'lookup', 'transport'] as const;

const telling: ReadonlySet<string> = new Set(['host', 'x-http-method-override', 'x-http-method', 'x-method-override']);

/** The answer depends on what no key can hold, so the request passes the cache by; unsafe methods still invalidate. */
export function isUncacheable(config: Config, defaults: AxiosInstance['defaults']): boolean {
  if (config.decompress === false || detours.some(option => Boolean(config[option]))) return true;
  if (isAgentOwn('httpAgent', config, defaults) || isAgentOwn('httpsAgent', config, defaults)) return true;
  const headers = AxiosHeaders.from(config.headers);
  return Object.keys(headers).some(name => telling.has(name.toLowerCase()) && headers[name] !== undefined);
}

const isAgentOwn = (name: 'httpAgent' | 'httpsAgent', config: Config, defaults: AxiosInstance['defaults']): boolean =>
  config[name] !== defaults[name] || (config[name] !== undefined && isPersonal(config[name]));

/** An agent with a client certificate speaks for somebody. */
function isPersonal(agent: unknown): boolean {
  const {cert, key, pfx} = ((agent as {options?: object} | undefined)?.options ?? {}) as Record<string, unknown>;
  return Boolean(cert || key || pfx);
}
