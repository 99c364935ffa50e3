import type {Subject} from '../subject.ts';
import {overStore} from './limpid.ts';
import {atCluster} from './over-redis.ts';

export const subject: Subject = overStore(
  'new RedisStore({client}), a cluster of its own, of 3 masters and 3 replicas.',
  () => atCluster(),
);
