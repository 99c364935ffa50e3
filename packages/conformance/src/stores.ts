import {MemoryStore, type Store, tiered} from 'limpid';

/** The stores a run can be made over. */
export const stores = {
  memory: () => new MemoryStore(),
  tiered: () => tiered(new MemoryStore(), new MemoryStore()),
} as const satisfies Readonly<Record<string, () => Store>>;

export type StoreName = keyof typeof stores;
