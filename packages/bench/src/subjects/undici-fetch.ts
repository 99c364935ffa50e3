import {fetch} from 'undici';
import {bodyOf, type Subject} from '../subject.ts';
import {configuration, openDispatcher} from './undici.ts';

export const subject: Subject = {
  configuration: `undici.fetch. ${configuration}`,
  open(environment) {
    const {dispatcher} = openDispatcher(environment);
    return {
      bytes: async url => (await fetch(url, {dispatcher})).arrayBuffer(),
      json: async url => (await fetch(url, {dispatcher})).json(),
      stream: async url => bodyOf(await fetch(url, {dispatcher})),
    };
  },
};
