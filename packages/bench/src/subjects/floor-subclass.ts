import {bodyOf, type Subject} from '../subject.ts';
import {noFields, Shelf} from './floor.ts';
import {LazyResponse} from './lazy-response.ts';

/** The least for a caller of fetch: a Response that makes nothing before it is asked for. */
export const subject: Subject = {
  configuration:
    'As floor-http, with a Response subclass over the stored bytes that makes fields, body and clones on use.',
  open(environment) {
    const shelf = new Shelf(environment);
    const get = async (url: string): Promise<Response> => {
      const found = shelf.find(url, noFields);
      return new LazyResponse(found instanceof Promise ? await found : found);
    };
    return {
      bytes: async url => (await get(url)).arrayBuffer(),
      json: async url => (await get(url)).json(),
      stream: async url => bodyOf(await get(url)),
    };
  },
};
