import {bodyOf, type Subject} from '../subject.ts';
import {noFields, Shelf} from './floor.ts';

/** The least that may be called an HTTP cache in front of a platform's own Response. */
export const subject: Subject = {
  configuration: 'As floor-map, with a check of freshness and of the fields that Vary nominated.',
  open(environment) {
    const shelf = new Shelf(environment);
    const get = async (url: string): Promise<Response> => {
      const found = shelf.find(url, noFields);
      const {status, fields, bytes} = found instanceof Promise ? await found : found;
      return new Response(bytes, {status, headers: fields});
    };
    return {
      bytes: async url => (await get(url)).arrayBuffer(),
      json: async url => (await get(url)).json(),
      stream: async url => bodyOf(await get(url)),
    };
  },
};
