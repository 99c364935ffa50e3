// The inner adapter as the cache's way to the network. What belongs to one caller (limits, timeouts, signals,
// progress, the form of the data) is kept from it: several callers may share one flight.

import {AxiosError, AxiosHeaders, type AxiosResponse} from 'axios';
import {
  Fields,
  type HandleOptions,
  platform,
  type RequestHead,
  type ResponseHead,
  type Transport,
} from 'limpid/adapter';
import {bodySource, discard} from './body.ts';
import {type Call, type Config, platformRequest} from './call.ts';
import {originOf} from './dialect.ts';
import {networkError} from './settle.ts';

/** Sends requests of this call through its inner adapter. */
export function transportOf(call: Call): Transport {
  return async (request, _body, signal) => {
    const response = await call.dialect.adapter(innerConfig(call, request, signal));
    if (!call.ended) call.sent = response;
    const head = responseHead(response, request);
    const empty = request.method === 'HEAD' || head.status === 204 || head.status === 205 || head.status === 304;
    return {head, body: empty ? discard(response.data) : bodySource(response.data)};
  };
}

/** The redirects the cache follows itself: where the adapter can be made to show them and nobody asked to see them first. */
export function followingOf(call: Call): Pick<HandleOptions, 'redirects'> {
  if (!mayFollow(call)) return {};
  const max = call.dialect.name === 'http' ? (call.config.maxRedirects ?? 21) : 20;
  return {
    redirects: {max, tooMany: () => tooManyRedirects(call), invalid: location => invalidRedirect(call, location)},
  };
}

function mayFollow({config, dialect, head}: Call): boolean {
  if (head.redirect !== 'follow' || (head.method !== 'GET' && head.method !== 'HEAD') || config.data) return false;
  if (dialect.name === 'fetch') return platform.showsRedirects;
  return dialect.name === 'http' && !config.beforeRedirect && !config.sensitiveHeaders && !config.transport;
}

function innerConfig(call: Call, request: RequestHead, signal: AbortSignal | undefined): Config {
  const {signal: _signal, cancelToken: _cancelToken, auth, onDownloadProgress, ...config} = call.config;
  const follows = mayFollow(call);
  return {
    ...config,
    ...(signal && {signal}),
    ...(auth && request.fields.has('authorization') && {auth}),
    ...(request.url !== call.head.url && {url: request.url, baseURL: '', params: undefined}),
    headers: innerHeaders(call, request),
    responseType: innerResponseType(call),
    validateStatus: null,
    timeout: 0,
    maxContentLength: -1,
    ...(onDownloadProgress &&
      innerResponseType(call) !== 'stream' && {
        onDownloadProgress: event => {
          if (call.ended) return;
          call.progressed = true;
          onDownloadProgress(event);
        },
      }),
    ...(follows && {maxRedirects: 0}),
    ...(call.dialect.name === 'fetch' && {fetchOptions: innerFetchOptions(call, request, follows)}),
  };
}

/** The http adapter always streams: that way a head is known, and shared, before its body is there. */
function innerResponseType({config, dialect}: Call): 'stream' | 'arraybuffer' {
  const wantsStream = String(config.responseType).toLowerCase() === 'stream';
  if (dialect.name === 'xhr') return 'arraybuffer';
  if (!dialect.own) return wantsStream ? 'stream' : 'arraybuffer';
  if (dialect.name === 'http') return 'stream';
  return wantsStream || (config.maxContentLength ?? -1) > -1 || config.onDownloadProgress ? 'stream' : 'arraybuffer';
}

function innerFetchOptions({config, head}: Call, request: RequestHead, follows: boolean): object {
  const isConditionAdded = ['if-none-match', 'if-modified-since'].some(
    name => request.fields.has(name) && !head.fields.has(name),
  );
  // Node takes a condition set by hand for a reload by the user; `no-cache` asks for no more than a validation.
  const mode = platform.reloadsConditions && isConditionAdded && request.mode === 'default' ? 'no-cache' : request.mode;
  return {...config.fetchOptions, ...(mode !== head.mode && {cache: mode}), ...(follows && {redirect: 'manual'})};
}

/** The caller's own headers, spelt as they are, with what the cache changed. */
function innerHeaders({config, head}: Call, request: RequestHead): AxiosHeaders {
  const headers = new AxiosHeaders(Object.fromEntries(Object.entries(config.headers)));
  if (request.fields === head.fields) return headers;
  for (const name of new Set([...head.fields.names(), ...request.fields.names()])) {
    const lines = request.fields.lines(name);
    if (lines.length === 0) headers.delete(name);
    else if (request.fields.get(name) !== head.fields.get(name)) headers.set(name, [...lines].join(', '));
  }
  return headers;
}

function responseHead(response: AxiosResponse, request: RequestHead): ResponseHead {
  const {url, redirected, type = 'default'} = originOf(response.request);
  const finalUrl = url ? withoutFragment(url) : request.url;
  return {
    status: response.status,
    statusText: response.statusText ?? '',
    fields: responseFields(response),
    url: finalUrl,
    redirected: redirected ?? finalUrl !== request.url,
    type,
  };
}

function withoutFragment(text: string): string {
  const url = new URL(text);
  url.hash = '';
  return url.href;
}

/** The http adapter removes Content-Encoding after decoding; put back, it says why Content-Length counts other bytes. */
function responseFields({headers, request}: AxiosResponse): Fields {
  const fields = Fields.from(AxiosHeaders.from(headers as AxiosHeaders).toJSON());
  const raw: readonly string[] = request?.res?.rawHeaders ?? [];
  const at = raw.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-encoding');
  const coding = raw[at + 1];
  return at < 0 || coding === undefined || fields.has('content-encoding')
    ? fields
    : fields.with('content-encoding', coding);
}

function tooManyRedirects(call: Call): AxiosError {
  if (call.dialect.name === 'fetch') return networkError(call, new Error('redirect count exceeded'));
  return redirectError(call, 'ERR_FR_TOO_MANY_REDIRECTS', 'Maximum number of redirects exceeded');
}

function invalidRedirect(call: Call, location: string): AxiosError {
  if (call.dialect.name === 'fetch') return networkError(call, new Error('URL scheme must be a HTTP(S) scheme'));
  const because = URL.canParse(location) ? `Unsupported protocol ${new URL(location).protocol}` : 'Invalid URL';
  return redirectError(call, 'ERR_FR_REDIRECTION_FAILURE', `Redirected request failed: ${because}`);
}

function redirectError(call: Call, code: string, message: string): AxiosError {
  const cause = Object.assign(new Error(message), {name: `Error [${code}]`, code});
  return AxiosError.from(cause, code, call.config, platformRequest(call));
}
