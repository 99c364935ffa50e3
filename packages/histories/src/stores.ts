// The stores a history can be made over, by names that cross processes; and stores that are broken on purpose.

import {SqliteStore} from '@limpid/sqlite';
import {MemoryStore, type Store, tiered} from 'limpid';
import type {StoredResponse} from 'limpid/store';

export type StoreSpec = {
  readonly kind: StoreKind;
  /** Where the store's file may lie. */
  readonly folder: string;
  readonly sabotage?: Sabotage;
};

/** One of a worker's stores; called once per cache, and again in every other process. */
const kinds = {
  sqlite: folder => new SqliteStore({file: `${folder}/cache.db`}),
  'tiered-sqlite': folder => tiered(new MemoryStore(), new SqliteStore({file: `${folder}/cache.db`})),
} as const satisfies Readonly<Record<string, (folder: string) => Store>>;

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
} as const satisfies Readonly<Record<string, (store: Store) => Store>>;

export type Sabotage = keyof typeof sabotages;
export const allSabotages: readonly Sabotage[] = Object.keys(sabotages) as Sabotage[];

function overridden(store: Store, changes: Partial<Store>): Store {
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

export function makeStore({kind, folder, sabotage}: StoreSpec): Store {
  const store = kinds[kind](folder);
  return sabotage === undefined ? store : sabotages[sabotage](store);
}
