import got from 'got';
import type {Subject} from '../subject.ts';

export const subject: Subject = {
  configuration: 'got.extend({cache: new Map()}).',
  open({cached}) {
    const get = cached ? got.extend({cache: new Map()}) : got;
    return {
      bytes: url => get(url).buffer(),
      json: url => get(url).json(),
      stream: async url => get.stream(url),
    };
  },
};
