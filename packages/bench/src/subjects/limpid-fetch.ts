import {cachedFetch} from '@limpid/fetch';
import {answeringFetch} from '../answers.ts';
import {bodyOf, type Subject} from '../subject.ts';
import {clearsOf, configuration, openCache} from './limpid.ts';

export const subject: Subject = {
  configuration: `cachedFetch(cache). ${configuration}`,
  open(environment) {
    const cache = openCache(environment);
    const send = environment.inProcess ? answeringFetch : fetch;
    const get = environment.cached ? cachedFetch(cache, {fetch: send}) : send;
    return {
      bytes: async url => (await get(url)).arrayBuffer(),
      json: async url => (await get(url)).json(),
      stream: async url => bodyOf(await get(url)),
      with: async (url, name, value) => (await get(url, {headers: {[name]: value}})).arrayBuffer(),
      clears: clearsOf(cache),
    };
  },
};
