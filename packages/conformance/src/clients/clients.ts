import type {HttpCache} from 'limpid';
import {axiosClient} from './axios.ts';
import type {Client} from './client.ts';
import {fetchClient} from './fetch.ts';
import {kyClient} from './ky.ts';

/** The clients a run can be made through. */
export const clients = {
  fetch: fetchClient,
  ky: kyClient,
  axios: axiosClient,
} as const satisfies Readonly<Record<string, (cache: HttpCache) => Client>>;

export type ClientName = keyof typeof clients;
