import type {Subject} from '../subject.ts';
import {overStore} from './limpid.ts';
import {atServer} from './over-redis.ts';

export const subject: Subject = overStore('new RedisStore({url}), a server of its own.', () => atServer());
