import axios, {AxiosHeaders} from 'axios';
import type {Subject} from '../subject.ts';
import {Shelf} from './floor.ts';

/** What axios itself costs. */
export const subject: Subject = {
  configuration: 'axios over an adapter with the store of floor-http, that copies bytes or decodes text.',
  open(environment) {
    const shelf = new Shelf(environment);
    const decoder = new TextDecoder();
    const http = axios.create({
      async adapter(config) {
        const fieldOf = (name: string): string | null => config.headers.get(name)?.toString() ?? null;
        const found = shelf.find(config.url ?? '', fieldOf);
        const {status, fields, bytes} = found instanceof Promise ? await found : found;
        const data = config.responseType === 'arraybuffer' ? bytes.slice().buffer : decoder.decode(bytes);
        // Its constructor would look at every name; these are in order already.
        const headers = Object.assign(new AxiosHeaders(), fields);
        return {data, status, statusText: 'OK', headers, config};
      },
    });
    return {
      bytes: async url => (await http.get(url, {responseType: 'arraybuffer'})).data,
      json: async url => (await http.get(url)).data,
    };
  },
};
