import {startServer} from '@limpid/redis-servers';
import {createClient} from 'redis';
import type {Subject} from '../subject.ts';
import {redisFloor} from './over-redis.ts';

/** The least that keeps a response in Redis. */
export const subject: Subject = {
  configuration:
    'A server of its own, and one GET by the redis package: a line of JSON, parsed, then the bytes; the checks of floor-http, and the Response of floor-subclass.',
  async open(environment) {
    const server = await startServer();
    const client = await createClient({url: server.url}).connect();
    return redisFloor(
      environment,
      (...args) => client.sendCommand(args, {typeMapping: {36: Buffer}}),
      async () => {
        client.destroy();
        await server.stop();
      },
    );
  },
};
