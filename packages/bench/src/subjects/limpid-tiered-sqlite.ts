import {MemoryStore, tiered} from 'limpid';
import type {Subject} from '../subject.ts';
import {overStore} from './limpid.ts';
import {inFile} from './over-sqlite.ts';

export const subject: Subject = overStore('tiered(new MemoryStore(), new SqliteStore({file})).', () =>
  inFile(store => tiered(new MemoryStore(), store)),
);
