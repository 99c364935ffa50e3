import {type Server, startCluster, startServer} from '@limpid/redis-servers';
import {storeContract} from 'limpid/store-contract';
import {createClient, createCluster} from 'redis';
import {createClient as createClient5, createCluster as createCluster5} from 'redis-5';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {RedisStore} from '../src/index.ts';

let made = 0;
const prefixes = new WeakMap<object, string>();

/** A stored response lies between newlines: a line for scripts, its record, its bytes. */
async function rewritten({url}: Server, prefix: string, change: (record: string) => string): Promise<void> {
  const client = await createClient({url}).connect();
  for await (const keys of client.scanIterator({MATCH: `${prefix}:*`, TYPE: 'hash'})) {
    for (const key of keys) {
      for (const [field, value] of Object.entries(await client.hGetAll(key))) {
        const [head, record, ...rest] = value.split('\n');
        if (field.startsWith('e')) await client.hSet(key, field, [head, change(record ?? ''), ...rest].join('\n'));
      }
    }
  }
  client.destroy();
}

describe('a single server', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  const open = (prefix: string): RedisStore => {
    const store = new RedisStore({url: server.url, prefix, maxBodyBytes: 16 * 1024 * 1024, timeout: 2_000});
    prefixes.set(store, prefix);
    return store;
  };
  test('is the one that this run is of', async () => {
    const isValkey = (await server.tell('INFO', 'server')).includes('valkey_version:');
    expect(isValkey).toBe(process.env.LIMPID_REDIS === 'valkey');
  });
  storeContract({describe, test}, () => open(`s${++made}`), {
    reopen: store => open(prefixes.get(store) ?? ''),
    rewrite: async (store, change) => rewritten(server, prefixes.get(store) ?? '', change),
  });
});

describe('a cluster', () => {
  let servers: readonly Server[];
  let client: Awaited<ReturnType<typeof connected>>;
  const connected = async () => {
    const cluster = createCluster({rootNodes: servers.map(({url}) => ({url}))});
    cluster.on('error', () => undefined);
    await cluster.connect();
    return cluster;
  };
  beforeAll(async () => {
    servers = await startCluster();
    client = await connected();
  }, 60_000);
  afterAll(async () => {
    client.destroy();
    await Promise.all(servers.map(({stop}) => stop()));
  });

  const open = (prefix: string): RedisStore => {
    const store = new RedisStore({client, prefix, maxBodyBytes: 16 * 1024 * 1024, timeout: 2_000});
    prefixes.set(store, prefix);
    return store;
  };
  storeContract({describe, test}, () => open(`c${++made}`), {reopen: store => open(prefixes.get(store) ?? '')});
});

describe('by the oldest client that is allowed', () => {
  const limits = {maxBodyBytes: 16 * 1024 * 1024, timeout: 2_000};

  describe('a single server', () => {
    let server: Server;
    let client: Awaited<ReturnType<ReturnType<typeof createClient5>['connect']>>;
    beforeAll(async () => {
      server = await startServer();
      client = await createClient5({url: server.url}).connect();
    });
    afterAll(async () => {
      client.destroy();
      await server.stop();
    });
    storeContract({describe, test}, () => new RedisStore({client, prefix: `o${++made}`, ...limits}));
  });

  describe('a cluster', () => {
    let servers: readonly Server[];
    let client: ReturnType<typeof createCluster5>;
    beforeAll(async () => {
      servers = await startCluster();
      client = createCluster5({rootNodes: servers.map(({url}) => ({url}))});
      await client.connect();
    }, 60_000);
    afterAll(async () => {
      client.destroy();
      await Promise.all(servers.map(({stop}) => stop()));
    });
    storeContract({describe, test}, () => new RedisStore({client, prefix: `o${++made}`, ...limits}));
  });
});
