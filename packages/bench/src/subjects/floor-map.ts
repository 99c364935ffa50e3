import {bodyOf, type Subject} from '../subject.ts';
import {Shelf} from './floor.ts';

/** The least that hands out a Response of its own for each caller. */
export const subject: Subject = {
  configuration:
    'Map.get, new Response(bytes, {headers}); nothing is checked. Clears keep a Set of URLs for each prefix.',
  open(environment) {
    const shelf = new Shelf(environment);
    const get = async (url: string): Promise<Response> => {
      const {status, fields, bytes} = shelf.map.get(url) ?? (await load(url));
      return new Response(bytes, {status, headers: fields});
    };
    const prefixes = new Map<string, Set<string>>();
    const load: typeof shelf.load = url => {
      const prefix = url.slice(0, url.lastIndexOf('/') + 1);
      const urls = prefixes.get(prefix) ?? new Set();
      prefixes.set(prefix, urls.add(url));
      return shelf.load(url);
    };
    return {
      bytes: async url => (await get(url)).arrayBuffer(),
      json: async url => (await get(url)).json(),
      stream: async url => bodyOf(await get(url)),
      clears: {
        one(url) {
          shelf.map.delete(url);
        },
        prefix(prefix) {
          for (const url of prefixes.get(prefix) ?? []) shelf.map.delete(url);
          prefixes.delete(prefix);
        },
        all() {
          shelf.map.clear();
          prefixes.clear();
        },
      },
    };
  },
};
