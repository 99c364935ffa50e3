import {Readable} from 'node:stream';
import axios, {type AxiosRequestConfig} from 'axios';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {cached} from '../src/index.ts';
import {caches} from './caches.ts';
import {fakeCache} from './fake-cache.ts';
import {type Origin, origin} from './origin.ts';
import {outcome} from './outcome.ts';

let server: Origin;
beforeAll(async () => {
  server = await origin();
});
afterAll(() => server.close());

const responseTypes = [undefined, 'json', 'text', 'arraybuffer', 'blob', 'stream', 'document', 'formdata'] as const;
const paths = ['/json', '/bom', '/gzip', '/form', '/empty', '/missing', '/broken', '/not-json', '/large'] as const;

const rendered = paths.flatMap(url => responseTypes.map(responseType => ({url, responseType})));

/** Neither cache keeps the 500, and the fake one no 204. */
const isStored = (url: string, makeCache: unknown): boolean =>
  url !== '/broken' && (url !== '/empty' || makeCache !== fakeCache);

/** What a hit may be compared by: nothing was sent for it. */
const received = ({response, ...rest}: {readonly response?: object}): object => ({
  ...rest,
  response: response && {...response, sent: undefined},
});

type Case = {readonly name: string; readonly config: () => AxiosRequestConfig; readonly seen?: typeof outcome};

/** Which words the cause has is left to the cache's own fetch. */
const outcomeButCause: typeof outcome = async (instance, config) => ({...(await outcome(instance, config)), cause: ''});

const others: readonly Case[] = [
  {name: 'a body over maxContentLength', config: () => ({url: '/large', maxContentLength: 1000})},
  {
    name: 'a stream over maxContentLength',
    config: () => ({url: '/large', maxContentLength: 1000, responseType: 'stream'}),
  },
  {name: 'a body of exactly maxContentLength', config: () => ({url: '/large', maxContentLength: 300_000})},
  {name: 'an origin that never answers', config: () => ({url: '/never', timeout: 50})},
  {
    name: 'a clarified timeout',
    config: () => ({url: '/never', timeout: 50, transitional: {clarifyTimeoutError: true}}),
  },
  {name: 'a worded timeout', config: () => ({url: '/never', timeout: 50, timeoutErrorMessage: 'enough'})},
  {name: 'a body that stands still', config: () => ({url: '/stalls', timeout: 60})},
  {name: 'a body slower than the timeout, but steady', config: () => ({url: '/slow', timeout: 150})},
  {name: 'a body cut short', config: () => ({url: '/cut'})},
  {name: 'a stream cut short', config: () => ({url: '/cut', responseType: 'stream'})},
  {name: 'encoded content cut short', config: () => ({url: '/gzip-cut'})},
  {name: 'a stream of encoded content cut short', config: () => ({url: '/gzip-cut', responseType: 'stream'})},
  {name: 'a connection closed without an answer', config: () => ({url: '/refuses'})},
  {name: 'a refused connection', config: () => ({url: 'http://127.0.0.1:1/'})},
  {name: 'an unreadable URL', config: () => ({url: 'http://', baseURL: ''})},
  {name: 'an unsupported protocol', config: () => ({url: 'gopher://127.0.0.1/', baseURL: ''})},
  {name: 'a data URL', config: () => ({url: 'data:text/plain,hello', baseURL: '', responseType: 'text'})},
  {name: 'a signal aborted on the way', config: () => ({url: '/never', signal: abortedSoon()})},
  {name: 'a signal aborted with a reason', config: () => ({url: '/never', signal: abortedSoon(new Error('bored'))})},
  {name: 'a signal aborted before', config: () => ({url: '/json', signal: AbortSignal.abort()})},
  {name: 'a token cancelled on the way', config: () => ({url: '/never', cancelToken: cancelledSoon()})},
  {name: 'a redirect', config: () => ({url: '/hop'})},
  {name: 'content that cannot be decoded', config: () => ({url: '/not-gzip'})},
  {name: 'a stream that cannot be decoded', config: () => ({url: '/not-gzip', responseType: 'stream'})},
  {name: 'a redirect by 300', config: () => ({url: '/choices'})},
  {name: 'a redirect by 300 not to be followed', config: () => ({url: '/choices', maxRedirects: 0})},
  {name: 'redirects by 300 without end', config: () => ({url: '/choices-without-end'})},
  {name: 'a redirect not to be followed', config: () => ({url: '/hop', maxRedirects: 0})},
  {name: 'one redirect too many', config: () => ({url: '/loop', maxRedirects: 3})},
  {name: 'redirects without end', config: () => ({url: '/loop'})},
  {name: 'a redirect elsewhere', config: () => ({url: '/astray'}), seen: outcomeButCause},
  {name: 'a lenient validateStatus', config: () => ({url: '/missing', validateStatus: () => true})},
  {name: 'no validateStatus', config: () => ({url: '/missing', validateStatus: null})},
  {name: 'a strict validateStatus', config: () => ({url: '/json', validateStatus: status => status === 201})},
  {name: 'a transformResponse', config: () => ({url: '/json', transformResponse: (data: string) => data.length})},
  {
    name: 'strict JSON',
    config: () => ({url: '/not-json', responseType: 'json', transitional: {silentJSONParsing: false}}),
  },
  {name: 'latin1 text', config: () => ({url: '/json', responseType: 'text', responseEncoding: 'latin1'})},
  {name: 'encoded bytes', config: () => ({url: '/gzip', decompress: false, responseType: 'arraybuffer'})},
  {name: 'parameters', config: () => ({url: '/any?x=1#f', params: {a: 'b c', list: [1, 2], quote: "it's"}})},
  {name: 'a serializer', config: () => ({url: '/any', params: {a: 1}, paramsSerializer: {serialize: () => 'z=9'}})},
  {name: 'credentials', config: () => ({url: '/me', auth: {username: 'ann', password: 'grün'}})},
  {name: 'credentials led away and back', config: () => ({url: '/away', auth: {username: 'ann', password: 'x'}})},
  {name: 'a header led away and back', config: () => ({url: '/away', headers: {authorization: 'Bearer x'}})},
  {
    name: 'credentials in the URL',
    config: () => ({url: '/me', baseURL: server.url.replace('//', '//ann%40b:gr%C3%BCn@')}),
  },
  {name: 'a HEAD', config: () => ({url: '/gzip', method: 'head'})},
  {name: 'a POST', config: () => ({url: '/echo', method: 'post', data: {a: 1}})},
  {name: 'a POST of bytes', config: () => ({url: '/echo', method: 'post', data: Buffer.from('bytes')})},
  {name: 'a POST of a form', config: () => ({url: '/echo', method: 'post', data: new URLSearchParams('a=1')})},
  {name: 'content called off', config: () => ({url: '/echo', method: 'post', data: destroyedSoon()})},
  {name: 'content that is too long', config: () => ({url: '/echo', method: 'post', data: 'abc', maxBodyLength: 1})},
  {name: 'content of no known kind', config: () => ({url: '/echo', method: 'post', data: 42})},
  {name: 'an unknown adapter', config: () => ({url: '/json', adapter: 'carrier-pigeon'})},
];

function abortedSoon(reason?: unknown): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 30);
  return controller.signal;
}

function cancelledSoon(): ReturnType<typeof axios.CancelToken.source>['token'] {
  const source = axios.CancelToken.source();
  setTimeout(() => source.cancel('enough'), 30);
  return source.token;
}

const settings = caches.flatMap(cache => (['http', 'fetch'] as const).map(adapter => ({...cache, adapter})));

function destroyedSoon(): Readable {
  const content = new Readable({read: () => undefined});
  content.push('begun');
  setTimeout(() => content.destroy(), 30);
  return content;
}

describe.each(settings)(
  'over $name and the $adapter adapter a caller gets what axios alone would give:',
  ({makeCache, adapter}) => {
    const compared = async (config: () => AxiosRequestConfig, seen = outcome): Promise<number> => {
      const base = {baseURL: server.url, adapter};
      const instance = cached(axios.create(base), makeCache());
      const plain = await seen(axios.create(base), config());
      expect(await seen(instance, config()), 'the miss').toEqual(plain);
      const before = server.asked.length;
      expect(received(await seen(instance, config())), 'the hit').toEqual(received(plain));
      return server.asked.length - before;
    };

    test.each(rendered)('$url as $responseType', async ({url, responseType}) => {
      const asked = await compared(() => (responseType === undefined ? {url} : {url, responseType}));
      expect(asked, 'requests for the second call').toBe(isStored(url, makeCache) ? 0 : 1);
    });

    test.each(others)('$name', ({config, seen}) => compared(config, seen).then(() => undefined));
  },
);
