import {MemoryCache, NodeFetchCache} from 'node-fetch-cache';
import {bodyOf, type Subject} from '../subject.ts';

export const subject: Subject = {
  configuration: 'NodeFetchCache.create({cache: new MemoryCache()}): stores everything for ever, and checks nothing.',
  open() {
    const get = NodeFetchCache.create({cache: new MemoryCache()});
    return {
      bytes: async url => (await get(url)).arrayBuffer(),
      json: async url => (await get(url)).json(),
      stream: async url => bodyOf(await get(url)),
    };
  },
};
