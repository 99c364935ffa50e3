// Answers with how often it has generated an answer for a path, each good for a minute and with a validator.

import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';

export type Origin = {readonly url: string; readonly stop: () => void};

/** What a request is, as it came. Of media types Bun sends fewer than the others. */
async function saidBy(request: IncomingMessage): Promise<string> {
  const {method, headers} = request;
  const {'content-length': length, 'transfer-encoding': coding} = headers;
  const content = Buffer.concat(await Array.fromAsync<Buffer>(request)).toString();
  return JSON.stringify({method, length, coding, content});
}

export async function startOrigin(): Promise<Origin> {
  const generated = new Map<string, number>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const {pathname, searchParams} = new URL(request.url ?? '/', 'http://a.example');
    if (searchParams.has('slow')) await sleep(100);
    if (pathname === '/moved') return void response.writeHead(307, {location: '/said'}).end();
    if (pathname === '/said') return void response.end(await saidBy(request));
    response.setHeader('content-type', 'text/html; charset=UTF-8');
    response.setHeader('cache-control', 'max-age=60');
    const before = generated.get(pathname) ?? 0;
    if (before > 0 && request.headers['if-none-match'] === `"${before}"`) {
      response.writeHead(304, {etag: `"${before}"`}).end();
      return;
    }
    generated.set(pathname, before + 1);
    response.setHeader('etag', `"${before + 1}"`);
    response.end(`answer ${before + 1}`.padEnd(Number(searchParams.get('bytes') ?? 0), '.'));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
