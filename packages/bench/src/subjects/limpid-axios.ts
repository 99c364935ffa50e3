import {cached} from '@limpid/axios';
import axios from 'axios';
import type {Subject} from '../subject.ts';
import {clearsOf, configuration, openCache} from './limpid.ts';

export const subject: Subject = {
  configuration: `cached(axios.create(), cache), over axios's own choice of adapter. ${configuration}`,
  open(environment) {
    const cache = openCache(environment);
    const bare = axios.create();
    const http = environment.cached ? cached(bare, cache) : bare;
    return {
      bytes: async url => (await http.get(url, {responseType: 'arraybuffer'})).data,
      json: async url => (await http.get(url)).data,
      stream: async url => (await http.get(url, {responseType: 'stream'})).data,
      clears: clearsOf(cache),
    };
  },
};
