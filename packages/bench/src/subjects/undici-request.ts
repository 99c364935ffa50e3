import {request} from 'undici';
import type {Subject} from '../subject.ts';
import {configuration, deleteFrom, openDispatcher} from './undici.ts';

export const subject: Subject = {
  configuration: `undici.request. ${configuration}`,
  open(environment) {
    const {dispatcher, store} = openDispatcher(environment);
    const get = async (url: string) => (await request(url, {dispatcher})).body;
    return {
      bytes: async url => (await get(url)).arrayBuffer(),
      json: async url => (await get(url)).json(),
      stream: get,
      with: async (url, name, value) => (await request(url, {dispatcher, headers: {[name]: value}})).body.arrayBuffer(),
      clears: {one: url => deleteFrom(store, url)},
    };
  },
};
