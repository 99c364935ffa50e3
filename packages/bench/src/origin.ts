// The origin's process: answers by path, and counts what reaches it.

import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as later} from 'node:timers/promises';
import {answerTo, type PlainAnswer} from './answers.ts';

/** Before the head and again before the second half of a slow answer, in milliseconds. */
const slowness = 50;

let count = 0;

const server = createServer((request, response) => {
  const {url = '/', headers} = request;
  if (url === '/count') {
    response.end(String(count));
    return;
  }
  count += 1;
  const answer = answerTo(url, headers['if-none-match']);
  if (answer.isSlow) void answerSlowly(response, answer);
  else response.writeHead(answer.status, answer.headers).end(answer.body);
});

async function answerSlowly(response: ServerResponse, {status, headers, body}: PlainAnswer): Promise<void> {
  const half = Math.floor(body.length / 2);
  await later(slowness);
  response.writeHead(status, headers).write(body.subarray(0, half));
  await later(slowness);
  response.end(body.subarray(half));
}

server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({type: 'listening', port: (server.address() as AddressInfo).port});
});
process.on('disconnect', () => process.exit());
