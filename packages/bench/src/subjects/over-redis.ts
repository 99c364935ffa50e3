// What the floors over Redis have in common, and limpid's stores in front of servers of their own.

import {RedisStore} from '@limpid/redis';
import {startCluster, startServer} from '@limpid/redis-servers';
import type {Store} from 'limpid';
import {createCluster} from 'redis';
import type {Client, Environment} from '../subject.ts';
import {mayReuse, noFields, Shelf, type Stored} from './floor.ts';
import {LazyResponse} from './lazy-response.ts';
import type {Place} from './limpid.ts';

type Send = (...args: readonly [command: string, key: string, ...(readonly (string | Buffer)[])]) => Promise<unknown>;

/** One GET for each request. */
export function redisFloor(environment: Environment, send: Send, close: () => Promise<void>): Client {
  const shelf = new Shelf(environment);
  const load = async (url: string): Promise<Stored> => {
    const {bytes, ...head} = await shelf.load(url);
    await send('SET', url, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes]));
    return {bytes, ...head};
  };
  const find = async (url: string): Promise<Stored | undefined> => {
    const value = await send('GET', url);
    if (!(value instanceof Buffer)) return undefined;
    const end = value.indexOf(10);
    const stored = {...JSON.parse(value.toString('utf8', 0, end)), bytes: value.subarray(end + 1)};
    return mayReuse(stored, noFields) ? stored : undefined;
  };
  const get = async (url: string): Promise<Response> => new LazyResponse((await find(url)) ?? (await load(url)));
  return {
    bytes: async url => (await get(url)).arrayBuffer(),
    json: async url => (await get(url)).json(),
    close,
  };
}

/** Patient, because a machine that measures is busy. */
const patient = {timeout: 10_000, clearTimeout: 60_000};

/** A server of its own, with these stores over it. */
export async function atServer(storeOf: (store: RedisStore) => Store = store => store): Promise<Place> {
  const server = await startServer();
  return {
    open: () => storeOf(new RedisStore({url: server.url, ...patient})),
    taken: async () => Number(/used_memory:(\d+)/.exec(await server.tell('INFO', 'memory'))?.[1]),
    end: () => server.stop(),
  };
}

export async function atCluster(): Promise<Place> {
  const servers = await startCluster();
  const client = createCluster({rootNodes: servers.map(({url}) => ({url}))});
  await client.connect();
  return {
    open: () => new RedisStore({client, ...patient}),
    end: async () => {
      client.destroy();
      await Promise.all(servers.map(({stop}) => stop()));
    },
  };
}
