// What test pages and workers have in their hands.

import {cached} from '@limpid/axios';
import {cachedFetch} from '@limpid/fetch';
import axios from 'axios';
import ky from 'ky';
import {cacheStatus, type ErrorEvent, HttpCache} from 'limpid';
import type {SendOptions} from 'limpid/adapter';
import {cacheHooks, readHook, writeHook} from 'limpid/ky';
import {IndexedDbStore, type IndexedDbStoreOptions} from '../src/index.ts';

/** A cache over the database that all share. */
export function opened(options: IndexedDbStoreOptions = {}, sends: SendOptions = {}) {
  const store = new IndexedDbStore(options);
  const cache = new HttpCache({store, maxBodyBytes: 64 * 1024 ** 2, rules: [{tags: ['t']}]});
  const errors: string[] = [];
  cache.on('error', ({error}: ErrorEvent) => errors.push(String((error as Error).cause ?? error)));
  const get = cachedFetch(cache, sends);
  const http = cached(axios.create({responseType: 'text'}), cache);
  const api = ky.extend({hooks: cacheHooks(cache, sends)});
  const byHand = ky.extend({hooks: {beforeRequest: [readHook(cache)], afterResponse: [writeHook(cache)]}});
  const text = async (path: string): Promise<string> => {
    const read = await (await get(new URL(path, location.origin))).text();
    await cache.idle();
    return read;
  };
  const isHit = async (path: string): Promise<boolean | undefined> => {
    const response = await get(new URL(path, location.origin));
    await response.text();
    return cacheStatus(response)?.hit;
  };
  return {store, cache, errors, get, http, api, byHand, text, isHit, statusOf: cacheStatus};
}

export type Opened = ReturnType<typeof opened>;

declare global {
  var limpid: Opened;
}

Object.assign(globalThis, {opened, limpid: opened()});
