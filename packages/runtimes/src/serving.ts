// A Response over the network, by the server each runtime has.

import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';

type Handler = () => Promise<Response>;

type Listening = {readonly port: number; readonly stop: () => unknown};

/** As far as they are used. */
type Runtimes = {
  readonly Bun?: {serve(options: {port: number; fetch: Handler}): {port: number; stop(closes: boolean): unknown}};
  readonly Deno?: {
    serve(
      options: {port: number; onListen: () => void},
      handler: Handler,
    ): {
      addr: {port: number};
      shutdown(): Promise<void>;
    };
  };
};

const {Bun, Deno} = globalThis as Runtimes;

async function listening(handler: Handler): Promise<Listening> {
  if (Bun !== undefined) {
    const server = Bun.serve({port: 0, fetch: handler});
    return {port: server.port, stop: () => server.stop(true)};
  }
  if (Deno !== undefined) {
    const server = Deno.serve({port: 0, onListen: () => undefined}, handler);
    return {port: server.addr.port, stop: () => server.shutdown()};
  }
  // Node has no server for a Response; frameworks there read its status, its fields and its body.
  const answer = async (outgoing: ServerResponse): Promise<void> => {
    const {status, headers, body} = await handler();
    outgoing.writeHead(status, Object.fromEntries(headers));
    await pipeline(Readable.fromWeb(body as never), outgoing);
  };
  const server = createServer((_, outgoing) => void answer(outgoing));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {port: (server.address() as AddressInfo).port, stop: () => server.close()};
}

/** Answers one request with it; the result is what arrives. */
export async function servedBy(hit: Handler): Promise<Response> {
  const {port, stop} = await listening(hit);
  const arrived = await fetch(`http://127.0.0.1:${port}/`);
  const bytes = await arrived.arrayBuffer();
  await stop();
  return new Response(bytes, arrived);
}
