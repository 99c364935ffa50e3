import ky from 'ky';
import {bodyOf, type Subject} from '../subject.ts';
import {Shelf} from './floor.ts';
import {LazyResponse} from './lazy-response.ts';

/** What ky itself costs. */
export const subject: Subject = {
  configuration: 'ky over the transport of floor-subclass.',
  open(environment) {
    const shelf = new Shelf(environment);
    const api = ky.create({
      async fetch(input) {
        const {url, headers} = input as Request;
        const found = shelf.find(url, name => headers.get(name));
        return new LazyResponse(found instanceof Promise ? await found : found);
      },
    });
    return {
      bytes: url => api(url).arrayBuffer(),
      json: url => api(url).json(),
      stream: async url => bodyOf(await api(url)),
    };
  },
};
