import {expect, test} from 'vitest';
import {HttpCache} from '../engine/http-cache.ts';
import {MemoryStore} from '../stores/memory.ts';
import {type CachingFetch, cachingFetch} from './caching-fetch.ts';

type Sent = {readonly url: string; readonly user: string | null; readonly text: string};

/** What is sent by a cache that has to wait for its store first. */
async function sentBy(call: (get: CachingFetch) => Promise<Response>): Promise<readonly Sent[]> {
  const store = new MemoryStore();
  const tick = store.tick.bind(store);
  store.tick = (async () => tick()) as never;
  const sent: Sent[] = [];
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const {url, headers} = request;
    sent.push({url, user: headers.get('authorization'), text: await request.text()});
    return new Response('answer', {headers: {'cache-control': 'max-age=60'}});
  };
  await (await call(cachingFetch(new HttpCache({store}), {fetch: send}))).text();
  return sent;
}

const url = 'https://example.com/a';
const ada: Sent = {url, user: 'ada', text: ''};
const nobody: Sent = {url, user: null, text: ''};

test.each<[what: string, call: Parameters<typeof sentBy>[0], sent: Sent]>([
  [
    'a Headers',
    get => {
      const headers = new Headers({authorization: 'ada'});
      const called = get(url, {headers});
      headers.set('authorization', 'bob');
      return called;
    },
    ada,
  ],
  [
    'a record',
    get => {
      const headers = {authorization: 'ada'};
      const called = get(url, {headers});
      headers.authorization = 'bob';
      return called;
    },
    ada,
  ],
  [
    'an init',
    get => {
      const init = {method: 'POST', headers: {authorization: 'ada'}, body: 'one'};
      const called = get(url, init);
      Object.assign(init, {method: 'PUT', headers: {authorization: 'bob'}, body: 'two'});
      return called;
    },
    {...ada, text: 'one'},
  ],
  [
    'a Request',
    get => {
      const request = new Request(url, {headers: {authorization: 'ada'}});
      const called = get(request);
      request.headers.set('authorization', 'bob');
      return called;
    },
    ada,
  ],
  [
    'a URL',
    get => {
      const place = new URL(url);
      const called = get(place);
      place.pathname = '/b';
      return called;
    },
    nobody,
  ],
  [
    'long bytes',
    get => {
      const body = new Uint8Array(100_000).fill(97);
      const called = get(url, {method: 'POST', body});
      body.fill(98);
      return called;
    },
    {...nobody, text: 'a'.repeat(100_000)},
  ],
  [
    'long parameters',
    get => {
      const body = new URLSearchParams({a: 'x'.repeat(100_000)});
      const called = get(url, {method: 'POST', body});
      body.set('a', 'y');
      return called;
    },
    {...nobody, text: `a=${'x'.repeat(100_000)}`},
  ],
])('%s that is changed after the call is sent as it was', async (_, call, sent) => {
  expect(await sentBy(call)).toEqual([sent]);
});

test('a form that is changed after the call is sent as it was', async () => {
  const [sent] = await sentBy(get => {
    const body = new FormData();
    body.set('who', 'ada');
    const called = get(url, {method: 'POST', body});
    body.set('who', 'bob');
    return called;
  });
  expect(sent?.text).toContain('ada');
  expect(sent?.text).not.toContain('bob');
});

test('fields that can be read only once are sent', async () => {
  const headers = new Headers({authorization: 'ada'}).entries() as unknown as [string, string][];
  expect(await sentBy(get => get(url, {headers}))).toEqual([ada]);
});

test('fields changed between calls in flight are those of their own answers', async () => {
  const send: typeof fetch = async (_, init) =>
    new Response(new Headers(init?.headers).get('accept-language'), {
      headers: {'cache-control': 'max-age=60', vary: 'accept-language'},
    });
  const get = cachingFetch(new HttpCache(), {fetch: send});
  const headers = new Headers();
  const languages = ['de', 'fr', 'it'];
  const ask = (): Promise<readonly string[]> =>
    Promise.all(
      languages.map(async language => {
        headers.set('accept-language', language);
        return (await get(url, {headers})).text();
      }),
    );
  expect([await ask(), await ask()]).toEqual([languages, languages]);
});
