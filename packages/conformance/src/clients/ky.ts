import ky from 'ky';
import type {HttpCache} from 'limpid';
import {cacheHooks} from 'limpid/ky';
import {type Client, hidesInterim, initOf, responseOf} from './client.ts';

/** ky with a cache under it, and nothing of ky's own between a test and its answer. */
export function kyClient(cache: HttpCache): Client {
  const api = ky.extend({hooks: cacheHooks(cache), retry: 0, throwHttpErrors: false, timeout: false});
  return {
    send: async request => responseOf(await api(request.url, initOf(request))),
    cannot: hidesInterim,
  };
}
