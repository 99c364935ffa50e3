import type {Subject} from '../subject.ts';
import {overStore} from './limpid.ts';
import {inFile} from './over-sqlite.ts';

export const subject: Subject = overStore('new SqliteStore({file}).', () => inFile());
