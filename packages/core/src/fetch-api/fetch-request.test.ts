import {describe, expect, test, vi} from 'vitest';
import {fetchCall} from './fetch-request.ts';

const url = 'https://example.com/a';
const head = (...given: Parameters<typeof fetchCall>) => fetchCall(...given)?.head;

describe('the URL', () => {
  test.each<[name: string, input: string | URL | Request, expected: string]>([
    ['a string', 'https://example.com/a', url],
    ['a URL', new URL('https://example.com/a'), url],
    ['a Request', new Request('https://example.com/a'), url],
    ['a string in need of normalising', ' HTTPS://EXAMPLE.com:443/b/../a ', url],
    ['a string with a fragment', 'https://example.com/a#part', url],
    ['a Request with a fragment', new Request('https://example.com/a#part'), url],
    ['a host alone', 'http://example.com', 'http://example.com/'],
  ])('is read from %s', (_, input, expected) => {
    expect(head(input)?.url).toBe(expected);
  });

  test('a relative one is resolved against the page', () => {
    vi.stubGlobal('location', {href: 'https://example.com/page/'});
    expect(head('../a')?.url).toBe(url);
    vi.unstubAllGlobals();
  });

  test('is what fetch makes of anything else', () => {
    const odd = {toString: () => url};
    expect(head(odd as unknown as string, null)?.url).toBe(url);
  });

  test('a Request of another realm is recognised', () => {
    const foreign = {
      [Symbol.toStringTag]: 'Request',
      url,
      method: 'GET',
      headers: new Headers({accept: 'text/plain'}),
      body: null,
    };
    const call = fetchCall(foreign as unknown as Request);
    expect(call?.head.url).toBe(url);
    expect(call?.head.fields.get('accept')).toBe('text/plain');
  });
});

describe('calls the cache leaves to fetch', () => {
  test.each<[name: string, input: string | Request, init?: object]>([
    ['a relative URL without a page', '/a'],
    ['a URL with user information', 'https://user:word@example.com/'],
    ['a data URL', 'data:text/plain,hi'],
    ['a Request for a blob', new Request('blob:nodedata:0')],
    ['a forbidden method', url, {method: 'TRACE'}],
    ['a method that is no token', url, {method: 'GE T'}],
    ['a GET with a body', url, {body: 'x'}],
    ['a field name that is no token', url, {headers: {'x y': 'z'}}],
    ['a field value with a line break', url, {headers: {x: 'a\nb'}}],
    ['a field value beyond eight bits', url, {headers: [['x', 'ł']]}],
    ['a pair that is none', url, {headers: [['x', 'y', 'z']]}],
    ['an unknown cache mode', url, {cache: 'sometimes'}],
    ['an unknown redirect mode', url, {redirect: 'perhaps'}],
    ['only-if-cached across origins', url, {cache: 'only-if-cached'}],
    ['navigate', url, {mode: 'navigate'}],
    ['no input', undefined as never],
    ['an input that is null', null as never, {}],
    ['an init that is no object', url, 5 as never],
    ['a signal that is none', url, {signal: {}}],
    ['headers that are null', url, {headers: null}],
    ['headers that are text', url, {headers: 'abc'}],
  ])('%s', (_, input, init) => {
    expect(fetchCall(input, init)).toBeUndefined();
  });

  test('no-cors is none of them, but goes past the cache: its answer may be hidden', () => {
    for (const input of [url, new Request(url, {mode: 'no-cors'})])
      expect(fetchCall(input, {mode: 'no-cors'})).toMatchObject({
        head: {mode: 'default'},
        isUnkeyed: true,
        follows: false,
      });
  });

  test('a Request whose body is used', async () => {
    const request = new Request(url, {method: 'POST', body: 'x'});
    await request.text();
    expect(fetchCall(request)).toBeUndefined();
  });

  test('same-origin for another origin than the page', () => {
    vi.stubGlobal('location', {href: 'https://example.com/', origin: 'https://example.com'});
    vi.stubGlobal('origin', 'of all evil');
    expect(fetchCall('https://example.org/', {mode: 'same-origin'})).toBeUndefined();
    expect(fetchCall('https://example.com/', {mode: 'same-origin'})).toBeDefined();
    vi.unstubAllGlobals();
  });
});

test.each([
  ['get', 'GET'],
  ['Post', 'POST'],
  ['delete', 'DELETE'],
  ['patch', 'patch'],
  ['QUERY', 'QUERY'],
  ['query', 'query'],
  ['pUrGe', 'pUrGe'],
])('the method %s is sent as %s', (method, expected) => {
  expect(head(url, {method})?.method).toBe(expected);
});

describe('fields', () => {
  test.each<[name: string, headers: RequestInit['headers']]>([
    ['Headers', new Headers({'X-One': '1', 'X-Two': '2'})],
    [
      'pairs',
      [
        ['X-One', '1'],
        ['X-Two', '2'],
      ],
    ],
    ['a record', {'X-One': '1', 'X-Two': '2'}],
    ['a record with white space', {'X-One': ' 1 ', 'X-Two': '2'}],
  ])('are read from %s', (_, headers) => {
    const fields = head(url, headers === undefined ? {} : {headers})?.fields;
    expect([fields?.get('x-one'), fields?.get('x-two')]).toEqual(['1', '2']);
  });

  test('of init replace those of a Request', () => {
    const request = new Request(url, {headers: {'x-one': '1', 'x-two': '2'}});
    const fields = head(request, {headers: {'x-one': '3'}})?.fields;
    expect([fields?.get('x-one'), fields?.get('x-two')]).toEqual(['3', undefined]);
  });

  test('undefined in a record is the text fetch makes of it', () => {
    expect(head(url, {headers: {x: undefined} as unknown as Record<string, string>})?.fields.get('x')).toBe(
      'undefined',
    );
  });
});

describe('settings', () => {
  test('init overrides a Request', () => {
    const request = new Request(url, {
      method: 'POST',
      cache: 'reload',
      redirect: 'error',
      integrity: 'sha256-a',
    });
    expect(head(request)).toMatchObject({
      method: 'POST',
      mode: 'reload',
      redirect: 'error',
      variant: 'integrity=sha256-a;',
    });
    const overridden = head(request, {method: 'GET', cache: 'default', redirect: 'follow', integrity: ''});
    expect(overridden).toMatchObject({method: 'GET', mode: 'default', redirect: 'follow', variant: ''});
  });

  test.each<[name: string, init: object, variant: string]>([
    ['nothing', {}, ''],
    ['what is the default', {mode: 'cors', credentials: 'same-origin', integrity: ''}, ''],
    ['keepalive and priority', {keepalive: true, priority: 'high', referrer: ''}, ''],
    ['mode', {mode: 'same-origin'}, 'mode=same-origin;'],
    ['credentials', {credentials: 'include'}, 'credentials=include;'],
    ['integrity', {integrity: 'sha256-a'}, 'integrity=sha256-a;'],
  ])('%s in init tells answers apart by "%o"', (_, init, variant) => {
    expect(head(url, init)?.variant).toBe(variant);
  });

  test('content that Bun is to leave encoded is in no key', () => {
    expect(fetchCall(url, {decompress: false} as RequestInit)?.isUnkeyed).toBe(true);
    expect(fetchCall(url, {decompress: true} as RequestInit)?.isUnkeyed).toBe(false);
  });

  test('each dispatcher has its own answers', () => {
    const one = {};
    const variants = [one, one, {}].map(dispatcher => head(url, {dispatcher} as RequestInit)?.variant);
    expect(variants[0]).toMatch(/^agent=/);
    expect(variants[1]).toBe(variants[0]);
    expect(variants[2]).not.toBe(variants[0]);
  });

  test.each(['proxy', 'unix', 'tls', 'cf'])('a request with %s is neither read nor stored', name => {
    expect(fetchCall(url, {[name]: 'x'})?.isUnkeyed).toBe(true);
    expect(fetchCall(url, {})?.isUnkeyed).toBe(false);
  });

  test('the signal is that of init, else that of the Request', () => {
    const {signal} = new AbortController();
    const request = new Request(url, {signal: new AbortController().signal});
    expect(fetchCall(request, {signal})?.signal).toBe(signal);
    expect(fetchCall(request)?.signal).toBe(request.signal);
    expect(fetchCall(request, {signal: null})?.signal).toBeUndefined();
  });
});

describe('content', () => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetchCall(url, {method: 'POST', headers, body} as RequestInit);
  const text = (call: ReturnType<typeof fetchCall>): string | undefined =>
    call?.body?.type === 'bytes' ? new TextDecoder().decode(call.body.bytes) : call?.body?.type;

  test.each<[name: string, body: unknown, expected: string | undefined, type: string | undefined]>([
    ['none', null, undefined, undefined],
    ['a string', 'ä', 'ä', 'text/plain;charset=UTF-8'],
    ['URLSearchParams', new URLSearchParams({a: '1 2'}), 'a=1+2', 'application/x-www-form-urlencoded;charset=UTF-8'],
    ['bytes', new TextEncoder().encode('abc'), 'abc', undefined],
    ['a part of a buffer', new TextEncoder().encode('abc').subarray(1), 'bc', undefined],
    ['an ArrayBuffer', new TextEncoder().encode('abc').buffer, 'abc', undefined],
    ['a Blob', new Blob(['abc'], {type: 'text/plain'}), 'opaque', undefined],
    ['FormData', new FormData(), 'opaque', undefined],
    ['a stream', new ReadableStream(), 'opaque', undefined],
    ['long text', 'x'.repeat(65_537), 'opaque', 'text/plain;charset=UTF-8'],
    ['many bytes', new Uint8Array(65_537), 'opaque', undefined],
  ])('%s', (_, body, expected, type) => {
    const call = post(body);
    expect(text(call)).toBe(expected);
    expect(call?.head.fields.get('content-type')).toBe(type);
  });

  test('keeps the media type the caller gave', () => {
    expect(post('{}', {'Content-Type': 'application/json'})?.head.fields.get('content-type')).toBe('application/json');
  });

  test('is copied before the caller can change it', () => {
    const bytes = new TextEncoder().encode('abc');
    const call = post(bytes);
    bytes.fill(0);
    expect(text(call)).toBe('abc');
  });

  test('of a Request is opaque', () => {
    const call = fetchCall(new Request(url, {method: 'POST', body: 'x'}));
    expect(call?.body).toEqual({type: 'opaque'});
    expect(call?.head.fields.get('content-type')).toBe('text/plain;charset=UTF-8');
  });
});

test.each<[name: string, init: RequestInit, follows: boolean]>([
  ['a GET', {}, true],
  ['a HEAD', {method: 'HEAD'}, true],
  ['a POST', {method: 'POST'}, false],
  ['a GET that refuses redirects', {redirect: 'error'}, false],
  ['a GET that wants to see redirects', {redirect: 'manual'}, false],
  ['a GET with integrity', {integrity: 'sha256-a'}, false],
])('whether redirects of %s are followed here: $2', (_, init, follows) => {
  expect(fetchCall(url, init)?.follows).toBe(follows);
});
