// The public names of `@limpid/redis`.

export type {ClusterClient, SingleClient} from './commands.ts';
export type {RedisStoreOptions} from './options.ts';
export {type Lease, RedisStore} from './redis-store.ts';
