// One process with several caches over one store, each with three clients. Does what its plan says, several steps at a
// time, and tells what happened.

import {cached} from '@limpid/axios';
import {cachedFetch} from '@limpid/fetch';
import axios from 'axios';
import ky from 'ky';
import {HttpCache, type Selection, type Store} from 'limpid';
import {cacheHooks} from 'limpid/ky';
import {micros, type Named, type Operation, ownerOf, tagsOf, type User} from './history.ts';
import {bodyOf} from './origin.ts';
import {type Client, paths, type Step, steps} from './plan.ts';
import {makeStore, type StoreSpec} from './stores.ts';

export type WorkerOrder = {
  readonly spec: StoreSpec;
  readonly origin: string;
  readonly seed: number;
  readonly operations: number;
};

const caches = 2;
const atOnce = 8;

type Answer = {readonly text: string; readonly status: string};
type Get = (url: string, headers: Readonly<Record<string, string>>) => Promise<Answer>;

const answerOf = async (response: Response): Promise<Answer> => ({
  text: await response.text(),
  status: response.headers.get('cache-status') ?? '',
});

function clientsOf(cache: HttpCache): Readonly<Record<Client, Get>> {
  const get = cachedFetch(cache);
  const api = ky.extend({hooks: cacheHooks(cache), retry: 0});
  const http = cached(axios.create({responseType: 'text'}), cache);
  return {
    fetch: async (url, headers) => answerOf(await get(url, {headers})),
    ky: async (url, headers) => answerOf(await api(url, {headers})),
    axios: async (url, headers) => {
      const {data, headers: fields} = await http.get<string>(url, {headers});
      return {text: data, status: String(fields['cache-status'])};
    },
  };
}

function selectionOf(what: Named, origin: string): Selection {
  switch (what.type) {
    case 'all':
      return {all: true};
    case 'url':
      return `${origin}${what.path}`;
    case 'prefix':
      return {prefix: `${origin}${what.path}`};
    case 'origin':
      return {origin};
    case 'tag':
      return {tag: what.tag};
    case 'partition':
      return {partition: what.user};
    case 'pattern':
      return new RegExp(`${what.digit}$`);
    case 'where':
      return {where: ({tags}) => tags.includes(what.tag)};
    default:
      return what satisfies never;
  }
}

async function request(get: Get, origin: string, path: string, user: User): Promise<object> {
  const {text, status} = await get(`${origin}${path}`, user === undefined ? {} : {authorization: `Bearer ${user}`});
  const number = Number.parseInt(text, 10);
  const owner = ownerOf(path, user);
  if (text !== bodyOf(number, path, owner)) throw new Error(`the body for ${path} of ${user} is ${text.slice(0, 60)}`);
  return {type: 'request', path, user: owner, number, isHit: status.includes('limpid; hit')};
}

async function done(
  step: Step,
  cache: HttpCache,
  clients: Readonly<Record<Client, Get>>,
  origin: string,
): Promise<object> {
  if (step.type === 'request') return request(clients[step.client], origin, step.path, step.user);
  const selection = selectionOf(step.what, origin);
  await (step.type === 'clear' ? cache.clear(selection) : cache.expire(selection));
  return step;
}

type Made = {readonly store: Store; readonly cache: HttpCache; readonly clients: Readonly<Record<Client, Get>>};

async function make(spec: StoreSpec, origin: string): Promise<Made> {
  const store = await makeStore(spec);
  const cache = new HttpCache({
    store,
    rules: Array.from({length: paths}, (_, index) => ({for: `${origin}/r/${index}`, tags: [...tagsOf(`/r/${index}`)]})),
    partition: ({headers}) => headers.get('authorization')?.slice('Bearer '.length),
  });
  return {store, cache, clients: clientsOf(cache)};
}

async function work({spec, origin, seed, operations}: WorkerOrder): Promise<readonly Operation[]> {
  const made = await Promise.all(Array.from({length: caches}, () => make(spec, origin)));
  const plan = steps(seed);
  const history: Operation[] = [];
  let left = operations;
  const goOn = async (own: Made): Promise<void> => {
    const {cache, clients} = own;
    while (left-- > 0) {
      const step = plan.next().value;
      const start = micros();
      const what = await done(step, cache, clients, origin).catch((error: unknown) => ({
        type: 'failure',
        message: `${JSON.stringify(step)}: ${String(error)}`,
      }));
      history.push({...what, start, end: micros()} as Operation);
    }
  };
  await Promise.all(made.flatMap(own => Array.from({length: atOnce / caches}, () => goOn(own))));
  for (const {cache, store} of made) {
    await cache.close();
    await store.close();
  }
  return history;
}

process.once('message', order => {
  void work(order as WorkerOrder).then(history => process.send?.(history, () => process.disconnect()));
});
