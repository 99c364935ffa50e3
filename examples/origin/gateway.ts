// A cache on the way to the origin, like a proxy's or a CDN's: it keeps every answer, and goes to the origin again only
// for a request that says `Cache-Control: no-cache`.

import {createServer} from 'node:http';
import {listen, type Origin} from './origin.ts';

type Kept = {readonly status: number; readonly headers: Headers; readonly body: Uint8Array};

/** Starts a caching gateway in front of an origin. */
export async function startGateway(origin: Origin): Promise<string> {
  const kept = new Map<string, Kept>();
  const fetched = async (path: string): Promise<Kept> => {
    const response = await fetch(`${origin.url}${path}`);
    return {status: response.status, headers: response.headers, body: await response.bytes()};
  };
  return listen(
    createServer(async ({url: path = '/', headers}, response) => {
      const isFresh = !/no-cache/.test(headers['cache-control'] ?? '');
      const answer = (isFresh ? kept.get(path) : undefined) ?? (await fetched(path));
      kept.set(path, answer);
      response.writeHead(answer.status, [...answer.headers].flat()).end(answer.body);
    }),
  );
}
