// Commands to a single server or to a cluster, each within a time.

import {createHash} from 'node:crypto';
import slotOf from 'cluster-key-slot';
import {failure} from './trouble.ts';

export type Argument = string | Buffer;

/** As Redis answers: texts are bytes. */
export type Reply = Buffer | number | null | undefined | readonly Reply[];

/** A client of `createClient`, as far as it is used. */
export type SingleClient = {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  sendCommand(args: readonly Argument[], options?: object): Promise<unknown>;
};

/** A client of `createCluster`, as far as it is used. */
export type ClusterClient = {
  readonly isOpen: boolean;
  readonly masters: readonly object[];
  readonly slots: readonly {readonly master: object}[];
  nodeClient(node: never): SingleClient | Promise<SingleClient>;
  sendCommand(firstKey: string, isReadonly: boolean, args: readonly Argument[], options?: object): Promise<unknown>;
};

/**
 * Bulk strings come as bytes, maps as lists: the type mapping of the `redis` package, by the letters `$` and `%` of RESP.
 * Time is kept here, for less than a signal for each command costs.
 */
const asBytes = {typeMapping: {36: Buffer, 37: Array}, timeout: undefined};

const isCluster = (client: SingleClient | ClusterClient): client is ClusterClient => 'masters' in client;

/** A script, with its name at the server. */
export type Script = {readonly text: string; readonly digest: string};

export const script = (text: string): Script => ({text, digest: createHash('sha1').update(text).digest('hex')});

/** A client of our own, which may still be on its way to Redis. */
export type Connecting = {
  /** It is there, or has taken too long. */
  readonly over: Promise<unknown>;
  /** What it last met with, while it is not there. */
  readonly trouble: () => unknown;
};

export class Commands {
  readonly #client: SingleClient | ClusterClient;
  readonly #connecting: Connecting | undefined;

  constructor(client: SingleClient | ClusterClient, connecting?: Connecting) {
    this.#client = client;
    this.#connecting = connecting;
  }

  /**
   * Sends a command that names `key` to where that lies; a cluster's client sends one without a key to any of its
   * servers. Rejects as `within` does.
   */
  async send(ms: number, key: string, ...args: readonly Argument[]): Promise<Reply> {
    return within(ms, this.sent(key, args));
  }

  /** As `send`, for who keeps time for several. */
  sent(key: string, args: readonly Argument[]): Promise<Reply> {
    // Nearly always: nothing to wait for.
    if (isReady(this.#client)) return this.#sentNow(key, args);
    return whenReady(this.#client, this.#connecting, () => this.#sentNow(key, args));
  }

  #sentNow(key: string, args: readonly Argument[]): Promise<Reply> {
    const client = this.#client;
    const reply = isCluster(client) ? client.sendCommand(key, false, args, asBytes) : client.sendCommand(args, asBytes);
    return reply as Promise<Reply>;
  }

  /** Runs a script at the slot of its first key. */
  async run(ms: number, said: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    const [key = ''] = keys;
    return evaluated((...command) => this.send(ms, key, ...command), said, keys, args);
  }

  /** The server that holds a key, for what is about the server. */
  async masterOf(key: string): Promise<Node> {
    const client = this.#client;
    if (!isCluster(client)) return new Node(client, this.#connecting);
    const master = client.slots[slotOf(key)]?.master;
    if (master === undefined) throw failure('the cluster has no server for the marks');
    return new Node(await client.nodeClient(master as never));
  }

  /** Every server that holds keys of its own, as far as the client knows. */
  async masters(): Promise<readonly Node[]> {
    const client = this.#client;
    if (!isCluster(client)) return [new Node(client, this.#connecting)];
    return Promise.all(client.masters.map(async master => new Node(await client.nodeClient(master as never))));
  }

  get isOfCluster(): boolean {
    return isCluster(this.#client);
  }
}

const isReady = (client: SingleClient | ClusterClient): boolean =>
  client.isOpen && !('isReady' in client && !client.isReady);

/** Sends once a client of our own is there. */
function whenReady(
  client: SingleClient | ClusterClient,
  connecting: Connecting | undefined,
  send: () => Promise<Reply>,
): Promise<Reply> {
  if (isReady(client)) return send();
  // A queue of what is to be sent later would grow, and what is sent too late is of no use.
  const refused = (): Promise<never> => Promise.reject(failure('Redis is not connected', connecting?.trouble()));
  return connecting === undefined ? refused() : connecting.over.then(() => (isReady(client) ? send() : refused()));
}

/** One server, for what is not about a key. */
export class Node {
  readonly #client: SingleClient;
  readonly #connecting: Connecting | undefined;

  constructor(client: SingleClient, connecting?: Connecting) {
    this.#client = client;
    this.#connecting = connecting;
  }

  async send(ms: number, ...args: readonly Argument[]): Promise<Reply> {
    const send = (): Promise<Reply> => this.#client.sendCommand(args, asBytes) as Promise<Reply>;
    return within(ms, whenReady(this.#client, this.#connecting, send));
  }

  async run(ms: number, said: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    return evaluated((...command) => this.send(ms, ...command), said, keys, args);
  }
}

/** Runs a script; the server gets its text when it does not know it. */
async function evaluated(
  send: (...command: readonly Argument[]) => Promise<Reply>,
  {text, digest}: Script,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<Reply> {
  const rest = [String(keys.length), ...keys, ...args];
  try {
    return await send('EVALSHA', digest, ...rest);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return send('EVAL', text, ...rest);
  }
}

/** Rejects after `ms` milliseconds, whatever becomes of it; after as many more as the process itself was held up for. */
export async function within<T>(ms: number, value: Promise<T>): Promise<T> {
  const began = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    // By the name of the cause the cache knows to leave Redis alone for a while.
    const message = `Redis did not answer within ${ms} ms`;
    const giveUp = (): void => reject(failure(message, new DOMException(message, 'TimeoutError')));
    timer = setTimeout(() => {
      timer = setTimeout(giveUp, Math.max(0, performance.now() - began - ms));
    }, ms);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

export const textOf = (reply: Reply): string => (Buffer.isBuffer(reply) ? reply.toString() : String(reply ?? ''));

/** A number, or 0 for what is not there. */
export const numberOf = (reply: Reply): number => Number(textOf(reply) || 0);

export const listOf = (reply: Reply): readonly Reply[] => (Array.isArray(reply) ? (reply as readonly Reply[]) : []);
