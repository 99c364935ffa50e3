// The origin: a real HTTP server on the loopback interface that answers each request as its test says, and remembers it.

import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import {type Field, fieldsOf, linesByName, sentValue, valueIn} from './field-values.ts';
import type {Step} from './suite.ts';

/** A request that reached the origin, and what the origin said. */
export type Seen = {
  /** The client's number for it, from 1: a validation bears that of the request it is made for. */
  readonly number: number;
  readonly method: string;
  readonly fields: readonly Field[];
  /** `undefined` when the origin hung up. */
  readonly status: number | undefined;
  /** What the test makes the origin send, as sent. */
  readonly sent: readonly Field[];
  /** Of those, the names of what is expected to reach the client. */
  readonly expectedBack: readonly string[];
};

export type Origin = {
  readonly url: string;
  /** Prepares answers for one test under an id of its own. */
  prepare(id: string, requests: readonly Step[]): void;
  /** What has reached the origin under this id, in order. */
  seen(id: string): readonly Seen[];
  close(): Promise<void>;
};

type Prepared = {readonly requests: readonly Step[]; readonly seen: Seen[]; lastAnswered: number};

/** Says that a condition the cache was to send is missing or wrong. No client takes it for a final answer. */
export const unvalidated = 999;

/** Longer than any test: no connection may be closed while a client is about to use it. */
const keepAliveTimeout = 60_000;

/** The path of a test. */
export const pathOf = (id: string): string => `/test/${id}`;

/** Listens on a free port until it is closed. */
export async function startOrigin(): Promise<Origin> {
  const tests = new Map<string, Prepared>();
  const server = createServer({keepAliveTimeout}, (request, response) => {
    const id = /^\/test\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? '';
    const prepared = tests.get(id);
    // A client that leaves early is its own affair.
    response.on('error', () => undefined);
    if (prepared === undefined) response.writeHead(404).end();
    else void answer(request, response, prepared, id).catch(() => response.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', 1024, resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    prepare: (id, requests) => void tests.set(id, {requests, seen: [], lastAnswered: 0}),
    seen: id => tests.get(id)?.seen ?? [],
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  prepared: Prepared,
  id: string,
): Promise<void> {
  const {requests, seen} = prepared;
  const number = Number(request.headers['req-num']);
  const step = requests[number - 1];
  if (step === undefined) return void response.writeHead(400).end();
  request.resume();
  const received = seenFrom(request, number);
  const index = seen.push(received);
  const numbers = seen.map(one => one.number).join(' ');
  for (const [status, written = []] of step.interim_responses ?? []) writeInterim(response, status, written);
  if (step.disconnect) return void request.socket.destroy();
  if (step.response_pause) await pause(step.response_pause * 1000);

  const now = Date.now();
  const base = step.magic_locations ? pathOf(id) : undefined;
  const sent = fieldsOf(step.response_headers ?? [], {now, base, rfc850date: step.rfc850date});
  const [status, reason] = statusFor(step, requests[number - 2], received.fields, prepared.lastAnswered);
  prepared.lastAnswered = now;
  seen[index - 1] = {...received, status, sent, expectedBack: namesExpectedBack(step)};

  const about: readonly Field[] = [
    ['Server-Base-Url', pathOf(id)],
    ['Server-Request-Count', String(index)],
    ['Client-Request-Count', String(number)],
    ['Server-Now', String(now)],
    ['Request-Numbers', numbers],
  ];
  const text = [204, 304].includes(status) ? '' : (step.response_body ?? id);
  send(response, {status, reason, fields: [...about, ...sent], text});
}

const namesExpectedBack = ({response_headers = []}: Step): readonly string[] => [
  ...new Set(response_headers.filter(([, , isExpected]) => isExpected !== false).map(([name]) => name)),
];

/** 304 or 999 where a validation is expected, else what the test says. */
function statusFor(
  step: Step,
  previous: Step | undefined,
  fields: readonly Field[],
  lastAnswered: number,
): readonly [status: number, reason: string] {
  if (!step.expected_type?.endsWith('validated')) return step.response_status ?? [200, 'OK'];
  const offered = (name: string): string | undefined => {
    const [, value] = previous?.response_headers?.find(([other]) => other.toLowerCase() === name) ?? [];
    return value === undefined ? undefined : sentValue(name, value, {now: lastAnswered});
  };
  const confirms = (condition: string, validator: string): boolean => {
    const value = valueIn(fields, condition);
    return value !== undefined && value === offered(validator);
  };
  const isConfirmed = confirms('if-modified-since', 'last-modified') || confirms('if-none-match', 'etag');
  return isConfirmed ? [304, 'Not Modified'] : [unvalidated, 'Not Validated'];
}

type Answer = {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly Field[];
  readonly text: string;
};

function send(response: ServerResponse, {status, reason, fields, text}: Answer): void {
  response.statusCode = status;
  response.statusMessage = reason;
  for (const [name, lines] of linesByName(fields)) response.setHeader(name, lines);
  if (!response.hasHeader('content-type')) response.setHeader('Content-Type', 'text/plain');
  const {socket} = response;
  if (isMisframed(fields, text)) response.on('finish', () => socket?.end());
  // As bytes: Node writes the fields in the encoding of a text that follows them, and fields are latin1.
  response.end(Buffer.from(text));
}

/** Where the message does not end as its fields say, the connection must end with it. */
function isMisframed(fields: readonly Field[], text: string): boolean {
  const length = valueIn(fields, 'content-length');
  const hasOtherLength = length !== undefined && Number(length) !== Buffer.byteLength(text);
  return valueIn(fields, 'transfer-encoding') !== undefined || (hasOtherLength && text !== '');
}

function writeInterim(response: ServerResponse, status: number, written: NonNullable<Step['response_headers']>): void {
  const lines = written.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  response.socket?.write(`HTTP/1.1 ${status} Interim\r\n${lines}\r\n`);
}

function seenFrom({method = '', rawHeaders}: IncomingMessage, number: number): Seen {
  const fields: Field[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    fields.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return {number, method, fields, status: undefined, sent: [], expectedBack: []};
}
