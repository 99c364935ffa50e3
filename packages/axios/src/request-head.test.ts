import {Agent} from 'node:https';
import {AxiosHeaders, type AxiosRequestConfig} from 'axios';
import {describe, expect, test} from 'vitest';
import type {Config} from './call.ts';
import {dialectOf} from './dialect.ts';
import {isOutOfReach, isUncacheable, requestHead} from './request-head.ts';

const configOf = ({headers, ...config}: AxiosRequestConfig): Config => ({
  ...config,
  headers: AxiosHeaders.from(headers as AxiosHeaders),
});

function headOf(config: AxiosRequestConfig, defaults: {httpsAgent?: unknown} = {}, adapter = 'http') {
  const full = configOf({url: 'https://a.example/x', ...config});
  return requestHead(full, dialectOf(adapter, full), defaults);
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

  test.each(['data:text/plain,x', '/relative', 'https://'])('there is none for %s', url => {
    expect(headOf({url})).toBeUndefined();
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
    expect(headOf({headers: {'User-Agent': false, 'X-None': null}})?.fields.names()).toEqual([]);
  });

  test('takes maxRedirects: 0 for redirect mode manual', () => {
    expect(headOf({maxRedirects: 0})?.redirect).toBe('manual');
    expect(headOf({})?.redirect).toBe('follow');
  });

  test('takes cache and redirect modes from fetchOptions only where fetch will see them', () => {
    const fetchOptions = {cache: 'no-cache', redirect: 'error'} as const;
    expect(headOf({fetchOptions}, {}, 'fetch')).toMatchObject({mode: 'no-cache', redirect: 'error'});
    expect(headOf({fetchOptions})).toMatchObject({mode: 'default', redirect: 'follow'});
  });

  test('names one kind of client per adapter', () => {
    expect(headOf({})?.client).not.toBe(headOf({}, {}, 'fetch')?.client);
  });
});

describe('the variant', () => {
  const agent = new Agent({keepAlive: true});
  const personal = new Agent({cert: 'c', key: 'k'});

  test.each<[string, AxiosRequestConfig, {httpsAgent?: unknown}]>([
    ['nothing special', {}, {}],
    ["the instance's own agent", {httpsAgent: agent}, {httpsAgent: agent}],
    ['an explicit Host of the same name', {headers: {Host: 'A.example'}}, {}],
    ['proxy: false', {proxy: false}, {}],
  ])('is empty for %s', (_, config, defaults) => {
    expect(headOf(config, defaults)?.variant).toBe('');
  });

  test.each<[string, AxiosRequestConfig, {httpsAgent?: unknown}]>([
    ['an agent of its own', {httpsAgent: agent}, {}],
    ['an agent with a client certificate', {httpsAgent: personal}, {httpsAgent: personal}],
    ['another Host', {headers: {Host: 'b.example'}}, {}],
    ['a proxy', {proxy: {host: 'p.example', port: 80, auth: {username: 'u', password: 'hush'}}}, {}],
    ['undecoded bodies', {decompress: false}, {}],
    ['a transport', {transport: {}}, {}],
  ])('tells %s apart, the same way each time, and holds no secret', (_, config, defaults) => {
    const variant = headOf(config, defaults)?.variant;
    expect(variant).not.toBe('');
    expect(headOf(config, defaults)?.variant).toBe(variant);
    expect(variant).not.toContain('hush');
  });

  test("tells credentials apart in fetch's own words", () => {
    expect(headOf({withCredentials: true}, {}, 'fetch')?.variant).toBe('credentials=include;');
    expect(headOf({withCredentials: true})?.variant).toBe('');
  });

  test('tells a fetch of its own apart', () => {
    expect(headOf({env: {fetch: () => Promise.reject(new Error())}}, {}, 'fetch')?.variant).toMatch(/^fetch=/);
  });
});

describe('what goes past the cache', () => {
  test.each<[string, AxiosRequestConfig]>([
    ['a socket', {socketPath: '/run/x.sock'}],
    ['HTTP/2', {httpVersion: 2}],
    ['an answer hidden by its mode', {fetchOptions: {mode: 'no-cors'}}],
    ['an unreadable timeout', {timeout: 'soon' as never}],
  ])('%s is out of reach', (_, config) => {
    expect(isOutOfReach(configOf(config))).toBe(true);
  });

  test.each<[string, AxiosRequestConfig]>([
    ['a method override', {headers: {'x-http-method-override': 'PUT'}}],
    ['integrity', {fetchOptions: {integrity: 'sha256-x'}}],
    ['an unknown fetch option', {fetchOptions: {next: {revalidate: 1}}}],
  ])('%s is not cached', (_, config) => {
    expect(isUncacheable(configOf(config))).toBe(true);
  });

  test('an ordinary request is neither', () => {
    const config = configOf({fetchOptions: {keepalive: true}, timeout: 5, headers: {Accept: 'text/plain'}});
    expect([isOutOfReach(config), isUncacheable(config)]).toEqual([false, false]);
  });
});
