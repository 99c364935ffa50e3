// The public names of `@limpid/browser`.

export {IndexedDbStore} from './indexed-db-store.ts';
export type {IndexedDbStoreOptions} from './options.ts';
