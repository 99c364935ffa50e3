import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import {gzipSync} from 'node:zlib';
import {afterAll, beforeAll, beforeEach, expect} from 'vitest';

export type Asked = {readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers']};

/** A loopback origin that remembers what it was asked. */
export type Origin = {readonly url: string; readonly asked: Asked[]; close(): Promise<void>};

type Route = (request: IncomingMessage, response: ServerResponse) => void;

const fresh = {'cache-control': 'max-age=60'};
const json = JSON.stringify({greeting: 'grüß dich', list: [1, 2, 3]});

const routes: Readonly<Record<string, Route>> = {
  '/json': (_, response) => {
    response.writeHead(200, {...fresh, 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2']});
    response.end(json);
  },
  '/bom': (_, response) => response.writeHead(200, {...fresh, 'content-type': 'text/plain'}).end('\ufeffmarked'),
  '/gzip': (_, response) => {
    const body = gzipSync(json);
    const fields = {'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': body.length};
    response.writeHead(200, {...fresh, ...fields}).end(body);
  },
  '/form': (_, response) =>
    response.writeHead(200, {...fresh, 'content-type': 'application/x-www-form-urlencoded'}).end('a=1&b=2'),
  '/me': (request, response) =>
    response.writeHead(200, {...fresh, 'content-type': 'text/plain'}).end(String(request.headers.authorization)),
  '/empty': (_, response) => response.writeHead(204, fresh).end(),
  '/missing': (_, response) => response.writeHead(404, {...fresh, 'content-type': 'application/json'}).end('{"no":1}'),
  '/broken': (_, response) => response.writeHead(500).end('oh'),
  '/not-json': (_, response) => response.writeHead(200, fresh).end('<'),
  '/large': (_, response) => response.writeHead(200, fresh).end(Buffer.alloc(300_000, 'x')),
  '/never': () => undefined,
  '/stalls': (_, response) => {
    response.writeHead(200, {...fresh, 'content-length': 10});
    response.write('12345');
  },
  '/slow': (_, response) => {
    response.writeHead(200, fresh);
    for (const part of [0, 1, 2, 3]) setTimeout(() => response.write(`${part};`), part * 60);
    setTimeout(() => response.end('end'), 240);
  },
  '/cut': (_, response) => {
    response.writeHead(200, {...fresh, 'content-length': 10});
    response.write('12345', () => setTimeout(() => response.destroy(), 20));
  },
  '/gzip-cut': (_, response) => {
    const body = gzipSync(json.repeat(100));
    response.writeHead(200, {...fresh, 'content-encoding': 'gzip', 'content-length': body.length});
    response.write(body.subarray(0, -10), () => setTimeout(() => response.destroy(), 20));
  },
  '/refuses': request => request.socket.destroy(),
  '/fresh-hop': (_, response) => response.writeHead(302, {...fresh, location: '/json'}).end(),
  '/hop-with-user': (request, response) =>
    response.writeHead(302, {...fresh, location: `http://ann:x@${request.headers.host}/me`}).end(),
  '/away': ({headers}, response) =>
    response.writeHead(302, {location: `http://${String(headers.host).replace('127.0.0.1', 'localhost')}/back`}).end(),
  '/back': ({headers, socket}, response) => {
    const location = `http://127.0.0.1:${socket.localPort}/me?away=${headers.authorization}`;
    response.writeHead(302, {location}).end();
  },
  '/hop': (_, response) => response.writeHead(302, {location: '/json'}).end(),
  '/not-gzip': (_, response) => response.writeHead(200, {...fresh, 'content-encoding': 'gzip'}).end('not gzip'),
  '/with-user': ({headers}, response) =>
    response.writeHead(302, {location: `http://ann:secret@${headers.host}/json`}).end(),
  '/choices': (_, response) => response.writeHead(300, {location: '/hop'}).end('choose'),
  '/choices-without-end': (_, response) => response.writeHead(300, {location: '/choices-without-end'}).end(),
  '/loop': (_, response) => response.writeHead(302, {location: '/loop'}).end(),
  '/astray': (_, response) => response.writeHead(302, {location: 'ftp://127.0.0.1/x'}).end(),
  '/echo': (request, response) => {
    response.writeHead(200, {'content-type': 'text/plain'});
    request.pipe(response);
  },
  '/renamed': (request, response) => {
    response.writeHead(200, {...fresh, 'content-type': 'text/plain', 'content-location': '/renamed'});
    response.end(`after ${request.method}`);
  },
  '/etag': (request, response) => {
    const fields = {'cache-control': 'no-cache', etag: '"1"'};
    if (request.headers['if-none-match'] === '"1"') response.writeHead(304, fields).end();
    else response.writeHead(200, {...fields, 'content-type': 'text/plain'}).end('tagged');
  },
};

export async function origin(): Promise<Origin> {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const {method = '', url = '', headers} = request;
    asked.push({method, url, headers});
    const route = routes[url.split('?')[0] ?? ''];
    if (route) route(request, response);
    else response.writeHead(200, {...fresh, 'content-type': 'text/plain'}).end(url);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise(resolve => server.close(() => resolve()));
  };
  return {url: `http://127.0.0.1:${port}`, asked, close};
}

/** An origin for all tests of a file, which has been asked nothing when one begins. */
export function sharedOrigin(): Pick<Origin, 'url' | 'asked'> {
  let server: Origin | undefined;
  const open = (): Origin => server ?? expect.unreachable('an origin is there while tests run');
  beforeAll(async () => {
    server = await origin();
  });
  beforeEach(() => {
    open().asked.length = 0;
  });
  afterAll(() => open().close());
  return {
    get url() {
      return open().url;
    },
    get asked() {
      return open().asked;
    },
  };
}
