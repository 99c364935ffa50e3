import ky from 'ky';
import {cacheHooks} from 'limpid/ky';
import {answeringFetch} from '../answers.ts';
import {bodyOf, type Subject} from '../subject.ts';
import {clearsOf, configuration, openCache} from './limpid.ts';

export const subject: Subject = {
  configuration: `ky.extend({hooks: cacheHooks(cache)}). ${configuration}`,
  open(environment) {
    const cache = openCache(environment);
    const bare = environment.inProcess ? ky.create({fetch: answeringFetch}) : ky;
    const api = environment.cached ? bare.extend({hooks: cacheHooks(cache)}) : bare;
    return {
      bytes: url => api(url).arrayBuffer(),
      json: url => api(url).json(),
      stream: async url => bodyOf(await api(url)),
      clears: clearsOf(cache),
    };
  },
};
