// Ranges through every client, against an origin that serves them as origins do.

import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {gzipSync} from 'node:zlib';
import {cached} from '@limpid/axios';
import {cachedFetch} from '@limpid/fetch';
import axios from 'axios';
import ky from 'ky';
import {cacheStatus, HttpCache} from 'limpid';
import {cacheHooks, readHook, writeHook} from 'limpid/ky';
import {describe, expect, onTestFinished, test} from 'vitest';

const size = 100_000;
const body = Buffer.from(Array.from({length: size}, (_, index) => index % 251));

/** Serves `body` with ranges and a strong tag; `seen` is what was asked of it. */
async function rangeOrigin() {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const {range, 'if-range': ifRange} = request.headers;
    seen.push(range);
    response.setHeader('cache-control', 'max-age=60');
    if (request.url === '/compressed' && !range) {
      response.writeHead(200, {'content-encoding': 'gzip', etag: '"gz"'});
      response.end(gzipSync(body));
      return;
    }
    response.setHeader('etag', '"a"');
    const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
    if (range === undefined || (ifRange !== undefined && ifRange !== '"a"')) {
      response.writeHead(200, {'content-length': size});
      response.end(body);
      return;
    }
    const from = first === '' ? size - Number(last) : Number(first);
    const to = first === '' || last === '' ? size - 1 : Number(last);
    const part = body.subarray(from, to + 1);
    response.writeHead(206, {'content-range': `bytes ${from}-${to}/${size}`, 'content-length': part.length});
    response.end(part);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen};
}

type Shown = {readonly status: number; readonly bytes: Buffer; readonly was: ReturnType<typeof cacheStatus>};
type Get = (url: string, range?: string) => Promise<Shown>;

const headersOf = (range: string | undefined): Record<string, string> => (range === undefined ? {} : {range});

const shown = async (response: Response): Promise<Shown> => ({
  status: response.status,
  bytes: Buffer.from(await response.arrayBuffer()),
  was: cacheStatus(response),
});

const clients: readonly {readonly name: string; readonly make: (cache: HttpCache) => Get}[] = [
  {
    name: 'fetch',
    make: cache => async (url, range) => shown(await cachedFetch(cache)(url, {headers: headersOf(range)})),
  },
  {
    name: 'ky',
    make: cache => {
      const api = ky.extend({hooks: cacheHooks(cache)});
      return async (url, range) => shown(await api(url, {headers: headersOf(range)}));
    },
  },
  {
    name: 'ky with hooks by hand',
    make: cache => {
      const api = ky.extend({hooks: {beforeRequest: [readHook(cache)], afterResponse: [writeHook(cache)]}});
      return async (url, range) => shown(await api(url, {headers: headersOf(range)}));
    },
  },
  ...(['arraybuffer', 'stream'] as const).map(responseType => ({
    name: `axios with responseType ${responseType}`,
    make: (cache: HttpCache): Get => {
      const http = cached(axios.create({responseType}), cache);
      return async (url, range) => {
        const response = await http.get(url, {headers: headersOf(range)});
        const chunks: Uint8Array[] = [];
        if (responseType === 'stream') for await (const chunk of response.data) chunks.push(chunk);
        else chunks.push(new Uint8Array(response.data));
        return {status: response.status, bytes: Buffer.concat(chunks), was: cacheStatus(response)};
      };
    },
  })),
];

describe.each(clients)('through $name', ({make}) => {
  const start = async () => {
    const cache = new HttpCache();
    const origin = await rangeOrigin();
    return {cache, ...origin, get: make(cache)};
  };

  test('a range is answered from what is stored whole', async () => {
    const {get, url, seen} = await start();
    expect((await get(url)).bytes.equals(body)).toBe(true);
    const {status, bytes, was} = await get(url, 'bytes=50000-59999');
    expect([status, was?.hit, bytes.equals(body.subarray(50_000, 60_000))]).toEqual([206, true, true]);
    expect(seen).toHaveLength(1);
  });

  test('a part is stored, and completed by asking for the rest alone', async () => {
    const {get, url, seen, cache} = await start();
    expect((await get(url, 'bytes=0-69999')).status).toBe(206);
    const {status, bytes, was} = await get(url);
    expect([status, was?.fwd, bytes.equals(body)]).toEqual([200, 'partial', true]);
    await cache.idle();
    const again = await get(url);
    expect([again.status, again.was?.hit, again.bytes.equals(body)]).toEqual([200, true, true]);
    expect(seen).toEqual(['bytes=0-69999', 'bytes=70000-']);
  });

  test('a part never answers for the whole when the rest is another', async () => {
    const {get, url, seen, cache} = await start();
    await cache.put(
      new Request(url, {headers: {range: 'bytes=0-9'}}),
      new Response('0123456789', {
        status: 206,
        headers: {'content-range': `bytes 0-9/${size}`, etag: '"old"', 'cache-control': 'max-age=60'},
      }),
    );
    const {status, bytes} = await get(url);
    expect([status, bytes.equals(body), seen]).toEqual([200, true, ['bytes=10-']]);
  });

  test('a range of what came compressed is asked of the origin', async () => {
    const {get, url, seen} = await start();
    expect((await get(`${url}/compressed`)).bytes.equals(body)).toBe(true);
    const {status, bytes, was} = await get(`${url}/compressed`, 'bytes=0-9');
    expect([status, was?.detail, bytes.equals(body.subarray(0, 10))]).toEqual([206, 'encoded', true]);
    expect(seen).toHaveLength(2);
  });

  test('several ranges are passed on', async () => {
    const {get, url, seen} = await start();
    await get(url);
    expect((await get(url, 'bytes=0-1,4-5')).was?.detail).toBe('range');
    expect(seen).toHaveLength(2);
  });
});
