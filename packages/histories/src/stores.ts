// The stores a history can be made over, by names that cross processes; and stores that are broken on purpose.

import {RedisStore} from '@limpid/redis';
import {SqliteStore} from '@limpid/sqlite';
import {MemoryStore, type Store, tiered} from 'limpid';
import type {StoredResponse, Tick} from 'limpid/store';
import {createCluster} from 'redis';

/** What a store may use. */
export type Place = {
  /** Where its file may lie. */
  readonly folder: string;
  /** The addresses of redis servers: one, or all of a cluster. */
  readonly redis: readonly string[];
};

export type StoreSpec = Place & {
  readonly kind: StoreKind;
  readonly sabotage?: Sabotage;
};

/** One of a worker's stores; called once per cache, and again in every other process. */
const kinds = {
  sqlite,
  'tiered-sqlite': place => tiered(new MemoryStore(), sqlite(place)),
  redis,
  'tiered-redis': async place => tiered(new MemoryStore(), await redis(place)),
  'leased-redis': async place => tiered(new MemoryStore(), await redis(place), {coherence: {lease: 100}}),
  'redis-cluster': redis,
} as const satisfies Readonly<Record<string, (place: Place) => Store | Promise<Store>>>;

function sqlite({folder}: Place): Store {
  return new SqliteStore({file: `${folder}/cache.db`});
}

/** Patient, because what is looked for is not speed on a machine that is busy. */
const patient = {timeout: 5_000, clearTimeout: 30_000};

async function redis({redis: [url = '', ...more]}: Place): Promise<Store> {
  if (more.length === 0) return new RedisStore({url, ...patient});
  const client = createCluster({rootNodes: [url, ...more].map(one => ({url: one}))});
  client.on('error', () => undefined);
  await client.connect();
  const store = new RedisStore({client, ...patient});
  return overridden(store, {
    close: async () => {
      await store.close();
      client.destroy();
    },
  });
}

export type StoreKind = keyof typeof kinds;
export const storeKinds: readonly StoreKind[] = Object.keys(kinds) as StoreKind[];

/** Ways to break promise 2. */
const sabotages = {
  /** Writes are not fenced: they are stored as if they had begun when they ended. */
  unfenced: store => overridden(store, {put: stored => unfencedSink(store, stored)}),
  /** What was listed is believed for a while, without a look at the store. */
  remembering: store => {
    const known = new Map<string, {readonly until: number; readonly list: readonly StoredResponse[]}>();
    const list: Store['list'] = async (resource, began) => {
      const found = known.get(resource);
      if (found !== undefined && found.until > performance.now()) return found.list;
      const fresh = await store.list(resource, began);
      known.set(resource, {until: performance.now() + 50, list: fresh});
      return fresh;
    };
    return overridden(store, {list});
  },
  /** Nothing ever looks expired. */
  unexpiring: store =>
    overridden(store, {
      list: async (resource, began) => (await store.list(resource, began)).map(stored => ({...stored, expired: false})),
    }),
  /** The counter is relied on for a while, and no clear waits that out. Shows in front of a store that is tiered. */
  trusting: store => {
    let known: {readonly until: number; readonly tick: Tick} | undefined;
    const tick: Store['tick'] = async () => {
      if (known === undefined || known.until < performance.now()) {
        known = {until: performance.now() + 100, tick: await store.tick()};
      }
      return known.tick;
    };
    return overridden(store, {tick});
  },
} as const satisfies Readonly<Record<string, (store: Store) => Store>>;

export type Sabotage = keyof typeof sabotages;
export const allSabotages: readonly Sabotage[] = Object.keys(sabotages) as Sabotage[];

function overridden(store: Store, changes: {readonly [Name in keyof Store]?: Store[Name] | undefined}): Store {
  return new Proxy(store, {
    get: (_, name) => {
      if (name in changes) return changes[name as keyof Store];
      const value: unknown = Reflect.get(store, name, store);
      return typeof value === 'function' ? value.bind(store) : value;
    },
  });
}

function unfencedSink(store: Store, stored: StoredResponse): ReturnType<Store['put']> {
  const chunks: Uint8Array[] = [];
  return {
    write: chunk => void chunks.push(chunk),
    commit: async () => {
      const sink = store.put({...stored, began: await store.tick()});
      for (const chunk of chunks) await sink.write(chunk);
      return sink.commit();
    },
    abort: () => undefined,
  };
}

export async function makeStore({kind, sabotage, ...place}: StoreSpec): Promise<Store> {
  const store = await kinds[kind](place);
  // Asked one by one: what breaks `list` or `tick` must not be passed by.
  return sabotage === undefined ? store : sabotages[sabotage](overridden(store, {lookup: undefined}));
}
