// The public names of `@limpid/redis`.

export type {Lease} from 'limpid/store';
export type {ClusterClient, SingleClient} from './commands.ts';
export type {RedisStoreOptions} from './options.ts';
export {RedisStore} from './redis-store.ts';
