// A store whose commands a test sees, and may hold up.

import {type Server, startServer} from '@limpid/redis-servers';
import {createClient} from 'redis';
import {onTestFinished} from 'vitest';
import {RedisStore} from '../src/index.ts';

/** One command: what it says, and how to send it. */
export type Command = {readonly args: readonly string[]; readonly send: () => Promise<unknown>};

/** A store of a server of its own, by a client whose commands `sent` sends. Both end with the test. */
export async function commanded(
  sent: (command: Command) => Promise<unknown> = ({send}) => send(),
): Promise<{readonly server: Server; readonly store: RedisStore}> {
  const server = await startServer();
  onTestFinished(server.stop);
  const own = await createClient({url: server.url}).connect();
  onTestFinished(() => own.destroy());
  const client = {
    isOpen: true,
    isReady: true,
    sendCommand: (args: readonly (string | Buffer)[], options?: object): Promise<unknown> =>
      sent({args: args.map(String), send: () => own.sendCommand(args, options)}),
  };
  return {server, store: new RedisStore({client, timeout: 5_000})};
}
