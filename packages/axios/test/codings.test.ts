// Content codings that axios takes off and fetch leaves on, or the other way round, in one cache for both.

import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {brotliCompressSync, deflateSync, gzipSync, zstdCompressSync} from 'node:zlib';
import {cachedFetch} from '@limpid/fetch';
import axios from 'axios';
import {cacheStatus, HttpCache} from 'limpid';
import {describe, expect, onTestFinished, test} from 'vitest';
import {cached} from '../src/index.ts';

const text = Buffer.from('plain text '.repeat(20));
const gzipped = gzipSync(text);

const contents: Readonly<Record<string, Buffer>> = {
  gzip: gzipped,
  'x-gzip': gzipped,
  GZIP: gzipped,
  deflate: deflateSync(text),
  br: brotliCompressSync(text),
  zstd: zstdCompressSync(text),
  identity: text,
  'aws-chunked': text,
  'gzip, gzip': gzipSync(gzipped),
  'gzip, br': brotliCompressSync(gzipped),
  compress: gzipped,
  'x-compress': gzipped,
};
const common = Object.keys(contents).slice(0, 8);
const disputed = Object.keys(contents).slice(8);

const fresh = {'cache-control': 'max-age=60', etag: '"a"'};

async function codingOrigin() {
  const asked: string[] = [];
  const server = createServer(({url = '', headers}, response) => {
    const coding = decodeURIComponent(url.slice(1));
    asked.push(coding);
    if (headers['if-none-match'] === '"a"') return response.writeHead(304, fresh).end();
    return response.writeHead(200, {...fresh, 'content-encoding': coding}).end(contents[coding]);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const {port} = server.address() as AddressInfo;
  return {asked, urlOf: (coding: string): string => `http://127.0.0.1:${port}/${encodeURIComponent(coding)}`};
}

type Got = {readonly text: string; readonly headers: object; readonly isHit: boolean | undefined};
type Get = (url: string) => Promise<Got>;

const ownHeaders = new Set(['age', 'cache-status', 'connection', 'date', 'keep-alive', 'transfer-encoding']);
const told = (headers: Iterable<[string, unknown]>): object =>
  Object.fromEntries([...headers].filter(([name]) => !ownHeaders.has(name)));

const byFetch =
  (fetch: typeof globalThis.fetch): Get =>
  async url => {
    const response = await fetch(url);
    const headers = told(response.headers);
    return {text: Buffer.from(await response.arrayBuffer()).toString('latin1'), headers, isHit: isHit(response)};
  };

const byAxios =
  (instance: typeof axios.request, config: object = {}): Get =>
  async url => {
    const response = await instance({...config, adapter: 'http', responseType: 'arraybuffer', url});
    const headers = told(Object.entries(response.headers));
    return {text: response.data.toString('latin1'), headers, isHit: isHit(response)};
  };

const isHit = (response: Parameters<typeof cacheStatus>[0]): boolean | undefined => cacheStatus(response)?.hit;

const clients = (cache: HttpCache): Readonly<Record<'fetch' | 'axios', Get>> => ({
  fetch: byFetch(cachedFetch(cache)),
  axios: byAxios(cached(axios.create(), cache)),
});
const plain = {fetch: byFetch(fetch), axios: byAxios(axios.create())};

const orders = [
  ['axios', 'fetch'],
  ['fetch', 'axios'],
] as const;

describe.each(orders)('when %s comes before %s', (first, second) => {
  test.each(common)('%s is shared', async coding => {
    const {asked, urlOf} = await codingOrigin();
    const client = clients(new HttpCache());
    expect((await client[first](urlOf(coding))).text).toBe(text.toString());
    const {text: got, isHit: hit} = await client[second](urlOf(coding));
    expect([got, hit, asked.length]).toEqual([text.toString(), true, 1]);
  });

  test.each(disputed)('each gets what it would get alone of %s', async coding => {
    const {urlOf} = await codingOrigin();
    const client = clients(new HttpCache());
    for (const name of [first, second, first, second] as const) {
      const {text: expected, headers} = await plain[name](urlOf(coding));
      expect(await client[name](urlOf(coding)), name).toMatchObject({text: expected, headers});
    }
  });
});

test.each(disputed)('no axios stores %s, whatever its rules ignore', async coding => {
  const {asked, urlOf} = await codingOrigin();
  const cache = new HttpCache({rules: [{ttl: '1h', ignores: ['no-store']}]});
  const {axios: get} = clients(cache);
  const both = await Promise.all([get(urlOf(coding)), get(urlOf(coding))]);
  const {text: expected, headers} = await plain.axios(urlOf(coding));
  for (const one of both) expect(one).toMatchObject({text: expected, headers, isHit: false});
  expect([(await cache.stats()).size?.count, asked.length]).toEqual([0, 3]);
});

test('what fetch has validated in the background is not answered from either', async () => {
  const {urlOf} = await codingOrigin();
  const cache = new HttpCache({rules: [{ttl: 0, staleWhileRevalidate: '1h'}]});
  const client = clients(cache);
  const expected = await plain.axios(urlOf('gzip, gzip'));
  await client.fetch(urlOf('gzip, gzip'));
  for (let time = 0; time < 3; time++) {
    expect((await client.axios(urlOf('gzip, gzip'))).text).toBe(expected.text);
    await cache.idle();
  }
});

test('only-if-cached asks the origin for none of it', async () => {
  const {asked, urlOf} = await codingOrigin();
  const cache = new HttpCache();
  await clients(cache).fetch(urlOf('gzip, gzip'));
  const get = byAxios(cached(axios.create(), cache), {limpid: {cache: 'only-if-cached'}});
  await expect(get(urlOf('gzip, gzip'))).rejects.toMatchObject({code: 'ERR_NETWORK'});
  expect(asked).toHaveLength(1);
});

test.each(common)('what axios has decoded says to fetch how it was encoded: %s', async coding => {
  const {urlOf} = await codingOrigin();
  const cache = new HttpCache();
  const native = await fetch(urlOf(coding));
  await cached(axios.create(), cache).get(urlOf(coding));
  const hit = await cachedFetch(cache)(urlOf(coding));
  expect(cacheStatus(hit)?.hit).toBe(true);
  expect([hit.type, hit.headers.get('content-encoding')]).toEqual([
    native.type,
    native.headers.get('content-encoding'),
  ]);
  expect(await hit.text()).toBe(await native.text());
});
