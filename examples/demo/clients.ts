// ky, axios and fetch over one cache, asked in one manner.

import {cached} from '@limpid/axios';
import {cachedFetch} from '@limpid/fetch';
import axios from 'axios';
import ky from 'ky';
import type {CacheStatusSource, HttpCache, RequestOptions} from 'limpid';
import {cacheHooks} from 'limpid/ky';

/** What to ask. */
export type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly content?: unknown;
  readonly limpid?: RequestOptions;
  readonly signal?: AbortSignal;
};

/** What came back. */
export type Came = CacheStatusSource & {readonly status: number; readonly text: string};

export type ClientName = 'ky' | 'axios' | 'fetch';
export type Clients = Readonly<Record<ClientName, (asked: Asked) => Promise<Came>>>;

/** The three clients, all over `cache`; none of them throws for a status. */
export function clientsOver(cache: HttpCache): Clients {
  const api = ky.extend({hooks: cacheHooks(cache), throwHttpErrors: false, retry: 0});
  const http = cached(axios.create({responseType: 'text', validateStatus: () => true}), cache);
  const get = cachedFetch(cache);
  return {
    ky: async ({url, content, ...rest}) =>
      came(await api(url, {...rest, ...(content !== undefined && {json: content})})),
    axios: async ({content, ...rest}) => {
      const {status, headers, data} = await http.request<string>({...rest, data: content});
      return {status, headers, text: data};
    },
    fetch: async ({url, content, headers, ...rest}) => {
      const json = content !== undefined && {body: JSON.stringify(content)};
      const type = content !== undefined && {'content-type': 'application/json'};
      return came(await get(url, {...rest, ...json, headers: {...headers, ...type}}));
    },
  };
}

const came = async (response: Response): Promise<Came> => ({
  status: response.status,
  headers: response.headers,
  text: await response.text(),
});
