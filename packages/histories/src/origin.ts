// An origin that numbers every answer it generates, and remembers when.

import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout} from 'node:timers/promises';
import {type Generated, isEverybodys, micros, ownerOf, type User} from './history.ts';
import {randomFrom} from './plan.ts';

export type Origin = {
  readonly url: string;
  readonly generated: ReadonlyMap<number, Generated>;
  readonly close: () => void;
};

const cacheControls = ['max-age=60', 'max-age=60', 'max-age=60', 'max-age=1, stale-while-revalidate=60', 'no-cache'];

/** The body of an answer: of another length for each number, so that parts of two would be noticed. */
export const bodyOf = (number: number, path: string, user: User): string =>
  `${number} ${path} ${user} ${'.'.repeat(number % 3000)}!`;

export async function startOrigin(seed: number): Promise<Origin> {
  const random = randomFrom(seed);
  const generated = new Map<number, Generated>();
  const newest = new Map<string, number>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const user = ownerOf(path, request.headers.authorization?.slice('Bearer '.length) as User);
    const at = micros();
    const fields = {
      'cache-control': isEverybodys(path)
        ? 'public, max-age=60'
        : cacheControls[Number(/\d+$/.exec(path)?.[0]) % cacheControls.length],
      vary: 'x-none',
    };
    const name = `${path} ${user}`;
    const last = newest.get(name);
    const isCurrent = last !== undefined && request.headers['if-none-match'] === `"${last}"` && random() < 0.5;
    const number = isCurrent ? last : generated.size + 1;
    if (isCurrent) generated.get(number)?.validated.push(at);
    else {
      generated.set(number, {path, user, at, validated: []});
      newest.set(name, number);
    }
    // So that exchanges overlap with clears.
    if (random() < 0.3) await setTimeout(random() * 4);
    response.writeHead(isCurrent ? 304 : 200, {...fields, etag: `"${number}"`});
    response.end(isCurrent ? undefined : bodyOf(number, path, user));
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    generated,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
