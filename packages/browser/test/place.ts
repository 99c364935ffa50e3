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
  readonly stop: () => void;
};

const programs = ['program', 'service-worker'] as const;

export async function startPlace(): Promise<Place> {
  const scripts = new Map<string, string>();
  for (const name of programs) {
    scripts.set(`/${name}.js`, await bundled(join(import.meta.dirname, `${name}.ts`), ['@limpid/source']));
  }
  let generated = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const {pathname, searchParams} = new URL(request.url ?? '/', 'http://a.example');
    const script = scripts.get(pathname);
    if (script !== undefined) response.setHeader('content-type', 'text/javascript').end(script);
    else if (pathname === '/') {
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><script type=module src=/program.js></script>');
    } else if (pathname === '/favicon.ico') response.writeHead(404).end();
    else {
      const body = `answer ${++generated}`.padEnd(Number(searchParams.get('bytes') ?? 0), '.');
      if (searchParams.has('slow')) await sleep(300);
      response.setHeader('cache-control', 'max-age=60').end(body);
    }
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => generated,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
