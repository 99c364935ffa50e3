// The cache of this page, and of every other tab of it.

import {IndexedDbStore} from '@limpid/browser';
import ky from 'ky';
import {HttpCache, type Selection} from 'limpid';
import {cacheHooks} from 'limpid/ky';

export const cache: HttpCache = new HttpCache({store: new IndexedDbStore(), tagFields: ['surrogate-key']});

export const api: typeof ky = ky.extend({
  prefix: new URL('/api/', location.href).href,
  hooks: cacheHooks(cache),
  retry: 0,
});

/** What the buttons empty, by what they say. */
export const selections: Readonly<Record<string, Selection>> = {
  everything: {all: true},
  'the tag users': {tag: 'users'},
  '/api/articles/*': {pattern: /\/api\/articles\//},
};

/** So that other tabs can show at once what has happened: the store itself needs no messages. */
export const changes: BroadcastChannel = new BroadcastChannel('limpid-app');
