// The clients share one cache over a network that is intercepted below them: no request takes another way.

import axios from 'axios';
import ky from 'ky';
import {cacheStatus, HttpCache} from 'limpid';
import {cacheHooks} from 'limpid/ky';
import {HttpResponse, http} from 'msw';
import {setupServer} from 'msw/node';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {cached} from '../src/index.ts';

const server = setupServer();
beforeAll(() => server.listen({onUnhandledFrame: 'error'}));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const url = 'https://api.example.com/users';

/** An API that counts what reaches it. */
function api(): {readonly asked: string[]} {
  const asked: string[] = [];
  server.use(
    http.get(url, ({request}) => {
      asked.push(request.method);
      const headers = {'cache-control': 'max-age=60', date: new Date().toUTCString()};
      return HttpResponse.json({count: asked.length}, {headers});
    }),
    http.post(url, ({request}) => {
      asked.push(request.method);
      return new HttpResponse(null, {status: 201});
    }),
  );
  return {asked};
}

test.each(['http', 'fetch'] as const)('what axios over %s stored, ky hits, until a POST by either', async adapter => {
  const {asked} = api();
  const cache = new HttpCache();
  const client = cached(axios.create({adapter}), cache);
  const get = ky.create({hooks: cacheHooks(cache)});
  expect((await client.get<unknown>(url)).data).toEqual({count: 1});
  const hit = await get(url);
  expect(cacheStatus(hit)?.hit).toBe(true);
  expect(await hit.json()).toEqual({count: 1});
  await get.post(url);
  expect((await client.get<unknown>(url)).data).toEqual({count: 3});
  await client.post(url);
  expect(await get(url).json()).toEqual({count: 5});
  expect(asked).toEqual(['GET', 'POST', 'GET', 'POST', 'GET']);
});
