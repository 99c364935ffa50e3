import {createClient} from 'redis';
import {Commands, type SingleClient} from './commands.ts';
import {noAddress} from './options.ts';

/** A client that we made. */
export type OwnClient = SingleClient & {
  connect(): Promise<unknown>;
  destroy(): void;
  on(name: 'connect' | 'ready' | 'error', listener: (error?: unknown) => void): unknown;
};

/**
 * A client for an address. It reconnects by itself; what is sent meanwhile fails at once.
 *
 * @throws TypeError for what is no address.
 */
export function clientFor(url: string): OwnClient {
  try {
    return createClient({url, disableOfflineQueue: true});
  } catch {
    // What it says may hold the password.
    throw noAddress();
  }
}

/** Commands of a client that is on its way to Redis: they wait for it, for the first `ms` milliseconds. */
export function commandsOf(client: OwnClient | undefined, ms: number): Commands {
  if (client === undefined) throw new TypeError('limpid: RedisStore has no client');
  let trouble: unknown;
  // Whoever waits for an answer hears of it.
  client.on('error', error => {
    trouble = error;
  });
  client.on('ready', () => {
    trouble = undefined;
  });
  const connected = client.connect().catch(() => undefined);
  const late = new Promise(resolve => setTimeout(resolve, ms).unref());
  return new Commands(client, {over: Promise.race([connected, late]), trouble: () => trouble});
}

/** Lets go of a client that we made. Before it is connected it has no socket yet that could be destroyed. */
export function leave(client: OwnClient | undefined): void {
  if (!client?.isOpen) return;
  if (client.isReady) {
    client.destroy();
    return;
  }
  // Once only: version 5 throws when it is destroyed again, and leaves the socket alone.
  const end = (): void => {
    if (client.isOpen) client.destroy();
  };
  client.on('connect', end);
  client.on('error', end);
}
