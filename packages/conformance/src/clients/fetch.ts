import {cachedFetch} from '@limpid/fetch';
import type {HttpCache} from 'limpid';
import {type Client, hidesInterim, initOf, responseOf} from './client.ts';

/** Native fetch with a cache in front. */
export function fetchClient(cache: HttpCache): Client {
  const get = cachedFetch(cache);
  return {
    send: async request => responseOf(await get(request.url, initOf(request))),
    cannot: hidesInterim,
  };
}
