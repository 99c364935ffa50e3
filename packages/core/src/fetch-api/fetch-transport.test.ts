import {describe, expect, test} from 'vitest';
import type {RequestBody, RequestHead} from '../model/messages.ts';
import {type FetchInit, type FetchInput, fetchCall} from './fetch-request.ts';
import {fetchTransport} from './fetch-transport.ts';

const url = 'https://example.com/a';

/** What fetch is called with when the engine, asked for `input` and `init`, sends `change` of that. */
async function sent(
  input: FetchInput,
  init: FetchInit = {},
  change: (head: RequestHead) => RequestHead = head => head,
  body?: RequestBody,
) {
  const calls: {input: FetchInput; init: FetchInit}[] = [];
  const call = fetchCall(input, init);
  if (call === undefined) throw new Error('not for the cache');
  const send = async (given: FetchInput, givenInit?: RequestInit): Promise<Response> => {
    calls.push({input: given, init: givenInit ?? {}});
    return new Response('hello');
  };
  await fetchTransport(send, call)(change(call.head), body ?? call.body, undefined);
  const [only] = calls;
  if (only === undefined) throw new Error('nothing was sent');
  return only;
}

/** In whichever form they were given, in order. */
const headerLines = ({headers = {}}: FetchInit): readonly (readonly [string, string])[] =>
  Array.isArray(headers) ? headers : Object.entries(headers as Record<string, string>);

const validating = (head: RequestHead): RequestHead => ({...head, fields: head.fields.with('if-none-match', '"a"')});
const hop = (head: RequestHead): RequestHead => ({
  ...head,
  url: 'https://example.com/b',
  fields: head.fields.with('x-hop', '1'),
});

describe('what the caller gave', () => {
  test('is sent on, without limpid', async () => {
    const dispatcher = {};
    const init = {
      credentials: 'include',
      keepalive: true,
      priority: 'high',
      dispatcher,
      headers: {'X-One': '1'},
    } as const;
    const given = await sent(url, {...init, limpid: {ttl: '1m'}} as unknown as FetchInit);
    expect(given.input).toBe(url);
    expect(given.init).toEqual({...init, headers: {'x-one': '1'}, redirect: 'manual'});
  });

  test('is a Request: it is sent itself, its referrer kept', async () => {
    const request = new Request(url, {referrer: 'https://example.com/page', headers: {'x-one': '1'}});
    const given = await sent(request);
    expect(given.input).toBe(request);
    expect(given.init).toMatchObject({referrer: request.referrer, referrerPolicy: request.referrerPolicy});
    expect(given.init.headers).toEqual({'x-one': '1'});
  });

  test.each<FetchInit>([{headers: {'x-one': '1'}}, {signal: null}])(
    'resets the referrer of a Request, as any init does: %o',
    async init => {
      const request = new Request(url, {referrer: 'https://example.com/page'});
      for (const change of [undefined, hop]) {
        expect((await sent(request, init, change)).init).not.toHaveProperty('referrer');
        expect((await sent(request, {}, change)).init.referrer).toBe(request.referrer);
      }
    },
  );

  test.each([{signal: undefined}, {next: {revalidate: 1}}])(
    'keeps that of a Request where it says nothing: %o',
    async init => {
      const request = new Request(url, {referrer: 'https://example.com/page'});
      expect((await sent(request, init as FetchInit)).init.referrer).toBe(request.referrer);
    },
  );

  test.each([
    ['inherited', Object.create({method: 'DELETE', redirect: 'error', body: 'abc'}) as FetchInit],
    [
      'told by getters',
      new (class {
        method = 'DELETE';
        get redirect() {
          return 'error';
        }
        get body() {
          return 'abc';
        }
      })() as FetchInit,
    ],
  ])('is %s, and sent all the same', async (_, init) => {
    expect((await sent(url, init)).init).toMatchObject({method: 'DELETE', redirect: 'error', body: 'abc'});
  });

  test('is a Request in place of init: its members count', async () => {
    const init = new Request('https://example.org/', {method: 'POST', headers: {'x-one': '1'}, body: 'abc'});
    const given = await sent(url, init);
    const request = new Request(given.input, {...given.init, duplex: 'half'} as RequestInit);
    expect([request.url, request.method, request.headers.get('x-one')]).toEqual([url, 'POST', '1']);
    expect(await request.text()).toBe('abc');
  });

  test('is content: its copy is sent with its media type', async () => {
    const given = await sent(url, {method: 'POST', body: 'ä'});
    const request = new Request(given.input, given.init);
    expect(request.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect(await request.text()).toBe('ä');
  });

  test('is content: text is sent as text, and what a Request had as a Blob, which redirects can send once more', async () => {
    const bytes = {type: 'bytes', bytes: new TextEncoder().encode('a=1')} as const;
    expect((await sent(url, {method: 'POST', body: 'ä'})).init.body).toBe('ä');
    expect((await sent(url, {method: 'POST', body: new URLSearchParams('a=1')})).init.body).toBe('a=1');
    const request = new Request(url, {method: 'POST', body: 'a=1'});
    const {input, init} = await sent(request, {}, undefined, bytes);
    expect(init.body).toBeInstanceOf(Blob);
    const again = new Request(input, init);
    expect([await again.text(), again.headers.get('content-type')]).toEqual(['a=1', 'text/plain;charset=UTF-8']);
  });

  test('is a form: fetch gives it its media type', async () => {
    const form = new FormData();
    form.set('a', '1');
    const given = await sent(url, {method: 'POST', body: form}, head => ({
      ...head,
      fields: head.fields.with('x-one', '1'),
    }));
    const request = new Request(given.input, given.init);
    expect(request.headers.get('content-type')).toMatch(/^multipart\/form-data; ?boundary=/);
    expect(request.headers.get('x-one')).toBe('1');
  });
});

describe('what the engine decides', () => {
  test('fields are sent as given', async () => {
    const given = await sent(url, {headers: {'X-One': '1'}}, validating);
    expect(headerLines(given.init)).toEqual([
      ['x-one', '1'],
      ['if-none-match', '"a"'],
    ]);
  });

  test('the signal is the engine’s, not the caller’s', async () => {
    const {signal} = new AbortController();
    const call = fetchCall(url, {signal: new AbortController().signal});
    const signals: unknown[] = [];
    const send = async (_: FetchInput, init?: RequestInit): Promise<Response> => {
      signals.push(init?.signal);
      return new Response();
    };
    if (call !== undefined) await fetchTransport(send, call)(call.head, undefined, signal);
    expect(signals).toEqual([signal]);
  });

  test('another cache mode is sent instead of the caller’s', async () => {
    const given = await sent(url, {cache: 'force-cache'}, head => ({...head, mode: 'reload'}));
    expect(given.init.cache).toBe('reload');
  });

  test('a hop goes to its own URL with everything else the same', async () => {
    const dispatcher = {} as NonNullable<RequestInit['dispatcher' & keyof RequestInit]>;
    const given = await sent(new URL(url), {dispatcher} as RequestInit, hop);
    expect(given.input).toBe('https://example.com/b');
    expect(given.init).toMatchObject({dispatcher, redirect: 'manual', headers: {'x-hop': '1'}});
  });

  test('a hop of a Request keeps its members', async () => {
    const request = new Request(url, {method: 'HEAD', credentials: 'include', headers: {'x-one': '1'}});
    const given = await sent(request, {}, hop);
    expect(given.input).toBe('https://example.com/b');
    expect(given.init).toMatchObject({method: 'HEAD', credentials: 'include', redirect: 'manual'});
    expect(headerLines(given.init)).toEqual([
      ['x-one', '1'],
      ['x-hop', '1'],
    ]);
  });
});

describe('conditions the engine adds', () => {
  test('are sent with mode no-cache on Node, which would make a reload of them', async () => {
    expect((await sent(url, {}, validating)).init.cache).toBe('no-cache');
    expect((await sent(new Request(url), {}, validating)).init.cache).toBe('no-cache');
  });

  test('leave the caller’s own mode alone', async () => {
    expect((await sent(url, {cache: 'no-cache'}, validating)).init.cache).toBe('no-cache');
    expect((await sent(url, {cache: 'force-cache'}, validating)).init.cache).toBe('force-cache');
  });

  test('the caller’s own conditions leave the mode alone', async () => {
    expect((await sent(url, {headers: {'if-none-match': '"b"'}})).init.cache).toBeUndefined();
  });

  test('are not sent with integrity, which fetch would verify on the 304', async () => {
    const given = await sent(url, {integrity: 'sha256-a'}, validating);
    expect(headerLines(given.init)).toEqual([]);
    expect(given.init.integrity).toBe('sha256-a');
  });

  test('nor is the range that completes a part, but the caller’s own', async () => {
    const completing = {range: 'bytes=5-', 'if-range': '"a"'};
    const adding = (head: RequestHead): RequestHead => ({
      ...head,
      fields: head.fields.with('range', completing.range).with('if-range', completing['if-range']),
    });
    expect(headerLines((await sent(url, {integrity: 'sha256-a'}, adding)).init)).toEqual([]);
    const own = {range: 'bytes=0-9', 'if-range': '"b"', accept: '*/*'};
    const given = await sent(url, {integrity: 'sha256-a', headers: {...own, 'if-range': '"b"'}}, adding);
    expect(Object.fromEntries(headerLines(given.init))).toEqual(own);
  });
});

describe('answers', () => {
  test.each([
    {name: 'are hidden', members: {type: {value: 'opaqueredirect'}}},
    {name: 'hold a socket', members: {status: {value: 101}}},
  ])('that $name reach the caller as the object they are', async ({members}) => {
    const call = fetchCall(url, {redirect: 'manual'});
    const response = Object.defineProperties(new Response(), members);
    const told: Response[] = [];
    if (call !== undefined)
      await fetchTransport(
        async () => response,
        call,
        one => told.push(one),
      )(call.head, undefined, undefined);
    expect(told).toEqual([response]);
  });

  test('a redirect that is hidden against expectation is left to fetch', async () => {
    const modes: unknown[] = [];
    const call = fetchCall(url);
    const send = async (_: FetchInput, init?: RequestInit): Promise<Response> => {
      modes.push(init?.redirect);
      const response = new Response('hello');
      return init?.redirect === 'manual'
        ? Object.defineProperty(response, 'type', {value: 'opaqueredirect'})
        : response;
    };
    const answer = call && (await fetchTransport(send, call)(call.head, undefined, undefined));
    expect(modes).toEqual(['manual', 'follow']);
    expect(answer?.head.status).toBe(200);
  });
});
