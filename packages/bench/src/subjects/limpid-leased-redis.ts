import {MemoryStore, tiered} from 'limpid';
import type {Subject} from '../subject.ts';
import {overStore} from './limpid.ts';
import {atServer} from './over-redis.ts';

export const subject: Subject = overStore(
  'tiered(new MemoryStore(), new RedisStore({url}), {coherence: {lease: 200}}).',
  () => atServer(store => tiered(new MemoryStore(), store, {coherence: {lease: 200}})),
);
