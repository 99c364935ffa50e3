// A cache on the way to the origin, like a proxy's or a CDN's: it keeps every answer, and goes to the origin again only
// for a request that says `Cache-Control: no-cache`.

import {createServer, type IncomingMessage} from 'node:http';
import {listen, type Origin} from './origin.ts';

type Kept = {readonly status: number; readonly headers: Headers; readonly body: Uint8Array};

/** Starts a caching gateway in front of an origin. */
export async function startGateway(origin: Origin): Promise<string> {
  const kept = new Map<string, Kept>();
  const fetched = async (path: string): Promise<Kept> => {
    const response = await fetch(`${origin.url}${path}`);
    return {status: response.status, headers: response.headers, body: await response.bytes()};
  };
  const answerTo = async ({url: path = '/', headers}: IncomingMessage): Promise<Kept> => {
    const mayReuse = !/no-cache/.test(headers['cache-control'] ?? '');
    const answer = (mayReuse ? kept.get(path) : undefined) ?? (await fetched(path));
    kept.set(path, answer);
    return answer;
  };
  return listen(
    createServer((request, response) => {
      answerTo(request).then(
        ({status, headers, body}) => response.writeHead(status, [...headers].flat()).end(body),
        () => response.writeHead(502).end(),
      );
    }),
  );
}
