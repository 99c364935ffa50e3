// A real HTTP origin on the loopback interface, gone when the test is over.

import {createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';

/** What reached the origin. */
export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

export type LoopbackOrigin = {readonly url: string; readonly seen: readonly Seen[]};

/** Answers one request; its content has been read already. */
export type Answering = (response: ServerResponse, seen: Seen) => void;

/** Listens on a free port until the test ends. */
export async function loopbackOrigin(answering: Answering): Promise<LoopbackOrigin> {
  const seen: Seen[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const one = {method: request.method ?? '', path: request.url ?? '', headers: request.headers, body};
    seen.push(one);
    answering(response, one);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen};
}

/** Answers with these fields and this text. */
export const answer =
  (fields: OutgoingHttpHeaders, text = 'hello', status = 200): Answering =>
  response => {
    response.writeHead(status, fields);
    response.end(text);
  };
