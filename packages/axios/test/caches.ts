import {HttpCache} from 'limpid';
import type {Handler} from 'limpid/adapter';
import {fakeCache} from './fake-cache.ts';

/** The adapter is tested over the real cache, and over one so simple that only the adapter can be at fault. */
export const caches: readonly {readonly name: string; readonly makeCache: () => Handler}[] = [
  {name: 'a fake', makeCache: fakeCache},
  {name: 'an HttpCache', makeCache: () => new HttpCache()},
];
