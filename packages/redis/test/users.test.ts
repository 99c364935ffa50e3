// A resource that many users have, each with a hash of their own: in one server and in a cluster.

import {type Server, startCluster, startServer} from '@limpid/redis-servers';
import {MemoryStore, tiered} from 'limpid';
import {type Clause, type ClearHow, type StoredResponse, shareable} from 'limpid/store';
import {storedResponse} from 'limpid/store-contract';
import {createClient, createCluster} from 'redis';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {RedisStore} from '../src/index.ts';
import {Keys} from '../src/keys.ts';
import {keep, url} from './stored.ts';

/** Longer than what lies beside its head. */
const long = '.'.repeat(10_000);
const remove: ClearHow = {action: 'remove', through: false, exact: false};
const ofResource: Clause = {type: 'scope', scope: {type: 'resource', resource: url}};
const names = (count: number): readonly string[] => Array.from({length: count}, (_, index) => `user-${index}`);

/** What this URL holds of somebody, by a predicate. */
const within = (isMeant: (stored: StoredResponse) => boolean): Clause => ({
  type: 'match',
  within: {type: 'resource', resource: url},
  conditions: {where: isMeant},
  test: isMeant,
  covers: undefined,
});

type Place = {
  readonly store: RedisStore;
  /** Another process. */
  readonly other: RedisStore;
  readonly keys: Keys;
  /** All keys but that of the marks. */
  readonly left: () => Promise<readonly string[]>;
  /** Sends a command to where its key lies. */
  readonly ask: (...command: readonly string[]) => Promise<unknown>;
};

const idsOf = (all: readonly (StoredResponse | undefined)[]): readonly string[] =>
  all.map(one => one?.id ?? 'none').toSorted();

/** What one user's requests find, by both ways of asking. */
async function found(store: RedisStore, partition: string): Promise<readonly string[]> {
  const ids = idsOf(await store.list(url, await store.tick(), partition));
  expect(idsOf((await store.lookup(url, url, partition)).candidates)).toEqual(ids);
  return ids;
}

/** Stores one response for each, many at a time. */
async function keepAll(
  store: RedisStore,
  partitions: readonly string[],
  changes: Partial<StoredResponse> = {},
  body = 'body',
): Promise<ReadonlyMap<string, StoredResponse>> {
  const all = new Map<string, StoredResponse>();
  for (let at = 0; at < partitions.length; at += 20) {
    const some = partitions.slice(at, at + 20);
    await Promise.all(
      some.map(async partition =>
        all.set(partition, await keep(store, {...changes, partition, key: `of ${partition}`}, body)),
      ),
    );
  }
  return all;
}

async function entriesOf(store: RedisStore, clause: Clause): Promise<readonly string[]> {
  return idsOf(await Array.fromAsync(store.entries([clause])));
}

describe.each(['a single server', 'a cluster'])('%s', kind => {
  let servers: readonly Server[];
  let client: Awaited<ReturnType<typeof connected>>;
  let made = 0;

  const connected = async () => {
    const urls = servers.map(server => ({url: server.url}));
    const connecting = servers.length === 1 ? createClient({...urls[0]}) : createCluster({rootNodes: urls});
    connecting.on('error', () => undefined);
    await connecting.connect();
    return connecting;
  };
  beforeAll(async () => {
    servers = kind === 'a cluster' ? await startCluster() : [await startServer()];
    client = await connected();
  }, 60_000);
  afterAll(async () => {
    client.destroy();
    await Promise.all(servers.map(({stop}) => stop()));
  });

  const place = (now: () => number = Date.now): Place => {
    const prefix = `users${++made}`;
    const open = (): RedisStore => {
      const store = new RedisStore({client, prefix, timeout: 5_000, now});
      onTestFinished(() => store.close());
      return store;
    };
    const keys = new Keys(prefix);
    const left = async (): Promise<readonly string[]> => {
      const told = await Promise.all(servers.map(({tell}) => tell('KEYS', `${prefix}:*`)));
      return [...new Set(told.flatMap(text => text.split('\n')))].filter(key => key !== '' && key !== keys.control);
    };
    const ask: Place['ask'] = async (...command) => {
      if (!('masters' in client)) return client.sendCommand([...command]);
      return client.sendCommand(
        command.find(part => part.startsWith(prefix)),
        false,
        [...command],
      );
    };
    return {store: open(), other: open(), keys, left, ask};
  };

  test('all of 200 users keep theirs, and each finds nobody else’s', async () => {
    const {store, other} = place();
    const own = await keepAll(store, names(200));
    const anybodys = await keep(store, {partition: shareable});
    const nobodys = await keep(store);
    for (const partition of names(200))
      expect(await found(other, partition)).toEqual(idsOf([own.get(partition), anybodys]));
    expect(await found(other, '')).toEqual(idsOf([anybodys, nobodys]));
    expect(await found(other, 'nobody yet')).toEqual([anybodys.id]);
    const all = [...own.values(), anybodys, nobodys];
    expect(idsOf(await other.list(url))).toEqual(idsOf(all));
    expect(idsOf((await other.lookup(url, url)).candidates)).toEqual(idsOf(all));
    expect(await other.size()).toEqual({count: 202, bytes: 808});
    expect(await entriesOf(other, {type: 'scope', scope: {type: 'all'}})).toEqual(idsOf(all));
    expect(
      await entriesOf(
        other,
        within(() => true),
      ),
    ).toEqual(idsOf(all));
  });

  test('of 70 variants of one user the 64 used last are kept, and everybody else’s', async () => {
    let now = Date.now();
    const {store, keys, left} = place(() => ++now);
    const others = await keepAll(store, ['', shareable, 'one', 'two'], {}, long);
    const variants: StoredResponse[] = [];
    for (let variant = 0; variant < 70; variant++) variants.push(await keep(store, {partition: 'many'}, long));
    const anybodys = others.get(shareable);
    expect(await found(store, 'many')).toEqual(idsOf([...variants.slice(-64), anybodys]));
    for (const partition of ['', 'one', 'two'])
      expect(await found(store, partition)).toEqual(idsOf([others.get(partition), anybodys]));
    const bodies = [...variants.slice(-64), ...others.values()].map(({id}) => keys.body(url, id));
    const isBody = (key: string): boolean => key.includes(':response-');
    await expect.poll(async () => (await left()).filter(isBody).toSorted()).toEqual(bodies.toSorted());
  });

  test('a user’s responses are read, freshened, used and replaced where they lie', async () => {
    const {store, other, keys, ask} = place();
    const stored = await keep(store, {partition: 'one', key: 'k'}, long);
    await keep(store, {partition: 'two', key: 'k'}, long);
    const heads = keys.headsOf(url, 'one');
    expect(await ask('EXISTS', heads)).toBe(1);
    expect((await other.body(stored))?.byteLength).toBe(long.length);
    await expect.poll(async () => ask('HEXISTS', heads, `u${stored.id}`)).toBe(1);
    const facts = {...stored.facts, lifetime: 90};
    expect(await other.update({...stored, facts, requestTime: stored.requestTime + 1})).toBe('stored');
    expect((await store.list(url, 0, 'one')).map(one => one.facts.lifetime)).toEqual([90]);
    expect(await other.update({...stored, partition: 'two'})).toBe('gone');
    const again = await keep(other, {partition: 'one', key: 'k', requestTime: stored.requestTime + 2});
    expect(await found(store, 'one')).toEqual([again.id]);
    expect(await store.body(stored)).toBeUndefined();
    await expect.poll(async () => ask('EXISTS', keys.body(url, stored.id))).toBe(0);
  });

  test('a clear of the resource empties all at once, and leaves no key behind', async () => {
    const {store, other, keys, left, ask} = place();
    const users = names(1200);
    await keepAll(store, users);
    await keepAll(store, ['', shareable, 'long'], {}, long);
    expect(await ask('ZCARD', keys.users(keys.heads(url)))).toBe(1201);
    await store.clear([ofResource], remove);
    for (const partition of ['', ...users.slice(-20)]) expect(await found(other, partition)).toEqual([]);
    expect(await other.list(url)).toEqual([]);
    await expect.poll(left, {timeout: 20_000}).toEqual([]);
  });

  test('what an index that is lost leaves behind goes with the next response of its user, and with the next clear', async () => {
    const {store, keys, left, ask} = place();
    await keepAll(store, names(2), {}, long);
    await ask('DEL', keys.heads(url));
    expect([await found(store, 'user-0'), await found(store, 'user-1')]).toEqual([[], []]);
    const bodies = async (): Promise<readonly string[]> => (await left()).filter(key => key.includes(':response-'));
    expect(await bodies()).toHaveLength(2);
    await keep(store, {partition: 'user-0', key: 'of user-0'}, long);
    await expect.poll(bodies, {timeout: 10_000}).toHaveLength(2);
    expect((await found(store, 'user-0')).length).toBe(1);
    await store.clear([{type: 'scope', scope: {type: 'all'}}], remove);
    await expect.poll(left, {timeout: 10_000}).toEqual([]);
  });

  test('a clear by predicate within the resource finds all that it selects, and nothing else', async () => {
    const {store, other, left} = place();
    const users = names(700);
    const own = await keepAll(store, users);
    const isSelected = ({partition}: StoredResponse): boolean => partition.endsWith('7');
    const [gone, kept] = [[...own.values()].filter(isSelected), [...own.values()].filter(one => !isSelected(one))];
    const what = [within(isSelected)];
    expect(await other.clear(what, {...remove, action: 'count', exact: true})).toMatchObject({count: gone.length});
    await other.clear(what, {...remove, action: 'expire'});
    const expired = (await store.list(url)).filter(one => one.expired);
    expect(idsOf(expired)).toEqual(idsOf(gone));
    expect(await other.clear(what, remove)).toMatchObject({count: gone.length});
    expect(idsOf(await store.list(url))).toEqual(idsOf(kept));
    await expect.poll(async () => (await left()).length).toBe(kept.length + 2);
  });

  test('a clear of a partition empties that one everywhere, and its hashes go', async () => {
    const {store, other, keys, left, ask} = place();
    await keepAll(store, names(3));
    await keepAll(store, names(3), {resource: `${url}2`});
    await store.clear([{type: 'scope', scope: {type: 'partition', partition: 'user-1'}}], remove);
    expect(await found(other, 'user-1')).toEqual([]);
    expect(await found(other, 'user-2')).toHaveLength(1);
    expect(await other.list(`${url}2`, 0, 'user-1')).toEqual([]);
    await expect.poll(async () => (await left()).length).toBe(2 * (2 + 2));
    expect(await ask('ZCARD', keys.users(keys.heads(url)))).toBe(2);
  });

  test('what was anybody’s and is narrowed to one user is found once, and goes with that user', async () => {
    const {store, other, left} = place();
    const stored = await keep(store, {partition: shareable, key: 'k'}, long);
    const narrowed = {...stored, partition: 'one', requestTime: stored.requestTime + 1};
    expect(await store.update(narrowed)).toBe('stored');
    expect(await found(other, 'one')).toEqual([stored.id]);
    expect(await found(other, 'two')).toEqual([]);
    expect(await found(other, '')).toEqual([]);
    for (const one of [stored, narrowed]) expect((await other.body(one))?.byteLength).toBe(long.length);
    expect(await other.update({...narrowed, requestTime: stored.requestTime + 2})).toBe('stored');
    const own = await keep(store, {partition: 'one'});
    expect(await found(other, 'one')).toEqual(idsOf([stored, own]));
    await store.clear([{type: 'scope', scope: {type: 'partition', partition: 'one'}}], remove);
    expect(await found(other, 'one')).toEqual([]);
    await expect.poll(left).toEqual([]);
  });

  test('what is narrowed is no longer everybody’s for who has just listed it', async () => {
    const {store, other} = place();
    const near = tiered(new MemoryStore(), other);
    const listed = async (): Promise<readonly string[]> =>
      (await near.list(url, await near.tick(), 'user-1')).map(({partition}) => partition);
    const shared = await keep(store, {partition: shareable, requestTime: 1});
    expect(await listed()).toEqual([shareable]);
    expect(await store.update({...shared, requestTime: 2, partition: 'user-0'})).toBe('stored');
    expect(await listed()).not.toContain(shareable);
  });

  test('of two updates made of one look, the one that narrows is not undone', async () => {
    const {store, other} = place();
    let narrowed = 0;
    for (let attempt = 0; attempt < 30; attempt++) {
      const shared = await keep(store, {partition: shareable, requestTime: 1});
      const [outcome] = await Promise.allSettled([
        store.update({...shared, requestTime: 2, partition: 'user-0'}),
        other.update({...shared, requestTime: 3}),
      ]);
      if (outcome.status === 'rejected' || outcome.value !== 'stored') continue;
      narrowed++;
      const left = (await store.list(url)).find(({id}) => id === shared.id);
      expect(left?.partition).toBe('user-0');
    }
    expect(narrowed).toBeGreaterThan(0);
  });

  test('a user’s response that an earlier layout left with everybody’s is found, freshened and replaced', async () => {
    const {store, other, keys, left, ask} = place();
    const stored = await keep(store, {partition: 'one', key: 'k'}, long);
    const [heads, shared] = [keys.headsOf(url, 'one'), keys.heads(url)];
    const value = await ask('HGET', heads, 'ek');
    await ask('DEL', shared, heads, keys.users(shared));
    await ask('HSET', shared, 'ek', String(value));
    expect(await found(other, 'one')).toEqual([stored.id]);
    expect(await found(other, 'two')).toEqual([]);
    expect(await found(other, '')).toEqual([]);
    expect(idsOf(await other.list(url))).toEqual([stored.id]);
    expect((await other.body(stored))?.byteLength).toBe(long.length);
    expect(await other.update({...stored, requestTime: stored.requestTime + 1})).toBe('stored');
    const late = store.put(storedResponse({...stored, id: 'late', requestTime: stored.requestTime}));
    expect(await late.commit()).toBe('fenced');
    const again = await keep(store, {partition: 'one', key: 'k', requestTime: stored.requestTime + 2});
    expect(await found(other, 'one')).toEqual([again.id]);
    await expect.poll(async () => (await left()).toSorted()).toEqual([...keys.around(heads)].toSorted());
  });

  test('the index has when hashes end, ends after them, and loses what has ended', async () => {
    const {store, keys, ask} = place();
    const [shared, heads] = [keys.heads(url), keys.headsOf(url, 'one')];
    const users = keys.users(shared);
    const stored = await keep(store, {partition: 'one'});
    const ends = async (key: string): Promise<number> => Number(await ask('PEXPIRETIME', key));
    const expectOrder = async (): Promise<void> => {
      const [last, indexed] = [await ends(heads), Number(await ask('ZSCORE', users, heads.slice(shared.length)))];
      expect(last).toBeGreaterThan(Date.now());
      expect(indexed - last).toBeGreaterThanOrEqual(900);
      expect(indexed - last).toBeLessThanOrEqual(1100);
      for (const key of [shared, users]) expect(await ends(key)).toBeGreaterThan(last);
    };
    await expectOrder();
    const first = await ends(heads);
    const facts = {...stored.facts, lifetime: 600};
    expect(await store.update({...stored, facts, requestTime: stored.requestTime + 1})).toBe('stored');
    expect((await ends(heads)) - first).toBeGreaterThan(500_000);
    await expectOrder();
    for (let user = 0; user < 150; user++) await ask('ZADD', users, String(Date.now() - 1), `ended ${user}`);
    await keep(store, {partition: 'two'});
    expect(await ask('ZCARD', users)).toBe(52);
    expect(await store.update({...stored, facts, requestTime: stored.requestTime + 2})).toBe('stored');
    expect(await ask('ZCARD', users)).toBe(2);
  });

  test('an index whose users are asked for is not unused', async () => {
    const {store, keys, ask} = place();
    const stored = await keep(store, {partition: 'one'});
    const users = keys.users(keys.heads(url));
    const idle = async (): Promise<number> => Number(await ask('OBJECT', 'IDLETIME', users));
    await expect.poll(idle, {timeout: 5_000}).toBeGreaterThanOrEqual(2);
    await store.body(stored);
    await expect.poll(idle).toBeLessThan(2);
  });

  describe('what Redis evicts counts as lost, and nothing that was cleared comes back', () => {
    const lost: readonly (readonly [what: string, keyOf: (keys: Keys) => string, indexed: number])[] = [
      ['the index', keys => keys.users(keys.heads(url)), 1],
      ['what all have in common', keys => keys.heads(url), 1],
      ['the hash of a user', keys => keys.headsOf(url, 'one'), 3],
    ];

    test.each(lost)('%s, before a clear by predicate', async (_, keyOf) => {
      const {store, other, keys, ask} = place();
      await keepAll(store, ['one', 'two']);
      await ask('UNLINK', keyOf(keys));
      await store.clear([within(() => true)], remove);
      expect([await found(other, 'one'), await found(other, 'two')]).toEqual([[], []]);
      const again = await keep(store, {partition: 'one'});
      await keep(store, {partition: 'two'});
      expect(await found(other, 'one')).toEqual([again.id]);
      expect(await found(other, 'two')).toHaveLength(1);
      expect(await other.list(url)).toHaveLength(2);
    });

    test.each(lost)('%s, before another user’s response', async (_, keyOf, indexed) => {
      const {store, other, keys, ask} = place();
      await keepAll(store, ['one', 'two']);
      await ask('UNLINK', keyOf(keys));
      const third = await keep(store, {partition: 'three'});
      expect(await ask('ZCARD', keys.users(keys.heads(url)))).toBe(indexed);
      await store.clear([within(({partition}) => partition !== 'three')], remove);
      expect([await found(other, 'one'), await found(other, 'two')]).toEqual([[], []]);
      expect(await found(other, 'three')).toEqual([third.id]);
      const again = await keep(store, {partition: 'one'});
      expect(await found(other, 'one')).toEqual([again.id]);
      expect(await other.list(url)).toHaveLength(2);
      expect(await other.size()).toMatchObject({count: 2});
    });

    test('the index, before an update', async () => {
      const {store, other, keys, ask} = place();
      const stored = await keep(store, {partition: 'one'});
      await ask('UNLINK', keys.users(keys.heads(url)));
      expect(await store.update({...stored, requestTime: stored.requestTime + 1})).toBe('gone');
      await store.clear([within(() => true)], remove);
      expect(await found(other, 'one')).toEqual([]);
    });
  });
});

test('an index that is evicted while it is read hides nothing from a clear', async () => {
  const server = await startServer();
  onTestFinished(server.stop);
  const client = await createClient({url: server.url}).connect();
  onTestFinished(() => client.destroy());
  const send = client.sendCommand.bind(client);
  client.sendCommand = async (args: readonly (string | Buffer)[], ...more: readonly never[]) => {
    if (args[0] === 'ZSCAN') await send(['UNLINK', String(args[1])]);
    return send(args as never, ...more);
  };
  const store = new RedisStore({client, timeout: 5_000});
  await keepAll(store, ['', ...names(3)]);
  await store.clear([within(() => true)], remove);
  for (const partition of ['', ...names(3)]) expect(await found(store, partition)).toEqual([]);
});

describe('what a lookup transfers', () => {
  /** How many bytes a reply is. */
  const bytesOf = (reply: unknown): number => {
    if (Array.isArray(reply)) return reply.reduce((sum: number, one) => sum + bytesOf(one), 0);
    return Buffer.isBuffer(reply) ? reply.byteLength : 0;
  };

  /** A store over a resource that a hundred users have, and what it sends and receives. */
  async function watched(): Promise<{
    store: RedisStore;
    other: RedisStore;
    during: (run: () => Promise<unknown>, isFirst?: boolean) => Promise<Traffic>;
  }> {
    const server = await startServer();
    onTestFinished(server.stop);
    const client = await createClient({url: server.url}).connect();
    onTestFinished(() => client.destroy());
    const send = client.sendCommand.bind(client);
    let [sent, bytes]: [string[], number] = [[], 0];
    client.sendCommand = async (args: readonly (string | Buffer)[], ...more: readonly never[]) => {
      sent.push(args.slice(0, 2).join(' '));
      const reply = await send(args as never, ...more);
      bytes += bytesOf(reply);
      return reply as never;
    };
    const store = new RedisStore({client, timeout: 5_000});
    await keepAll(store, ['', ...names(100)], {}, '.'.repeat(8_000));
    const other = new RedisStore({client, timeout: 5_000});
    const during = async (run: () => Promise<unknown>, isFirst = false): Promise<Traffic> => {
      if (!isFirst) await run();
      [sent, bytes] = [[], 0];
      await run();
      return {sent: sent.toSorted(), bytes};
    };
    return {store, other, during};
  }
  type Traffic = {readonly sent: readonly string[]; readonly bytes: number};
  const keys = new Keys('limpid');
  const marks = `HMGET ${keys.control}`;
  const reads = (...partitions: readonly string[]): readonly string[] =>
    ['', ...partitions].map(partition => `HGETALL ${keys.headsOf(url, partition)}`);

  test('is nobody’s alone for a request without a user, in one read', async () => {
    const {store, during} = await watched();
    const {sent, bytes} = await during(async () => store.lookup(url, url, ''));
    expect(sent).toEqual([...reads(), marks].toSorted());
    expect(bytes).toBeLessThan(9_000);
  });

  test('is nobody’s and the user’s own for a user’s request', async () => {
    const {store, during} = await watched();
    const {sent, bytes} = await during(async () => store.lookup(url, url, 'user-7'));
    expect(sent).toEqual([...reads('user-7'), marks].toSorted());
    expect(bytes).toBeLessThan(18_000);
  });

  test('is so from the first request of a process on', async () => {
    const {other, during} = await watched();
    const {sent} = await during(async () => other.lookup(url, url, 'user-7'), true);
    expect(sent).toEqual([...reads('user-7'), marks].toSorted());
  });

  test('is once what requests of the same turn have in common', async () => {
    const {store, during} = await watched();
    const asked = [...names(3), '', ''];
    const {sent} = await during(async () => Promise.all(asked.map(async one => store.lookup(url, url, one))));
    expect(sent).toEqual([...reads(...names(3)), marks].toSorted());
  });
});
