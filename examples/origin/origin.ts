// What the examples ask: a real HTTP origin on the loopback interface. It does not keep the process alive.

import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** The fields a path is answered with, or a function that answers. */
export type Route = Readonly<Record<string, string>> | ((request: IncomingMessage, response: ServerResponse) => void);

/** A running origin. */
export type Origin = {
  /** Like `http://127.0.0.1:8080`, without a slash at the end. */
  readonly url: string;
  /** What reached it, like `GET /users 200`. */
  readonly seen: readonly string[];
};

/**
 * Starts an origin that answers each path with the fields given for it and with JSON that counts the answers, a
 * condition that holds with a 304, and anything else with a 404.
 */
export async function startOrigin(routes: Readonly<Record<string, Route>>): Promise<Origin> {
  const seen: string[] = [];
  let served = 0;
  const url = await listen(
    createServer((request, response) => {
      const path = request.url ?? '/';
      response.on('finish', () => void seen.push(`${request.method} ${path} ${response.statusCode}`));
      const route = routes[path.split('?', 1)[0] ?? path];
      if (typeof route === 'function') return route(request, response);
      if (route === undefined) return void response.writeHead(404, {'cache-control': 'no-store'}).end();
      const isCurrent = route.etag !== undefined && request.headers['if-none-match'] === route.etag;
      if (isCurrent) return void response.writeHead(304, route).end();
      served += 1;
      response.writeHead(200, {'content-type': 'application/json', ...route}).end(JSON.stringify({path, served}));
    }),
  );
  return {url, seen};
}

/** Listens on a free port; neither the server nor its connections keep the process alive. */
export async function listen(server: Server): Promise<string> {
  server.on('connection', socket => void socket.unref());
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
