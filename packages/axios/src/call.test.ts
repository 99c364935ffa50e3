import {Agent} from 'node:https';
import {Readable} from 'node:stream';
import axios, {AxiosHeaders, type AxiosRequestConfig} from 'axios';
import {describe, expect, test} from 'vitest';
import {type Config, callOf, isUncacheable, requestBody} from './call.ts';

const configOf = ({headers, ...config}: AxiosRequestConfig): Config => ({
  ...config,
  headers: AxiosHeaders.from(headers as AxiosHeaders),
});

function headOf(config: AxiosRequestConfig) {
  const full = configOf({url: 'https://a.example/x', ...config});
  return callOf(axios.getAdapter('http', full), full)?.head;
}

describe('the target URI', () => {
  test.each<[string, AxiosRequestConfig, string]>([
    ['a path over a base', {baseURL: 'https://a.example/v1/', url: '/users'}, 'https://a.example/v1/users'],
    ['an absolute URL over a base', {baseURL: 'https://a.example', url: 'https://b.example/'}, 'https://b.example/'],
    [
      'an absolute URL that must stay under its base',
      {baseURL: 'https://a.example', url: 'https://b.example/', allowAbsoluteUrls: false},
      'https://a.example/https://b.example/',
    ],
    ['parameters', {params: {q: 'a b', ids: [1, 2]}}, 'https://a.example/x?q=a+b&ids[]=1&ids[]=2'],
    ['a serializer', {params: {q: 1}, paramsSerializer: () => 'p=2'}, 'https://a.example/x?p=2'],
    ['a fragment', {url: 'https://a.example/x#part'}, 'https://a.example/x'],
  ])('follows axios for %s', (_, config, url) => {
    expect(decodeURIComponent(headOf(config)?.url ?? '')).toBe(url);
  });

  const identity = ({q}: Record<string, unknown>): string => `q=${String(q)}`;

  test.each<[string, AxiosRequestConfig, string, string, boolean]>([
    ['a query that is empty', {url: '/a?'}, '/a', '/a?', false],
    ['parameters behind it', {url: '/a?', params: {q: 1}}, '/a?q=1', '/a?&q=1', false],
    ['parameters behind a space', {url: '/a ', params: {q: 1}}, '/a?q=1', '/a%20?q=1', false],
    ['a fragment before parameters', {url: '/a?#x', params: {q: 1}}, '/a?q=1', '/a?&q=1', false],
    ['an apostrophe', {url: '/a', params: {q: "it's"}}, '/a?q=it%27s', '/a?q=it%27s', false],
    ['# in parameters', {url: '/a', params: {q: '#x'}, paramsSerializer: identity}, '/a?q=%23x', '/a?q=', true],
    ['é in parameters', {url: '/a', params: {q: 'é'}, paramsSerializer: identity}, '/a?q=%C3%A9', '/a?q=%C3%A9', true],
  ])('is the one that is sent, for %s', (_, {url, ...config}, byHttp, byXhr, isUnclear) => {
    const full = configOf({...config, url: `https://a.example${url}`});
    const xhr = Object.assign(() => Promise.reject(), {adapterName: 'xhr'});
    expect(callOf(axios.getAdapter('http', full), full)).toMatchObject({
      head: {url: `https://a.example${byHttp}`},
      isUnclear,
    });
    expect(callOf(xhr, full)).toMatchObject({head: {url: `https://a.example${byXhr}`}, isUnclear: false});
    expect(callOf(() => Promise.reject(), full)?.isUnclear).toBe(isUnclear || byHttp !== byXhr);
  });

  test('of what a socket is asked begins with the host the http adapter gives it', () => {
    expect(headOf({url: '/users', socketPath: '/x'})?.url).toBe('http://localhost/users');
  });

  test.each(['data:text/plain,x', '/relative', 'https://'])('there is none for %s', url => {
    expect(headOf({url})).toBeUndefined();
  });
});

describe('credentials in the URL', () => {
  const callTo = (url: string, kind: 'http' | 'custom', rest: AxiosRequestConfig = {}) => {
    const config = configOf({...rest, url});
    return callOf(kind === 'http' ? axios.getAdapter('http', config) : () => Promise.reject(), config);
  };

  test.each<[string, AxiosRequestConfig['auth']]>([
    ['https://ann:secret@a.example/x', {username: 'ann', password: 'secret'}],
    ['https://ann%40b.example:gr%C3%BCn@a.example/x', {username: 'ann@b.example', password: 'grün'}],
    ['https://ann@a.example/x', {username: 'ann', password: ''}],
    ['https://:secret@a.example/x', {username: '', password: 'secret'}],
    ['https://a%zz:b%zz@a.example/x', {username: 'a%zz', password: 'b%zz'}],
  ])('of %s are those the http adapter sends', (url, auth) => {
    const call = callTo(url, 'http');
    expect(call).toMatchObject({auth, isUnclear: false, head: {url: 'https://a.example/x'}});
    const expected = `Basic ${Buffer.from(`${auth?.username}:${auth?.password}`).toString('base64')}`;
    expect(call?.head.fields.lines('authorization')).toEqual([expected]);
  });

  test('give way to config.auth', () => {
    const auth = {username: 'bob', password: 'x'};
    expect(callTo('https://ann:secret@a.example/x', 'http', {auth})?.auth).toBe(auth);
  });

  test('stay with any other adapter, and what it makes of them is unclear', () => {
    const call = callTo('https://ann:secret@a.example/x', 'custom');
    expect(call).toMatchObject({auth: undefined, isUnclear: true, head: {url: 'https://a.example/x'}});
    expect(call?.head.fields.names()).toEqual([]);
  });
});

describe('the head', () => {
  test('has the method in upper case, and GET where none is given', () => {
    expect(headOf({method: 'post'})?.method).toBe('POST');
    expect(headOf({})?.method).toBe('GET');
  });

  test('shows config.auth as the credentials that will be sent', () => {
    const auth = {username: 'ann', password: 'grün'};
    const expected = `Basic ${Buffer.from('ann:grün').toString('base64')}`;
    expect(headOf({auth, headers: {Authorization: 'Bearer other'}})?.fields.lines('authorization')).toEqual([expected]);
  });

  test('leaves out headers that are switched off', () => {
    const headers = {'User-Agent': false, 'X-None': null, 'X-Absent': undefined} as object;
    expect(headOf({headers})?.fields.names()).toEqual([]);
  });

  test('has a line for each value of a header', () => {
    const fields = headOf({headers: {'X-Many': ['a', 'b'], Accept: ' c '}})?.fields;
    expect([...(fields ?? [])]).toEqual([
      ['x-many', 'a'],
      ['x-many', 'b'],
      ['accept', 'c'],
    ]);
  });

  test('takes maxRedirects: 0 for redirect mode manual', () => {
    expect(headOf({maxRedirects: 0})?.redirect).toBe('manual');
    expect(headOf({})?.redirect).toBe('follow');
  });
});

describe('what passes the cache by', () => {
  const agent = new Agent({keepAlive: true});
  const personal = new Agent({cert: 'c', key: 'k'});

  test.each<[string, AxiosRequestConfig, AxiosRequestConfig, boolean]>([
    ['nothing special', {}, {}, false],
    ["the instance's own agent", {httpsAgent: agent}, {httpsAgent: agent}, false],
    ['proxy: false', {proxy: false}, {}, false],
    ['an agent of its own', {httpsAgent: agent}, {}, true],
    ['a client certificate', {httpsAgent: personal}, {httpsAgent: personal}, true],
    ['a proxy', {proxy: {host: 'p', port: 1}}, {}, true],
    ['a socket', {socketPath: '/x'}, {}, true],
    ['HTTP/2', {httpVersion: 2}, {}, true],
    ['a lookup', {lookup: () => undefined}, {}, true],
    ['a transport', {transport: {}}, {}, true],
    ['raw bodies', {decompress: false}, {}, true],
    ['another Host', {headers: {Host: 'b.example'}}, {}, true],
    ['a method override', {headers: {'X-HTTP-Method-Override': 'DELETE'}}, {}, true],
  ])('with %s', (_, config, defaults, expected) => {
    expect(isUncacheable(configOf(config), axios.create(defaults as object).defaults)).toBe(expected);
  });
});

describe('request content', () => {
  test.each([undefined, null, ''])('%s is none', data => {
    expect(requestBody(data)).toBeUndefined();
  });

  test.each([
    ['text', 'abc'],
    ['a Buffer', Buffer.from('abc')],
    ['a view', new DataView(new TextEncoder().encode('xabcx').buffer, 1, 3)],
    ['an ArrayBuffer', new TextEncoder().encode('abc').buffer],
  ])('%s has bytes', (_, data) => {
    const body = requestBody(data);
    expect(body?.type === 'bytes' && new TextDecoder().decode(body.bytes)).toBe('abc');
  });

  test('parameters have the bytes of their text', () => {
    expect(requestBody(new URLSearchParams({a: '1'}))).toEqual({type: 'bytes', bytes: new TextEncoder().encode('a=1')});
  });

  test.each([
    ['a form', new FormData()],
    ['a blob', new Blob(['x'])],
    ['a stream', Readable.from(['x'])],
    ['an object nobody transformed', {a: 1}],
  ])('%s is opaque', (_, data) => {
    expect(requestBody(data)).toEqual({type: 'opaque'});
  });
});
