import type {Subject} from '../subject.ts';
import {Shelf} from './floor.ts';

/** One copy of the bytes, which no cache can do without: a caller may write into what it is given. */
export const subject: Subject = {
  configuration: 'Map.get and one copy of the bytes.',
  open(environment) {
    const shelf = new Shelf(environment);
    const decoder = new TextDecoder();
    const get = async (url: string): Promise<Uint8Array> => (shelf.map.get(url) ?? (await shelf.load(url))).bytes;
    return {
      bytes: async url => (await get(url)).slice().buffer,
      json: async url => JSON.parse(decoder.decode(await get(url))),
    };
  },
};
