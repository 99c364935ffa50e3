// The inner adapter as the cache's way to the network. What belongs to one caller (limits, timeouts, signals,
// progress, the form of the data) is kept from it: several callers may share one flight.

import axios, {type AxiosError, AxiosHeaders, type AxiosResponse} from 'axios';
import {
  type CacheMode,
  Fields,
  isForeign,
  isNormalUrl,
  isSameOrigin,
  type Redirects,
  type RequestHead,
  type Transport,
  targetUri,
} from 'limpid/adapter';
import type {Call, Config} from './call.ts';
import {bodySource, destroyed, discard, ended} from './content.ts';

/** One caller's way to the network, and what came of it. */
export type Errand = {
  /** The caller has been answered: whatever is sent from now on it is told nothing of. */
  isOver: boolean;
  /** The latest content, where bytes cannot stand for it. */
  given?: {readonly data: unknown} | undefined;
};

/** Sends requests of this call through its inner adapter. */
export function transportOf(call: Call, errand: Errand = {isOver: false}): Transport {
  return async (request, _body, signal) => {
    const config = innerConfig(call, request, signal);
    const asked = new Set(Object.keys(config.headers));
    let response = await adapted(call, config);
    if (mayFollow(call) && isOddRedirect(response, request.url)) {
      destroyed(response.data);
      response = await adapted(call, {...config, maxRedirects: maxRedirectsOf(call)});
    }
    if (!errand.isOver) tellSent(call, config, asked);
    const {status, data} = response;
    const url = finalUrl(response) ?? request.url;
    // As fetch would say, so that what such a response hides is reckoned with.
    const type = isForeign(url) ? 'cors' : 'basic';
    const from = {url, redirected: url !== request.url, type, decoded: isDecoded(response)};
    const shown = fieldsAsSent(response);
    // The http adapter takes an empty reference for none.
    const fields = mayFollow(call) && shown.get('location') === '' ? shown.without(['location']) : shown;
    const head = {status, statusText: response.statusText ?? '', fields, ...from};
    errand.given = undefined;
    const isBare = request.method === 'HEAD' || status === 204 || status === 304;
    // A request that follows is to find the connection free again.
    if (isBare && call.kind === 'http') await ended(data);
    if (isBare || status === 205) return {head, body: discard(data)};
    const body = bodySource(data);
    if (body !== undefined) return {head, body, isPersonal: decodedAlone.test(codingOf(response) ?? '')};
    errand.given = {data};
    return {head, body: null, isPersonal: true};
  };
}

/** Those that both axios and fetch take off. */
export const decodedByAll: RegExp = /^(?:(?:x-)?gzip|deflate|br|zstd)$/i;

/** The coding that axios takes off, fetch leaves on, and no field tells of any more. */
const decodedAlone = /^(?:x-)?compress$/i;

/** What an adapter of somebody's own threw, or no error of axios's, by the error that stands for it on the way to its caller. */
export const thrownBy: WeakMap<Error, {readonly thrown: unknown}> = new WeakMap();

/** Some adapters judge the status although asked not to. Whatever else they throw is no answer, even where it brings one. */
async function adapted({adapter, kind}: Call, config: Config): Promise<AxiosResponse> {
  try {
    return await adapter(config);
  } catch (thrown) {
    if (axios.isAxiosError(thrown)) {
      const refused = refusedIn(thrown);
      if (refused !== undefined) return refused;
      if (kind !== 'custom') throw thrown;
    }
    const error = thrown instanceof Error ? thrown : new Error('what an adapter threw is no error');
    thrownBy.set(error, {thrown});
    throw error;
  }
}

/** A complete answer that was refused for its status alone. */
function refusedIn({message, response}: AxiosError): AxiosResponse | undefined {
  const isWhole = response !== undefined && 'data' in response;
  return isWhole && message === `Request failed with status code ${response.status}` ? response : undefined;
}

export const fieldsOf = ({headers}: AxiosResponse): Fields =>
  Fields.from(AxiosHeaders.from(headers as Config['headers']).toJSON());

/** With the coding that the http adapter has taken off, and fetch shows. `decoded` takes it from axios's callers again. */
function fieldsAsSent(response: AxiosResponse): Fields {
  const fields = fieldsOf(response);
  const coding = codingOf(response);
  const isShown = coding === undefined || fields.has('content-encoding') || !decodedByAll.test(coding);
  return isShown ? fields : fields.with('content-encoding', coding);
}

/** What the adapter adds by itself (User-Agent and the like), axios shows in the config of the response. */
function tellSent({config: {headers}}: Call, sent: Config, asked: ReadonlySet<string>): void {
  for (const [name, value] of Object.entries(sent.headers)) {
    // Of FormData and the like it makes the type anew, and shows that, too.
    if (!asked.has(name) || name.toLowerCase() === 'content-type') headers.set(name, value, asked.has(name));
  }
}

/** The http adapter shows redirects when told not to follow them, so the cache can; unless the caller wants a say in it. */
function mayFollow({kind, head, config}: Call): boolean {
  const isPlain = head.redirect === 'follow' && (head.method === 'GET' || head.method === 'HEAD') && !config.data;
  return isPlain && kind === 'http' && !config.beforeRedirect && !config.sensitiveHeaders && !config.transport;
}

/** Statuses that the cache follows, or that are none to follow. */
const ownRedirects: ReadonlySet<number> = new Set([301, 302, 303, 304, 307, 308]);

/**
 * The http adapter follows every 3xx with a Location. Those that are no redirects to HTTP, and those that bring user
 * information, it gets to follow itself.
 */
const isOddRedirect = ({status, headers: {location}}: AxiosResponse, url: string): boolean =>
  status >= 300 &&
  status <= 399 &&
  Boolean(location) &&
  (!ownRedirects.has(status) || (status !== 304 && bringsUserInformation(String(location), url)));

function bringsUserInformation(location: string, url: string): boolean {
  const target = URL.canParse(location, url) ? new URL(location, url) : undefined;
  return target !== undefined && `${target.username}${target.password}` !== '';
}

/** The caller's limit, or the http adapter's own. */
const maxRedirectsOf = ({config}: Call): number => config.maxRedirects ?? 21;

/** The redirects the cache follows itself, with the limits and errors of the http adapter. */
export function redirectsOf(call: Call): Redirects | undefined {
  if (!mayFollow(call)) return undefined;
  return {...redirectErrors, max: maxRedirectsOf(call), next: request => withAuth(call, request)};
}

/** Credentials of `auth` stay behind where redirects lead elsewhere, and are sent again where they lead back. */
function withAuth({auth, head}: Call, request: RequestHead): RequestHead {
  const authorization = auth && head.fields.get('authorization');
  if (authorization === undefined || !isSameOrigin(request.url, head.url)) return request;
  return {...request, fields: request.fields.with('authorization', authorization)};
}

const redirectErrors: Omit<Redirects, 'max'> = {
  tooMany: () => redirectError('ERR_FR_TOO_MANY_REDIRECTS', 'Maximum number of redirects exceeded'),
  invalid: location => {
    const because = URL.canParse(location) ? `Unsupported protocol ${new URL(location).protocol}` : 'Invalid URL';
    return redirectError('ERR_FR_REDIRECTION_FAILURE', `Redirected request failed: ${because}`);
  },
};

const redirectError = (code: string, message: string): Error =>
  Object.assign(new Error(message), {name: `Error [${code}]`, code});

function innerConfig(call: Call, request: RequestHead, signal: AbortSignal | undefined): Config {
  const {
    signal: _signal,
    cancelToken: _cancelToken,
    auth: _auth,
    onDownloadProgress: _progress,
    ...config
  } = call.config;
  return {
    ...config,
    ...(signal && {signal}),
    ...(call.auth && request.fields.has('authorization') && {auth: call.auth}),
    ...(request.url !== call.head.url && {url: request.url, baseURL: '', params: undefined}),
    headers: innerHeaders(call, request),
    responseType: innerResponseType(call),
    validateStatus: null,
    timeout: 0,
    maxContentLength: -1,
    ...(mayFollow(call) && {maxRedirects: 0}),
  };
}

/** The http adapter always streams: that way a head is known, and shared, before its body is there. */
function innerResponseType({kind, config}: Call): 'stream' | 'arraybuffer' {
  const wantsStream = kind === 'custom' && String(config.responseType).toLowerCase() === 'stream';
  return kind === 'http' || wantsStream ? 'stream' : 'arraybuffer';
}

/** What fetch would add for a mode, for the caches on the way; axios has no modes. Fetch, HTTP-network-or-cache fetch */
const askedByMode: Partial<Record<CacheMode, Readonly<Record<string, string>>>> = {
  'no-cache': {'cache-control': 'max-age=0'},
  'no-store': {'cache-control': 'no-cache', pragma: 'no-cache'},
  reload: {'cache-control': 'no-cache', pragma: 'no-cache'},
};

/**
 * The caller's own headers, spelt as they are and with those switched off, and what the cache changed.
 *
 * In a browser a mode adds nothing, and of another origin the cache asks nothing beyond what its caller does: each of
 * these fields would make the browser ask for leave first, and fail where that is not given. What is stale here is
 * stale to the browser's own cache as well, which validates it and asks nobody.
 */
function innerHeaders({config, head}: Call, request: RequestHead): Config['headers'] {
  const headers = new AxiosHeaders(Object.fromEntries(Object.entries(config.headers)));
  const asked = head.client === 'browser' ? {} : askedByMode[request.mode];
  for (const [name, value] of Object.entries(asked ?? {})) headers.set(name, value, false);
  for (const name of new Set([...head.fields.names(), ...request.fields.names()])) {
    const {fields} = needsLeave.has(name) && isForeign(request.url) ? head : request;
    const value = fields.get(name);
    if (value === undefined) headers.delete(name);
    else if (value !== head.fields.get(name)) headers.set(name, value);
  }
  return headers;
}

/** What a cache adds, and CORS lets no script send without a preflight. Fetch, CORS-safelisted request-header */
const needsLeave: ReadonlySet<string> = new Set([
  'cache-control',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'range',
]);

/** As URLs of requests are written: without fragment and user, and escaped alike. */
function finalUrl({request}: AxiosResponse): string | undefined {
  const {responseURL, res} = (request ?? {}) as {responseURL?: string; res?: {responseUrl?: string}};
  const text = responseURL || res?.responseUrl;
  if (!text || isNormalUrl(text) || !URL.canParse(text)) return text || undefined;
  return targetUri(new URL(text));
}

/** The coding of what came; the http adapter drops Content-Encoding where it decodes. */
function codingOf({headers, request}: AxiosResponse): string | undefined {
  const came: {readonly 'content-encoding'?: readonly string[]} = request?.res?.headersDistinct ?? {};
  const coding: unknown = headers?.['content-encoding'] || came['content-encoding']?.join();
  return typeof coding === 'string' ? coding : undefined;
}

/** The http adapter keeps the Content-Length of what was encoded. */
const isDecoded = (response: AxiosResponse): boolean =>
  !response.headers?.['content-encoding'] && codingOf(response) !== undefined;
