// The public names of `@limpid/sqlite`.

export type {SqliteStoreOptions} from './options.ts';
export {SqliteStore} from './sqlite-store.ts';
