// Where stories happen: a cache, a clock that only tests move, and an origin that answers what it is told.

import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import {cachingFetch} from '../../src/adapter/caching-fetch.ts';
import type {HandleOptions} from '../../src/engine/answer.ts';
import {HttpCache} from '../../src/engine/http-cache.ts';
import {Fields, type FieldsSource} from '../../src/fields/fields.ts';
import type {
  BodySource,
  CacheMode,
  RedirectMode,
  RequestBody,
  RequestHead,
  ResponseHead,
} from '../../src/model/messages.ts';
import type {Store} from '../../src/model/store.ts';
import type {Answer, Transport} from '../../src/model/transport.ts';
import type {EpochMs, Seconds} from '../../src/model/units.ts';
import type {HttpCacheOptions} from '../../src/options/options.ts';
import type {RequestOptions} from '../../src/options/request-options.ts';
import {MemoryStore} from '../../src/stores/memory.ts';
import {noon, requestHead} from '../builders.ts';
import {SlowStore} from '../slow-store.ts';

export {dateAt} from '../builders.ts';

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
  readonly signal?: AbortSignal;
  /** Redirects are followed here, this many at most. */
  readonly follows?: number;
};

/** An answer of the origin, in short: a 200 with `max-age=60` and `hello` unless said otherwise. */
export type Reply = Partial<Pick<ResponseHead, 'status' | 'statusText' | 'redirected' | 'type' | 'url'>> & {
  readonly fields?: FieldsSource;
  /** Text, the chunks of a stream, or a stream of the test's own. */
  readonly body?: string | readonly string[] | ReadableStream<Uint8Array> | null;
  /** The body ends with this error after its last chunk. */
  readonly breaks?: Error;
  /** No answer comes, but this error. */
  readonly error?: Error;
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

/** Lets everything that can happen without time passing happen. */
export async function settled(turns = 40): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise(resolve => setImmediate(resolve));
}

/** A clock, and timers that only move with it. */
export class Clock {
  now: EpochMs = noon;
  readonly #timers = new Map<number, {readonly at: EpochMs; readonly callback: () => void}>();
  #made = 0;
  readonly timers = {
    setTimeout: (callback: () => void, ms: number): number => {
      this.#timers.set(++this.#made, {at: this.now + ms, callback});
      return this.#made;
    },
    clearTimeout: (timer: unknown): void => void this.#timers.delete(timer as number),
  };

  /** How many timers are set. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets this much time pass, timers and what follows from them included. */
  async advance(seconds: Seconds): Promise<void> {
    const end = this.now + seconds * 1000;
    await settled(5);
    for (let due = this.#due(end); due !== undefined; due = this.#due(end)) {
      const [id, {at, callback}] = due;
      this.#timers.delete(id);
      this.now = Math.max(this.now, at);
      callback();
      await settled(5);
    }
    this.now = end;
  }

  #due(end: EpochMs): [number, {readonly at: EpochMs; readonly callback: () => void}] | undefined {
    return [...this.#timers].filter(([, {at}]) => at <= end).toSorted(([, one], [, other]) => one.at - other.at)[0];
  }
}

type Answering = (
  request: RequestHead,
  signal: AbortSignal | undefined,
  body: RequestBody | undefined,
) => Reply | Promise<Reply>;

const scriptedHosts = {a: 'https://a.example', b: 'https://b.example'} as const;

/** A path of `{a}` when it is a whole URL, and placeholders, to what they stand for where transports are scripted. */
const scriptedUrl = (given: string, isUrl = true): string => located(scriptedHosts.a, scriptedHosts.b)(given, isUrl);

/** An origin that answers as it is told, and remembers what it saw. */
export class ScriptedOrigin {
  readonly seen: RequestHead[] = [];
  readonly bodies: 'bytes' | 'streams';
  /** Answers a request. */
  answering: Answering = ({method, url}) => {
    throw new Error(`unexpected request: ${method} ${url}`);
  };

  constructor(bodies: 'bytes' | 'streams' = 'bytes') {
    this.bodies = bodies;
  }

  /** Answers with these, in order; one more request is an error. */
  script(replies: readonly Reply[]): void {
    const waiting = [...replies];
    this.answering = ({method, url}) => {
      const reply = waiting.shift();
      if (reply === undefined) throw new Error(`unexpected request: ${method} ${url}`);
      return reply;
    };
  }

  /** Answers every request only when told to: the result gives answers, in the order of the requests. */
  hold(): {answer(reply: Reply): Promise<void>; readonly waiting: number} {
    const waiting: ((reply: Reply) => void)[] = [];
    this.answering = (_, signal) =>
      new Promise<Reply>((resolve, reject) => {
        waiting.push(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason), {once: true});
      });
    return {
      answer: async reply => {
        waiting.shift()?.(reply);
        await settled();
      },
      get waiting() {
        return waiting.length;
      },
    };
  }

  readonly transport: Transport = async (request, body, signal) => {
    this.seen.push(request);
    const reply = await this.answering(request, signal, body);
    if (reply.error !== undefined) throw reply.error;
    const {status = 200, statusText = '', fields = {'cache-control': 'max-age=60'}} = reply;
    const {url = request.url, redirected = false, type = 'default'} = reply;
    const head = {status, statusText, fields: Fields.from(placed(fields)), url, redirected, type};
    return {head, body: this.#bodyOf(reply, request)};
  };

  #bodyOf({status, body = 'hello', breaks}: Reply, {method}: RequestHead): BodySource {
    if (body === null || method === 'HEAD' || status === 204 || status === 304) return null;
    if (body instanceof ReadableStream) return body;
    if (typeof body === 'string' && breaks === undefined && this.bodies === 'bytes') return Buffer.from(body);
    return streamOf([body].flat(), breaks);
  }
}

const placed = (fields: FieldsSource): [string, string][] =>
  [...Fields.from(fields)].map(([name, value]) => [name, scriptedUrl(value, false)]);

/** A stream of these texts, one chunk each; it may break at its end. */
export function streamOf(texts: readonly string[], breaks?: Error): ReadableStream<Uint8Array> {
  const waiting = [...texts];
  return new ReadableStream<Uint8Array>(
    {
      pull: controller => {
        const next = waiting.shift();
        if (next !== undefined) return controller.enqueue(new TextEncoder().encode(next));
        if (breaks === undefined) controller.close();
        else controller.error(breaks);
      },
    },
    {highWaterMark: 0},
  );
}

/** A body as text. */
export async function text(body: BodySource): Promise<string> {
  if (body === null) return '';
  return new Response(body as ConstructorParameters<typeof Response>[0]).text();
}

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

/** Text to what it stands for at a place; only URLs may be paths. */
type Locating = (given: string, isUrl?: boolean) => string;

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

function located(a: string, b: string): Locating {
  return (given, isUrl = true) =>
    (isUrl && given.startsWith('/') ? `${a}${given}` : given).replaceAll('{a}', a).replaceAll('{b}', b);
}

const wholeRequest = (asked: string | Asked): Asked => (typeof asked === 'string' ? {url: asked} : asked);

const replaced = (fields: Readonly<Record<string, string>>, url: Locating): [string, string][] =>
  Object.entries(fields).map(([name, value]) => [name, url(value, false)]);

function handleOptions({body, options, signal, follows}: Asked): HandleOptions {
  const redirects = {
    max: follows ?? 0,
    tooMany: () => new Error('too many redirects'),
    invalid: (location: string) => new Error(`invalid redirect: ${location}`),
  };
  const content: RequestBody | undefined =
    body === undefined || body === 'opaque'
      ? body && {type: 'opaque'}
      : {type: 'bytes', bytes: new TextEncoder().encode(body)};
  return {signal, options, body: content, redirects: follows === undefined ? undefined : redirects};
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

/** The scripted origin behind a real server; what it saw is what really arrived. */
async function listening(origin: ScriptedOrigin, url: () => Locating): Promise<string> {
  const server = createServer(async (request, response) => {
    const fields = Fields.from(request.headers as FieldsSource);
    const path = request.url ?? '';
    const head = requestHead({method: request.method ?? '', url: `http://${request.headers.host}${path}`, fields});
    for await (const _ of request);
    try {
      origin.seen.push(head);
      const reply = await origin.answering(head, undefined, undefined);
      await written(response, reply, url());
    } catch {
      request.socket.destroy();
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function written(response: ServerResponse, reply: Reply, url: Locating): Promise<void> {
  if (reply.error !== undefined) throw reply.error;
  const {status = 200, statusText, fields = {'cache-control': 'max-age=60'}, body = 'hello', breaks} = reply;
  response.sendDate = false;
  const lines = [...Fields.from(fields)].flatMap(([name, value]) => [name, url(value, false)]);
  response.writeHead(status, statusText ?? '', lines);
  for (const chunk of typeof body === 'string' ? [body] : ((body ?? []) as readonly string[])) response.write(chunk);
  if (breaks === undefined) response.end();
  else setImmediate(() => response.socket?.resetAndDestroy());
}

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
