// Promises 2, 3 and 5 over a Redis in trouble: no request fails or hangs, and a clear that did not happen is known.

import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {cachedFetch} from '@limpid/fetch';
import {type Server, startServer} from '@limpid/redis-servers';
import {HttpCache} from 'limpid';
import {createClient} from 'redis';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {RedisStore, type RedisStoreOptions} from '../src/index.ts';

async function started(more: readonly string[] = [], port?: number): Promise<Server> {
  const server = await startServer(more, port);
  onTestFinished(server.stop);
  return server;
}

async function origin(padding = ''): Promise<string> {
  let count = 0;
  return originOf((_, response) => response.end(`answer ${++count}${padding}`));
}

async function originOf(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Client = {
  readonly cache: HttpCache;
  readonly causes: string[];
  readonly text: (url: string, init?: RequestInit) => Promise<string>;
};

function clientOf(url: string | undefined, options: Partial<RedisStoreOptions> = {}): Client {
  const store = new RedisStore({...(url !== undefined && {url}), ...options});
  const cache = new HttpCache({store, rules: [{ttl: '1h', tags: ['t']}]});
  onTestFinished(async () => {
    await cache.close();
    await store.close();
  });
  const causes: string[] = [];
  cache.on('error', ({error}) => causes.push(String(((error as Error).cause as Error | undefined)?.message)));
  const get = cachedFetch(cache);
  const text = async (asked: string, init?: RequestInit): Promise<string> => {
    const read = await (await get(asked, init)).text();
    await cache.idle();
    return read;
  };
  return {cache, causes, text};
}

/** How long it takes, in milliseconds. */
async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

const clearFails = {code: 'CLEAR_FAILED'};

describe('a request is answered in time and a clear is known not to have happened', () => {
  test('where nobody listens', async () => {
    const server = await started();
    await server.stop();
    const url = await origin();
    const {cache, text, causes} = clientOf(server.url);
    expect(await timed(async () => expect(await text(url)).toBe('answer 1'))).toBeLessThan(1_500);
    // Only the first request waits for a connection.
    expect(await timed(async () => expect(await text(url)).toBe('answer 2'))).toBeLessThan(200);
    // What the client met with is told to whoever asks.
    await expect(cache.clear()).rejects.toMatchObject({
      ...clearFails,
      cause: {
        message: expect.stringContaining('Redis is not connected'),
        cause: {message: expect.stringContaining(`ECONNREFUSED 127.0.0.1:${server.port}`)},
      },
    });
    expect(causes.length).toBeGreaterThan(0);
  });

  test('says why it cannot be used', async () => {
    const server = await started();
    const {cache} = clientOf(`${server.url}/77`);
    await expect(cache.clear()).rejects.toMatchObject({
      ...clearFails,
      cause: {cause: {message: expect.stringContaining('DB index is out of range')}},
    });
  });

  test('when it stops, and it goes on when it is back', async () => {
    const server = await started();
    const url = await origin();
    const {cache, text, causes} = clientOf(server.url);
    expect(await text(url)).toBe('answer 1');
    expect(await text(url)).toBe('answer 1');
    await server.stop();
    expect(await timed(async () => expect(await text(url)).toBe('answer 2'))).toBeLessThan(1_500);
    expect(causes.length).toBeGreaterThan(0);
    await expect(cache.clear()).rejects.toMatchObject(clearFails);
    await started([], server.port);
    let last = '';
    for (let attempt = 0; attempt < 100; attempt++) {
      const next = await text(url);
      if (next === last) return;
      last = next;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    expect.unreachable('it never stored again');
  });

  test('while it pauses', async () => {
    const server = await started();
    const url = await origin();
    const {cache, text, causes} = clientOf(server.url, {clearTimeout: 300});
    expect(await text(url)).toBe('answer 1');
    await server.tell('CLIENT', 'PAUSE', '2000', 'ALL');
    expect(await timed(async () => expect(await text(url)).toBe('answer 2'))).toBeLessThan(1_500);
    expect(causes).toEqual([expect.stringContaining('Redis did not answer within 250 ms')]);
    await expect(cache.clear()).rejects.toMatchObject(clearFails);
  });

  test('while it pauses, and only the first of them waits', async () => {
    const server = await started();
    const url = await origin();
    // Sooner than the cache itself gives up.
    const {text, causes} = clientOf(server.url, {timeout: 900});
    await text(url);
    // On a busy machine that may have been late, too.
    causes.length = 0;
    await server.tell('CLIENT', 'PAUSE', '4000', 'ALL');
    expect(await text(url)).toBe('answer 2');
    const others = await Promise.all(Array.from({length: 5}, () => text(url)));
    expect(new Set(others).size).toBe(5);
    expect(causes).toEqual([expect.stringContaining('Redis did not answer within 900 ms')]);
  });

  test('when it is a replica that may only be read', async () => {
    const master = await started();
    const replica = await started(['--replicaof', '127.0.0.1', String(master.port)]);
    const url = await origin();
    const {cache, text, causes} = clientOf(replica.url);
    expect(await text(url)).toBe('answer 1');
    expect(await text(url)).toBe('answer 2');
    expect(causes.join()).toContain('READONLY');
    await expect(cache.clear()).rejects.toMatchObject(clearFails);
  });

  test('when it is full and evicts nothing', async () => {
    const server = await started(['--maxmemory', '3mb', '--maxmemory-policy', 'noeviction']);
    const url = await origin();
    const {cache, text, causes} = clientOf(server.url);
    expect(await text(url)).toBe('answer 1');
    await server.tell('CONFIG', 'SET', 'maxmemory', '1mb');
    expect(await text(`${url}/2`)).toBe('answer 2');
    expect(await text(`${url}/2`)).toBe('answer 3');
    expect(causes.join()).toContain('OOM');
    await expect(cache.clear()).rejects.toMatchObject(clearFails);
    await server.tell('CONFIG', 'SET', 'maxmemory', '0');
    await cache.clear();
    expect(await text(url)).toBe('answer 4');
  });

  test.each(['allkeys-lru', 'allkeys-random'])('when it is full and may evict anything: %s', async policy => {
    const server = await started(['--maxmemory', '3mb', '--maxmemory-policy', policy]);
    const url = await origin(' '.repeat(40_000));
    const {cache, text} = clientOf(server.url);
    let cleared = 0;
    for (let round = 0; round < 3; round++) {
      for (let page = 0; page < 150; page++) {
        const answer = await text(`${url}/${page}`);
        expect(Number(answer.slice('answer '.length))).toBeGreaterThan(cleared);
      }
      await cache.clear();
      cleared = Number((await (await fetch(url)).text()).slice('answer '.length));
    }
    expect(Number(/evicted_keys:(\d+)/.exec(await server.tell('INFO', 'stats'))?.[1])).toBeGreaterThan(0);
  });

  test('when a replica does not acknowledge it', async () => {
    const master = await started();
    const replica = await started(['--replicaof', '127.0.0.1', String(master.port)]);
    // A master sends nothing to a new replica before its first acknowledgement, up to a second later.
    await master.tell('SET', 'ready', 'yes');
    await vi.waitUntil(async () => (await replica.tell('GET', 'ready')) === 'yes', 10_000);
    const url = await origin();
    const {cache, text} = clientOf(master.url, {clearTimeout: 2_000});
    await cache.clear();
    process.kill(Number(/process_id:(\d+)/.exec(await replica.tell('INFO', 'server'))?.[1]), 'SIGSTOP');
    const clearing = expect(cache.clear()).rejects.toMatchObject(clearFails);
    // What waits for the replica must not hold up who asks; the first may still have come before the mark.
    await text(url);
    const stored = await text(url);
    for (let hit = 0; hit < 4; hit++) expect(await text(url)).toBe(stored);
    await clearing;
  });

  test.each([{all: true}, {prefix: 'http://127.0.0.1'}] as const)(
    'when a replica that never had it becomes the master: %o',
    async selection => {
      const master = await started();
      const replica = await started(['--replicaof', '127.0.0.1', String(master.port)]);
      await master.tell('SET', 'ready', 'yes');
      await vi.waitUntil(async () => (await replica.tell('GET', 'ready')) === 'yes', 10_000);
      const url = await origin();
      const [one, other] = [createClient({url: master.url}), createClient({url: replica.url})];
      for (const client of [await one.connect(), await other.connect()]) onTestFinished(() => client.destroy());
      // Follows the fail-over as soon as the clear is marked.
      let now = one;
      const client = {
        get isOpen() {
          return now.isOpen;
        },
        get isReady() {
          return now.isReady;
        },
        async sendCommand(args: readonly (string | Buffer)[], ...more: readonly never[]) {
          const isMark = args.some(arg => String(arg).includes('"action":"remove"'));
          if (isMark) await replica.tell('REPLICAOF', 'NO', 'ONE');
          const reply: unknown = await now.sendCommand(args, ...more);
          if (isMark) now = other;
          return reply;
        },
      };
      const {cache, text} = clientOf(undefined, {client, clearTimeout: 2_000});
      const kept = await text(url);
      expect(await text(url)).toBe(kept);
      await one.wait(1, 1000);
      await expect(cache.clear(selection)).rejects.toMatchObject(clearFails);
      // It may hold for nobody else; said again, it does.
      const elsewhere = clientOf(replica.url);
      const left = await elsewhere.text(url);
      await cache.clear(selection);
      expect(await elsewhere.text(url)).not.toBe(left);
    },
  );
});

test('an expiry that comes while a response is on its way holds, though the connection is lost once it is stored', async () => {
  const server = await started();
  let [count, end] = [0, (): void => undefined];
  const url = await originOf((_, response) => {
    count += 1;
    response.writeHead(200, {etag: '"a"'}).write(`answer ${count}`);
    end = () => response.end();
    if (count !== 2) end();
  });
  const own = await createClient({url: server.url}).connect();
  onTestFinished(() => own.destroy());
  const send = own.sendCommand.bind(own);
  let [isWatching, isLost] = [false, false];
  own.sendCommand = async (args: readonly (string | Buffer)[], ...more: readonly never[]) => {
    if (isLost) throw new Error('connection lost');
    isLost = isWatching && args[0] === 'EVALSHA' && args.some(arg => String(arg).startsWith('e['));
    return send(args as never, ...more);
  };
  const [writer, other] = [clientOf(undefined, {client: own as never}), clientOf(server.url)];
  // The server knows the script from now on.
  await writer.text(`${url}/first`);
  const body = writer.text(`${url}/a`);
  await vi.waitUntil(() => count === 2);
  await other.cache.expire({prefix: url});
  isWatching = true;
  end();
  expect(await body).toBe('answer 2');
  expect(isLost).toBe(true);
  await other.text(`${url}/a`);
  expect(count).toBe(3);
});

test('what is forgotten never makes older answers count again that a clear was held against', async () => {
  const server = await started();
  const {cache, text} = clientOf(server.url);
  await text(await origin());
  const control = 'limpid:{limpid}';
  const floor = await server.tell('HGET', control, 'tick');
  await server.tell('HSET', control, 'floor', floor);
  const marks = Array.from({length: 20_001}, (_, index) => [`m tag ${index}`, '5,0']).flat();
  await server.tell('HSET', control, ...marks);
  await cache.clear({tag: 't'});
  expect(Number(await server.tell('HLEN', control))).toBeLessThan(20_000);
  expect(await server.tell('HGET', control, 'floor')).toBe(floor);
});

test('a clear of more URLs than there is room for marks keeps within that room, and holds', async () => {
  const server = await started();
  const {cache, text} = clientOf(server.url);
  const url = await origin();
  expect(await text(url)).toBe('answer 1');
  await cache.clear([url, ...Array.from({length: 50_000}, (_, index) => `https://a.example/${index}`)]);
  expect(Number(await server.tell('HLEN', 'limpid:{limpid}'))).toBeLessThanOrEqual(20_000);
  expect(await text(url)).toBe('answer 2');
});

test('what an answer empties does not keep it from being stored', async () => {
  const server = await started();
  const url = await originOf(({method}, response) =>
    response.writeHead(200, {'cache-control': 'max-age=60', 'content-location': '/a'}).end(`to ${method}`),
  );
  const {text} = clientOf(server.url);
  expect(await text(`${url}/a`)).toBe('to GET');
  expect(await text(`${url}/a`, {method: 'POST'})).toBe('to POST');
  expect(await text(`${url}/a`)).toBe('to POST');
});

describe('what Redis loses counts as cleared', () => {
  test('its latest clears, when it comes back from a snapshot', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'limpid-redis-'));
    onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
    const server = await started(['--dir', folder]);
    const url = await origin();
    const [one, other] = [clientOf(server.url), clientOf(server.url)];
    expect(await one.text(url)).toBe('answer 1');
    expect(await other.text(url)).toBe('answer 1');
    await server.tell('SAVE');
    await one.cache.clear(url);
    await server.stop();
    await started(['--dir', folder], server.port);
    // Connected again, or the network would answer. The one that knows asks first.
    for (const {cache} of [one, other]) await vi.waitUntil(async () => (await cache.stats()).size !== undefined);
    for (const {text} of [one, other]) expect(await text(url)).not.toBe('answer 1');
  });

  test.each([
    ['everything', ['FLUSHALL']],
    ['the marks', ['DEL', 'limpid:{limpid}']],
  ])('%s', async (_, command) => {
    const server = await started();
    const url = await origin();
    const [one, other] = [clientOf(server.url), clientOf(server.url)];
    expect(await one.text(url)).toBe('answer 1');
    expect(await other.text(url)).toBe('answer 1');
    await server.tell(...command);
    expect(await other.text(url)).toBe('answer 2');
    await one.text(url);
    const kept = await one.text(url);
    expect(await other.text(url)).toBe(kept);
    await one.cache.clear({tag: 't'});
    expect(await other.text(url)).not.toBe(kept);
  });

  test('a body', async () => {
    const server = await started();
    const url = await origin();
    const {text, causes} = clientOf(server.url);
    await text(url);
    const keys = (await server.tell('KEYS', 'limpid:*')).split('\n');
    for (const key of keys.filter(name => !name.includes('{limpid}'))) await server.tell('DEL', key);
    expect(await text(url)).toBe('answer 2');
    expect(causes).toEqual([]);
  });
});

test.each([
  ['partitionOf', async (cache: HttpCache, asked: Request) => cache.clear({partition: await cache.partitionOf(asked)})],
  ['a request', async (cache: HttpCache, asked: Request) => cache.clear(asked)],
  ['a URL with a secret', async (cache: HttpCache, asked: Request) => cache.clear(asked.url)],
] as const)('a clear by %s names what others store since Redis lost its secret', async (_, clear) => {
  const server = await started();
  const url = `${await origin()}/me?token=t`;
  const init = {headers: {authorization: 'Bearer alice'}};
  const [one, other] = [clientOf(server.url), clientOf(server.url)];
  expect([await one.text(url, init), await other.text(url, init)]).toEqual(['answer 1', 'answer 1']);
  await server.tell('FLUSHALL');
  // The first answer is for a request that was named by the lost secret.
  const [, kept, hit] = [await other.text(url, init), await other.text(url, init), await other.text(url, init)];
  expect(hit).toBe(kept);
  await clear(one.cache, new Request(url, init));
  expect(await other.text(url, init)).not.toBe(kept);
});

test('the prefix is that of the store, and not of the client', async () => {
  const server = await started();
  const own = await createClient({url: server.url, keyPrefix: 'mine:'}).connect();
  onTestFinished(() => own.destroy());
  const url = await origin();
  const [{text}, other] = [clientOf(undefined, {client: own as never}), clientOf(server.url)];
  expect(await text(url)).toBe('answer 1');
  expect(await text(url)).toBe('answer 1');
  expect(await other.text(url)).toBe('answer 1');
  expect(await server.tell('KEYS', 'mine:*')).toBe('');
});

test('a secret that is lost before it is read is made again', async () => {
  const server = await started();
  const url = await origin();
  const own = await createClient({url: server.url}).connect();
  onTestFinished(() => own.destroy());
  const send = own.sendCommand.bind(own);
  let losses = 0;
  own.sendCommand = async (args: readonly (string | Buffer)[], ...more: readonly never[]) => {
    if (args[0] === 'HGET' && args[2] === 'secret' && losses++ === 0) await server.tell('FLUSHALL');
    return send(args as never, ...more);
  };
  const {text, causes} = clientOf(undefined, {client: own as never});
  const init = {headers: {authorization: 'Bearer alice'}};
  await text(url, init);
  expect(await text(url, init)).toBe(await text(url, init));
  expect(losses).toBeGreaterThan(1);
  expect(causes).toEqual([]);
});

test('no credential and no secret parameter lies in Redis', async () => {
  const server = await started();
  const url = await origin();
  const {cache, text} = clientOf(server.url);
  await text(`${url}/?access_token=hunter2`, {headers: {authorization: 'Bearer hunter3', cookie: 'sid=hunter4'}});
  expect((await cache.stats()).size?.count).toBe(1);
  const client = createClient({url: server.url});
  await client.connect();
  const said: string[] = [];
  for (const key of await client.keys('*')) {
    said.push(key);
    const type = await client.type(key);
    if (type === 'hash') said.push(JSON.stringify(await client.hGetAll(key)));
    if (type === 'string') said.push(String(await client.get(key)));
  }
  client.destroy();
  expect(said.length).toBeGreaterThan(2);
  expect(said.join('\n')).not.toMatch(/hunter/);
});

test('what comes too late to be stored leaves nothing behind', async () => {
  const server = await started();
  const url = await origin(' '.repeat(20_000));
  const own = await createClient({url: server.url}).connect();
  onTestFinished(() => own.destroy());
  const send = own.sendCommand.bind(own);
  own.sendCommand = async (args: readonly (string | Buffer)[], ...more: readonly never[]) => {
    if (String(args[0]).startsWith('EVAL')) await new Promise(resolve => setTimeout(resolve, 130));
    return send(args as never, ...more);
  };
  const {text, causes} = clientOf(undefined, {client: own as never, timeout: 1_000});
  await text(url);
  expect(causes.join()).toContain('took more than 100 ms');
  await vi.waitUntil(async () => (await server.tell('KEYS', 'limpid:*')) === 'limpid:{limpid}');
});

test('what somebody else wrote in the place of a response is replaced', async () => {
  const server = await started();
  const url = await origin();
  const {text, causes} = clientOf(server.url);
  await text(url);
  let key = '';
  for (const name of (await server.tell('KEYS', 'limpid:*')).split('\n')) {
    // A lease may still be there.
    if (name !== 'limpid:{limpid}' && (await server.tell('TYPE', name)) === 'hash') key = name;
  }
  const field = (await server.tell('HKEYS', key)).split('\n').find(name => name.startsWith('e')) ?? '';
  await server.tell('HSET', key, field, '{"id":"x"\nrec\nbody');
  expect(await text(url)).toBe('answer 2');
  expect(await text(url)).toBe('answer 2');
  expect(causes).toEqual([]);
});

test.each<[string, (cache: HttpCache) => Promise<unknown>]>([
  ['entries', async cache => Array.fromAsync(cache.entries())],
  ['an exact clear', cache => cache.clear({prefix: 'https://a.example/'}, {exact: true})],
  ['a dry run', cache => cache.clear({all: true}, {dryRun: true, exact: true})],
  ['stats', async cache => expect((await cache.stats()).size).toBeDefined()],
])('a store that connects by itself is waited for: %s', async (_, run) => {
  const server = await started();
  await run(clientOf(server.url).cache);
});

test('a lease is one holder’s at a time, and ends by itself', async () => {
  const server = await started();
  const [one, other] = [new RedisStore({url: server.url}), new RedisStore({url: server.url})];
  const resource = 'https://a.example/';
  const lease = await one.lease(resource, 60_000);
  expect(lease).toBeDefined();
  expect(await other.lease(resource, 60_000)).toBeUndefined();
  await lease?.release();
  const short = await other.lease(resource, 30);
  expect(short).toBeDefined();
  await new Promise(resolve => setTimeout(resolve, 60));
  const next = await one.lease(resource, 60_000);
  await short?.release();
  expect(await other.lease(resource, 60_000)).toBeUndefined();
  await next?.release();
  await one.close();
  await other.close();
});

test.each([
  ['redis', 'there'],
  ['redis', 'gone'],
  ['redis-5', 'there'],
  ['redis-5', 'gone'],
])(
  'a client of %s that is let go before it is connected to a server that is %s keeps no process alive',
  async (name, server) => {
    const url = server === 'there' ? (await started()).url : 'redis://127.0.0.1:1';
    const program = `
    const [{createClient}, {leave}] = await Promise.all([import('${name}'), import('../src/client.ts')]);
    const client = createClient({url: ${JSON.stringify(url)}, disableOfflineQueue: true});
    client.on('error', () => undefined);
    client.connect().catch(() => undefined);
    leave(client);`;
    const flags = ['--conditions=@limpid/source', '--no-warnings', '--input-type=module'];
    await promisify(execFile)(process.execPath, [...flags, '--eval', program], {
      cwd: import.meta.dirname,
      timeout: 10_000,
    });
  },
);

test('a store that is closed at once lets go of the client it made', async () => {
  const {url} = await started();
  const program = `
    const {RedisStore} = await import('@limpid/redis');
    await new RedisStore({url: ${JSON.stringify(url)}}).close();`;
  const flags = ['--conditions=@limpid/source', '--no-warnings', '--input-type=module'];
  await promisify(execFile)(process.execPath, [...flags, '--eval', program], {
    cwd: import.meta.dirname,
    timeout: 10_000,
  });
});
