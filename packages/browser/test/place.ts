// An origin that serves test pages, and numbers its answers.

import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {bundled} from '@limpid/chromium';

export type Place = {
  readonly url: string;
  /** How many answers were generated. */
  readonly count: () => number;
  /** When each was, in milliseconds since the epoch. */
  readonly generatedAt: readonly number[];
  /** Methods, modes and conditions of the requests for answers, in order. */
  readonly asked: string[];
  readonly stop: () => void;
};

const open = {'access-control-allow-origin': '*'};

const programs = ['program', 'service-worker', 'worker'] as const;

export async function startPlace(): Promise<Place> {
  const scripts = new Map<string, string>();
  for (const name of programs) {
    scripts.set(`/${name}.js`, await bundled(join(import.meta.dirname, `${name}.ts`), ['@limpid/source']));
  }
  let generated = 0;
  const generatedAt: number[] = [];
  const asked: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const {pathname, searchParams} = new URL(request.url ?? '/', 'http://a.example');
    const script = scripts.get(pathname);
    if (script !== undefined) response.setHeader('content-type', 'text/javascript').end(script);
    else if (pathname === '/') {
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><script type=module src=/program.js></script>');
    } else if (pathname === '/favicon.ico') response.writeHead(404).end();
    else if (request.method === 'OPTIONS') {
      asked.push('OPTIONS');
      response.writeHead(204, {...open, 'access-control-allow-headers': '*', 'access-control-max-age': '0'}).end();
    } else {
      const condition = request.headers['if-none-match'];
      asked.push(`${request.method}${condition === undefined ? '' : ' if-none-match'}`);
      for (const [name, value] of Object.entries(open)) response.setHeader(name, value);
      if (searchParams.has('credentials')) {
        response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
        response.setHeader('access-control-allow-credentials', 'true');
      }
      if (searchParams.has('exposed')) response.setHeader('access-control-expose-headers', 'etag, vary');
      if (searchParams.has('vary')) response.setHeader('vary', 'x-lang');
      if (searchParams.has('etag')) response.setHeader('etag', '"1"');
      if (searchParams.has('slow')) await sleep(300);
      if (searchParams.has('etag') && condition === '"1"') {
        response.writeHead(304, {'cache-control': 'max-age=60'}).end();
        return;
      }
      if (searchParams.has('status')) {
        response.writeHead(Number(searchParams.get('status')), {'cache-control': 'max-age=60'}).end();
        return;
      }
      generatedAt[++generated] = performance.timeOrigin + performance.now();
      const by = searchParams.has('credentials') ? ` for ${request.headers.cookie ?? 'nobody'}` : '';
      const body = `answer ${generated}${by}`.padEnd(Number(searchParams.get('bytes') ?? 0), '.');
      response.setHeader('cache-control', 'max-age=60').end(body);
    }
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => generated,
    generatedAt,
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
