import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Agent, cacheStores, interceptors, request} from 'undici';
import type {Subject} from '../subject.ts';
import {AnsweringDispatcher} from './answering-dispatcher.ts';

export const subject: Subject = {
  configuration:
    "undici.request over an Agent composed with interceptors.cache({store: new SqliteCacheStore({location}), type: 'private'}).",
  open({inProcess}) {
    const folder = mkdtempSync(join(tmpdir(), 'limpid-bench-'));
    const store = new cacheStores.SqliteCacheStore({location: join(folder, 'cache.db'), maxCount: 10_000_000});
    const bare = inProcess ? new AnsweringDispatcher() : new Agent();
    const dispatcher = bare.compose(interceptors.cache({store, type: 'private'}));
    return {
      bytes: async url => (await request(url, {dispatcher})).body.arrayBuffer(),
      json: async url => (await request(url, {dispatcher})).body.json(),
      close: () => {
        store.close();
        rmSync(folder, {recursive: true});
      },
    };
  },
};
