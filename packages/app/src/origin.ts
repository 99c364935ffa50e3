// The API behind the page: it numbers its answers, and takes its time.

import type {IncomingMessage, ServerResponse} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';

/** How long an answer takes, in milliseconds. */
const slowness = 150;

/** Answers what begins with `/api/`, and leaves the rest to `next`. */
export function origin() {
  let generated = 0;
  const versions = new Map<string, number>();

  const answer = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    await sleep(slowness);
    const [, , kind = ''] = path.split('/');
    if (kind === 'broken') {
      response.destroy();
      return;
    }
    if (request.method !== 'GET') {
      versions.set(kind, (versions.get(kind) ?? 0) + 1);
      response.writeHead(204).end();
      return;
    }
    const etag = `"${kind}-${versions.get(kind) ?? 0}"`;
    response.setHeader('cache-control', 'max-age=20').setHeader('etag', etag).setHeader('surrogate-key', kind);
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({path, answer: ++generated}));
  };

  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const {pathname} = new URL(request.url ?? '/', 'http://a.example');
    if (pathname.startsWith('/api/')) void answer(request, response, pathname);
    else next();
  };
}
