import {cached} from '@limpid/axios';
import axios, {AxiosHeaders, type AxiosResponse} from 'axios';
import type {HttpCache} from 'limpid';
import {type Field, linesByName} from '../field-values.ts';
import type {Step} from '../suite.ts';
import {type Client, type ClientRequest, type ClientResponse, hidesInterim} from './client.ts';

/** axios with a cache under it. It has no cache modes; the option `limpid` has. */
export function axiosClient(cache: HttpCache): Client {
  const asItComes = (data: unknown): unknown => data;
  const http = cached(
    axios.create({
      responseType: 'text',
      transformRequest: asItComes,
      transformResponse: asItComes,
      validateStatus: () => true,
    }),
    cache,
  );
  const send = async ({url, method, body, redirect, cache: mode, fields, signal}: ClientRequest) =>
    responseOf(
      await http.request<string>({
        url,
        method,
        data: body,
        headers: headersOf(fields),
        signal,
        ...(redirect === 'manual' && {maxRedirects: 0}),
        ...(mode && {limpid: {cache: mode}}),
      }),
    );
  return {send, cannot};
}

function cannot(step: Step): string | undefined {
  if (step.redirect === 'error') return 'has no redirect mode "error"';
  if (step.mode !== undefined) return 'has no request modes';
  if (step.credentials !== undefined) return 'has no credentials modes';
  return hidesInterim(step);
}

const headersOf = (fields: readonly Field[]): Record<string, string | string[]> =>
  Object.fromEntries(
    Array.from(linesByName(fields), ([name, lines]) => [name, lines.length > 1 ? [...lines] : (lines[0] ?? '')]),
  );

function responseOf({status, headers, data}: AxiosResponse<string>): ClientResponse {
  const fields = Object.entries(AxiosHeaders.from(headers as AxiosHeaders).toJSON()).flatMap(([name, value]) =>
    [value].flat().map((line): Field => [name, line]),
  );
  return {status, fields, text: data};
}
