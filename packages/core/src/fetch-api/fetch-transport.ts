// The only place where the fetch adapter sends. What to send is the engine's decision; how, is the caller's init.

import {Fields} from '../fields/fields.ts';
import type {CacheMode, RequestBody, RequestHead} from '../model/messages.ts';
import type {Transport} from '../model/transport.ts';
import {isRequest} from '../options/target.ts';
import {type FetchCall, type FetchInit, type FetchInput, membersOf} from './fetch-request.ts';
import {checkedResponse, isHidden, received} from './fetch-response.ts';
import {isForeign, platform} from './platform.ts';
import {linesOf} from './response-init.ts';
import type {FetchFunction} from './sender.ts';
import type {SendOptions} from './sends.ts';

/** In workerd such an answer holds a socket, which no other object can. */
const switchingProtocols = 101;

/**
 * Sends the engine's requests through `send`, keeping everything else the caller asked of fetch.
 *
 * `onHidden` is told of answers that scripts may not read, or make anew: their caller must get the very object.
 */
export function fetchTransport(
  send: FetchFunction,
  call: FetchCall,
  onHidden?: (response: Response) => void,
  options: SendOptions = {},
): Transport {
  return async (request, body, signal) => {
    const init = sentInit(call, request, body, signal, options);
    let response = checkedResponse(await send(...sent(call, request, init)), 'what fetch resolved to');
    if (call.follows && response.type === 'opaqueredirect') {
      response = await send(...sent(call, request, {...init, redirect: 'follow'}));
    }
    if (isHidden(response) || response.status === switchingProtocols) onHidden?.(response);
    return received(response, request.url);
  };
}

/** The arguments for fetch. A `Request` keeps its URL, so a redirect's next hop gets its members as init instead. */
function sent({input, head}: FetchCall, request: RequestHead, init: RequestInit): [FetchInput, RequestInit] {
  const isFirst = request.url === head.url;
  if (!isRequest(input)) return [isFirst && typeof input === 'string' ? input : request.url, init];
  return isFirst ? [input, init] : [request.url, {...membersOf(input), ...init}];
}

function sentInit(
  call: FetchCall,
  request: RequestHead,
  body: RequestBody | undefined,
  signal: AbortSignal | undefined,
  options: SendOptions,
): RequestInit {
  const init = {...call.init};
  // Without a signal of anybody's there is none to switch off.
  if (signal !== undefined || call.signal !== undefined) init.signal = signal ?? null;
  const fields = sentFields(call, request, options);
  // In place of a Request's own, which may have changed since.
  if (fields !== Fields.none || isRequest(call.input)) init.headers = linesOf(fields);
  // A Blob of what a Request had: see `text` in fetch-content.ts.
  if (body?.type === 'bytes' && typeof init.body !== 'string') {
    const bytes = body.bytes as Uint8Array<ArrayBuffer>;
    init.body = isRequest(call.input) ? new Blob([bytes]) : bytes;
  }
  if (call.follows) init.redirect = 'manual';
  const mode = sentMode(call, request, options);
  return mode === undefined ? init : withMode(init, mode);
}

const withMode = (init: RequestInit, cache: CacheMode): FetchInit => ({...init, cache});

const conditions = ['if-none-match', 'if-modified-since', 'if-range'] as const;

const isConditionAdded = ({head}: FetchCall, {fields}: RequestHead): boolean =>
  conditions.some(name => fields.has(name) && fields.get(name) !== head.fields.get(name));

/**
 * A condition of ours would make a browser ask another origin for leave first. Without it the browser validates what it
 * has itself, in mode `no-cache`, and asks nobody.
 */
function wouldPreflight(call: FetchCall, request: RequestHead, {preflight}: SendOptions): boolean {
  return preflight !== true && isForeign(request.url) && isConditionAdded(call, request);
}

/**
 * The fields to send.
 *
 * Fetch verifies integrity on a 304 and on a part too, and fails: with integrity, what the caller asked for is asked
 * for. In a browser the mode `reload` alone asks the caches below; a Cache-Control field of ours would cause a preflight.
 */
export function sentFields(call: FetchCall, request: RequestHead, options: SendOptions): Fields {
  const {fields} = request;
  const isAsAsked = call.integrity !== '' && isConditionAdded(call, request);
  if (isAsAsked || wouldPreflight(call, request, options)) return asAsked(call, fields);
  if (platform.client !== 'browser' || request.mode === call.head.mode) return fields;
  const asked = call.head.fields.get('cache-control');
  return asked === undefined ? fields.without(['cache-control']) : fields.with('cache-control', asked);
}

function asAsked({head}: FetchCall, fields: Fields): Fields {
  const added = [...conditions, 'range'].filter(name => fields.get(name) !== head.fields.get(name));
  const own = added.flatMap(name => head.fields.lines(name).map(value => [name, value] as const));
  return Fields.from([...fields.without(added), ...own]);
}

/**
 * The cache mode to send, `undefined` for the caller's own.
 *
 * Node turns `default` into a reload (Cache-Control and Pragma: no-cache) when it sees a condition; `no-cache` makes
 * it `max-age=0`, which is what a validation means.
 */
export function sentMode(call: FetchCall, request: RequestHead, options: SendOptions): CacheMode | undefined {
  if (options.transport === 'no-store') return 'no-store';
  if (platform.isWorkerd) return undefined;
  if (wouldPreflight(call, request, options)) return request.mode === 'reload' ? 'reload' : 'no-cache';
  if (request.mode !== call.head.mode) return request.mode;
  return platform.reloadsConditions && call.head.mode === 'default' && isConditionAdded(call, request)
    ? 'no-cache'
    : undefined;
}
