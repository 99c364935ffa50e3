// What is sent, when, and what the caller is told of it.

import {Agent, createServer, request as httpRequest} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import axios, {type AxiosRequestConfig} from 'axios';
import {cacheStatus, HttpCache} from 'limpid';
import {describe, expect, onTestFinished, test} from 'vitest';
import {cached} from '../src/index.ts';
import {outcome} from './outcome.ts';

const fresh = {'cache-control': 'max-age=60'};
type Answer = Parameters<typeof createServer>[1];

async function serverAt(answer: Answer, path?: string) {
  const server = createServer(answer);
  await new Promise<void>(resolve => (path ? server.listen(path, resolve) : server.listen(0, '127.0.0.1', resolve)));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const echo: Answer = ({url}, response) => void response.writeHead(200, fresh).end(url);

describe('over http', () => {
  const paramsSerializer = (params: Record<string, unknown>): string =>
    Object.entries(params)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join('&');

  test.each([
    ['a serializer of its own', {paramsSerializer}],
    ['an encoding of its own', {paramsSerializer: {encode: (text: string) => text}}],
  ])('requests that differ behind a # are two: %s', async (_, config) => {
    const http = cached(axios.create({...config, adapter: 'http'} as AxiosRequestConfig), new HttpCache());
    const url = `${await serverAt(echo)}/search`;
    for (const room of ['#general', '#secret', '%23general']) {
      expect((await http.get(url, {params: {room}})).data).toBe(`/search?room=${room}`);
    }
  });

  test.each(['/a?', '/a ', '/a?#x', '/a#x', '/a'])('%o is stored as what the origin is asked for', async path => {
    const base = await serverAt(echo);
    for (const params of [undefined, {p: 1}]) {
      const cache = new HttpCache();
      const {data} = await cached(axios.create({adapter: 'http'}), cache).get(base + path, {params});
      const stored: string[] = [];
      for await (const {url} of cache.entries()) stored.push(url);
      expect(stored).toEqual([base + data]);
    }
  });

  test('a URL that is written otherwise than it was asked for is no redirect', async () => {
    const cache = new HttpCache();
    const base = await serverAt((_, response) => void response.writeHead(500).end());
    await cache.put(`${base}/list`, new Response('old', {headers: fresh}));
    const http = cached(axios.create({adapter: 'http', validateStatus: null}), cache);
    await http.post(`${base}/a`, 'x', {params: {quote: "it's"}, limpid: {clears: {url: `${base}/list`}}});
    expect(await cache.match(`${base}/list`)).toBeDefined();
  });

  test.each(['User-Agent', 'Accept-Encoding', 'Accept'])(
    '%s that is switched off is another value of it',
    async name => {
      const url = await serverAt(({headers}, response) => {
        response.writeHead(200, {...fresh, vary: name}).end(String(headers[name.toLowerCase()]));
      });
      const http = cached(axios.create({adapter: 'http'}), new HttpCache());
      const {data} = await http.get(url);
      expect(data).not.toBe('undefined');
      for (const off of [false, null]) expect((await http.get(url, {headers: {[name]: off}})).data).toBe('undefined');
      expect((await http.get(url)).data).toBe(data);
    },
  );

  test('what it would not add is the same switched off', async () => {
    const url = await serverAt(echo);
    const http = cached(axios.create({adapter: 'http'}), new HttpCache());
    await http.get(url);
    expect(cacheStatus(await http.get(url, {headers: {Accept: false}}))?.hit).toBe(true);
  });

  test('an empty Location leads nowhere', async () => {
    let asked = 0;
    const url = await serverAt((_, response) => {
      asked += 1;
      response.writeHead(302, {...fresh, location: ''}).end('here');
    });
    const http = cached(axios.create({adapter: 'http', validateStatus: null}), new HttpCache());
    const {status, data, headers} = await http.get(url);
    expect([status, data, headers.location, asked]).toEqual([302, 'here', undefined, 1]);
  });

  test('a redirect that is left to the adapter holds no connection', async () => {
    const url = await serverAt(({url: path, headers: {host}}, response) => {
      if (path === '/fin') response.end('fin');
      else response.writeHead(302, {location: `http://u:p@${host}/fin`}).write('moved to');
    });
    const httpAgent = new Agent({keepAlive: true, maxSockets: 1});
    const http = cached(axios.create({adapter: 'http', httpAgent}), new HttpCache());
    expect((await http.get(url, {timeout: 2000})).data).toBe('fin');
  });

  test('the config of a response shows the media type that was sent', async () => {
    const url = await serverAt((request, response) => {
      request.resume().on('end', () => response.end(request.headers['content-type']));
    });
    const form = new FormData();
    form.set('name', 'Ada');
    const {data, config} = await cached(axios.create({adapter: 'http'}), new HttpCache()).post(url, form);
    expect(data).toMatch(/^multipart\/form-data; boundary=/);
    expect(config.headers.get('content-type')).toBe(data);
  });

  test('an agent that no request without a proxy can use is not asked for an answer that is there', async () => {
    class Own extends Agent {
      // The http adapter refuses one that has a method of its own here.
      createSocket(...given: unknown[]): unknown {
        return Reflect.apply(Reflect.get(Agent.prototype, 'createSocket'), this, given);
      }
    }
    const httpAgent = new Own({proxyEnv: {}} as object);
    const http = cached(axios.create({adapter: 'http', httpAgent}), new HttpCache());
    const url = await serverAt(echo);
    expect((await http.get(url, {timeout: 1000})).status).toBe(200);
    expect((await http.get(url, {timeout: 1000})).status).toBe(200);
  });

  test.each(['get', 'head', 'delete'])('a %s ends with its message, though that tells of no close', async method => {
    const silent = (): Readable => new Readable({emitClose: false, read: () => undefined});
    const transport = {
      request: (options: object, respond: (message: unknown) => void) =>
        httpRequest({...options, agent: undefined} as object, response => {
          const {statusCode, statusMessage, headers} = response;
          const message = silent();
          response.on('end', () => message.push(null)).resume();
          respond(Object.assign(message, {statusCode, statusMessage, headers}));
        }),
    };
    const url = await serverAt((_, response) => void response.writeHead(method === 'delete' ? 204 : 200).end());
    const http = cached(axios.create({adapter: 'http', transport} as AxiosRequestConfig), new HttpCache());
    expect((await http({url, method})).status).toBe(method === 'delete' ? 204 : 200);
  });

  test.each(['text', 'stream'] as const)(
    'Node’s own timeout ends %s as it does without a cache',
    async responseType => {
      const url = await serverAt((_, response) => {
        response.writeHead(200, {...fresh, 'content-length': 10}).write('12345');
        setTimeout(() => response.end('67890'), 200);
      });
      const config = {url, responseType, timeout: 60, maxRedirects: 0};
      const plain = await outcome(axios.create({adapter: 'http'}), config);
      expect(await outcome(cached(axios.create({adapter: 'http'}), new HttpCache()), config)).toEqual(plain);
    },
  );
});

test('what is sent in the background is told to nobody who has been answered', async () => {
  const cache = new HttpCache({rules: [{ttl: 0, staleWhileRevalidate: '1h'}]});
  const http = cached(axios.create({adapter: 'http'}), cache);
  const url = await serverAt(echo);
  await http.get(url);
  const {headers, config} = await http.get(url);
  await cache.idle();
  expect(cacheStatus({headers})?.hit).toBe(true);
  expect(config.headers).not.toHaveProperty('User-Agent');
});

describe('a socket', () => {
  const start = async () => {
    const socketPath = join(tmpdir(), `limpid-${process.pid}-${Math.random()}.sock`);
    await serverAt(echo, process.platform === 'win32' ? `\\\\.\\pipe\\${socketPath}` : socketPath);
    const cache = new HttpCache({rules: [{tags: ['list']}]});
    await cache.put('https://a.example/list', new Response('old', {headers: fresh}));
    return {cache, socketPath, http: cached(axios.create({adapter: 'http'}), cache)};
  };

  test.each(['/users', 'http://localhost/users'])('clears what a request for %s names', async url => {
    const {cache, http, socketPath} = await start();
    const {data} = await http.post(url, 'x', {socketPath, limpid: {clears: {tag: 'list'}}});
    expect([data, await cache.match('https://a.example/list')]).toEqual(['/users', undefined]);
  });
});

describe.each(['http', 'fetch'] as const)('what passes the cache by (%s)', adapter => {
  test.each([true, 0, '', 'x', [], new Map(), {tags: 'x'}, {cache: 'nope'}, {clears: {}}])(
    'is refused with the option %o',
    async limpid => {
      let isAsked = false;
      const url = await serverAt((_, response) => {
        isAsked = true;
        response.end();
      });
      const http = cached(axios.create({adapter}), new HttpCache());
      const config = {httpAgent: new Agent(), limpid} as object;
      await expect(http.get(url, config)).rejects.toThrow(/^limpid: limpid/);
      expect(isAsked).toBe(false);
    },
  );
});
