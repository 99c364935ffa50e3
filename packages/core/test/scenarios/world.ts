// Where stories happen: a cache, a clock that only tests move, and an origin that answers what it is told.

import {cachingFetch} from '../../src/adapter/caching-fetch.ts';
import type {HandleOptions} from '../../src/engine/answer.ts';
import {HttpCache} from '../../src/engine/http-cache.ts';
import {Fields} from '../../src/fields/fields.ts';
import type {BodySource, CacheMode, RedirectMode, RequestBody} from '../../src/model/messages.ts';
import type {Store} from '../../src/model/store.ts';
import type {Answer} from '../../src/model/transport.ts';
import type {Seconds} from '../../src/model/units.ts';
import type {HttpCacheOptions} from '../../src/options/options.ts';
import type {Defaults, RequestOptions} from '../../src/options/request-options.ts';
import {MemoryStore} from '../../src/stores/memory.ts';
import {requestHead} from '../builders.ts';
import {SlowStore} from '../slow-store.ts';
import {Clock, settled} from './clock.ts';
import {listening} from './listening-origin.ts';
import {type Locating, located, ScriptedOrigin, scriptedUrl, text} from './scripted-origin.ts';

/** A request, in short. URLs and field values may hold `{a}` and `{b}`: the two origins. A path is of `{a}`. */
export type Asked = {
  readonly url: string;
  readonly method?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly mode?: CacheMode;
  readonly redirect?: RedirectMode;
  readonly client?: string;
  readonly variant?: string;
  /** Content, keyed as bytes; `opaque` stands for a stream. */
  readonly body?: string;
  readonly options?: RequestOptions | false;
  /** What the adapter was made with; not over HTTP. */
  readonly defaults?: Defaults;
  readonly signal?: AbortSignal;
  /** Redirects are followed here, this many at most. */
  readonly follows?: number;
};

/** What a client got, body and all. */
export type Shown = {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly redirected: boolean;
  readonly fields: Fields;
  readonly body: string;
  readonly age: Seconds | undefined;
  readonly was: string | undefined;
};

/** An answer, read to its end. */
export async function shown({head, body}: Answer): Promise<Shown> {
  const {status, statusText, url, redirected, fields} = head;
  const age = fields.get('age');
  return {
    status,
    statusText,
    url,
    redirected,
    fields,
    body: await text(body),
    age: age === undefined ? undefined : Number(age),
    was: wasOf(fields),
  };
}

const wasOf = (fields: Fields): string | undefined =>
  /^(?:.*, )?limpid;? ?(.*)$/.exec(fields.get('cache-status') ?? '')?.[1];

/** A cache, its clock, its origin. */
export type World = {
  readonly cache: HttpCache;
  readonly clock: Clock;
  readonly origin: ScriptedOrigin;
  readonly store: Store;
  /** A path, or `{a}` and `{b}`, to what they stand for here. */
  readonly url: Locating;
  /** Asks, and reads the answer. */
  readonly ask: (asked: string | Asked) => Promise<Shown>;
  /** Asks, and leaves the body alone. */
  readonly send: (asked: string | Asked) => Promise<Answer>;
};

/** A place where stories are told. */
export type Place = {
  readonly name: string;
  readonly over: 'handle' | 'http';
  readonly open: (options?: HttpCacheOptions) => Promise<World>;
};

const wholeRequest = (asked: string | Asked): Asked => (typeof asked === 'string' ? {url: asked} : asked);

const replaced = (fields: Readonly<Record<string, string>>, url: Locating): [string, string][] =>
  Object.entries(fields).map(([name, value]) => [name, url(value, false)]);

function handleOptions({body, options, defaults, signal, follows}: Asked): HandleOptions {
  const redirects = {
    max: follows ?? 0,
    tooMany: () => new Error('too many redirects'),
    invalid: (location: string) => new Error(`invalid redirect: ${location}`),
  };
  const content: RequestBody | undefined =
    body === undefined || body === 'opaque'
      ? body && {type: 'opaque'}
      : {type: 'bytes', bytes: new TextEncoder().encode(body)};
  return {signal, options, defaults, body: content, redirects: follows === undefined ? undefined : redirects};
}

/** A world whose transport is scripted. */
export function scripted(
  store: Store,
  clock: Clock,
  bodies: 'bytes' | 'streams',
  options: HttpCacheOptions = {},
): World {
  const origin = new ScriptedOrigin(bodies);
  const cache = new HttpCache({store, now: () => clock.now, timers: clock.timers, ...options});
  const url = scriptedUrl;
  const send = async (given: string | Asked): Promise<Answer> => {
    const {fields = {}, ...asked} = wholeRequest(given);
    const head = requestHead({...asked, url: url(asked.url), fields: replaced(fields, url)});
    return cache.handle(head, origin.transport, handleOptions(asked));
  };
  const isSlow = store instanceof SlowStore;
  const ask = async (given: string | Asked): Promise<Shown> => {
    const read = await shown(await send(given));
    if (isSlow) await settled(2);
    return read;
  };
  return {cache, clock, origin, store, url, ask, send};
}

const openMemory: Place['open'] = async options => {
  const clock = new Clock();
  return scripted(new MemoryStore({now: () => clock.now}), clock, 'bytes', options);
};

const openSlow: Place['open'] = async options => {
  const clock = new Clock();
  const store = new SlowStore(new MemoryStore({now: () => clock.now}), run => void setImmediate(run));
  return scripted(store, clock, 'streams', options);
};

const openHttp: Place['open'] = async options => {
  const clock = new Clock();
  const origin = new ScriptedOrigin();
  let url = located('', '');
  const hosts = await Promise.all([listening(origin, () => url), listening(origin, () => url)]);
  url = located(...hosts);
  const store = new MemoryStore({now: () => clock.now});
  const cache = new HttpCache({store, now: () => clock.now, timers: clock.timers, ...options});
  const get = cachingFetch(cache);
  const fetched = async (given: string | Asked): Promise<Response> => {
    const {fields = {}, mode, options: own, body, follows: _, client: __, variant: ___, ...asked} = wholeRequest(given);
    return get(url(asked.url), {
      ...asked,
      headers: replaced(fields, url),
      ...(mode !== undefined && {cache: mode}),
      ...(body !== undefined && {body}),
      limpid: own,
    });
  };
  const send = async (given: string | Asked): Promise<Answer> => {
    const response = await fetched(given);
    const {status, statusText, redirected, type} = response;
    const head = {status, statusText, redirected, type, url: response.url, fields: Fields.from(response.headers)};
    return {head, body: response.body as BodySource};
  };
  return {cache, clock, origin, store, url, send, ask: async given => shown(await send(given))};
};

/** Every place. */
export const places: readonly Place[] = [
  {name: 'over a memory store', over: 'handle', open: openMemory},
  {name: 'over a slow store', over: 'handle', open: openSlow},
  {name: 'over HTTP', over: 'http', open: openHttp},
];
