import axios from 'axios';
import {buildMemoryStorage, setupCache} from 'axios-cache-interceptor';
import {answerTo} from '../answers.ts';
import type {Client, Environment} from '../subject.ts';

/** How axios-cache-interceptor is configured, in words. */
export const configuration =
  'setupCache(axios.create(), {storage: buildMemoryStorage(cloneData), interpretHeader: true}).';

/** An axios that asks no network. */
const answering = () =>
  axios.create({
    async adapter(config) {
      const {status, headers, body} = answerTo(config.url ?? '');
      const data = config.responseType === 'arraybuffer' ? body.slice() : Buffer.from(body).toString();
      return {data, status, statusText: 'OK', headers: {...headers}, config};
    },
  });

export function openAxios({cached, inProcess, maxCount}: Environment, data: 'shared' | 'cloned'): Client {
  const bare = inProcess ? answering() : axios.create();
  const storage = buildMemoryStorage(data === 'cloned', false, maxCount ?? false);
  const http = cached ? setupCache(bare, {storage}) : bare;
  const idOf = (url: string): string => ('generateKey' in http ? http.generateKey({url, method: 'get'}) : '');
  return {
    bytes: async url => (await http.get(url, {responseType: 'arraybuffer'})).data,
    json: async url => (await http.get(url)).data,
    clears: {
      one: url => storage.remove(idOf(url)),
      all: () => storage.clear?.(),
    },
  };
}
