// The scripted origin behind a real server.

import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import {Fields, type FieldsSource} from '../../src/fields/fields.ts';
import {requestHead} from '../builders.ts';
import type {Locating, Reply, ScriptedOrigin} from './scripted-origin.ts';

/** The scripted origin behind a real server; what it saw is what really arrived. */
export async function listening(origin: ScriptedOrigin, url: () => Locating): Promise<string> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fields = Fields.from(request.headers as FieldsSource);
    const path = request.url ?? '';
    const head = requestHead({method: request.method ?? '', url: `http://${request.headers.host}${path}`, fields});
    for await (const _ of request);
    try {
      origin.seen.push(head);
      const reply = await origin.answering(head, undefined, undefined);
      await written(response, reply, url());
    } catch {
      request.socket.destroy();
    }
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
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function written(response: ServerResponse, reply: Reply, url: Locating): Promise<void> {
  if (reply.error !== undefined) throw reply.error;
  const {status = 200, statusText, fields = {'cache-control': 'max-age=60'}, body = 'hello', breaks} = reply;
  response.sendDate = false;
  const lines = [...Fields.from(fields)].flatMap(([name, value]) => [name, url(value, false)]);
  response.writeHead(status, statusText ?? '', lines);
  for (const chunk of typeof body === 'string' ? [body] : ((body ?? []) as readonly string[])) response.write(chunk);
  if (breaks === undefined) response.end();
  else setImmediate(() => response.socket?.resetAndDestroy());
}
