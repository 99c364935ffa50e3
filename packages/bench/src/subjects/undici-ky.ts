import {install, setGlobalDispatcher} from 'undici';
import {bodyOf, type Subject} from '../subject.ts';
import {configuration, openDispatcher} from './undici.ts';

export const subject: Subject = {
  configuration: `ky over undici's fetch, made global by install(). ${configuration}`,
  async open(environment) {
    install();
    setGlobalDispatcher(openDispatcher(environment).dispatcher);
    // ky looks at the globals when it is loaded.
    const {default: ky} = await import('ky');
    return {
      bytes: url => ky(url).arrayBuffer(),
      json: url => ky(url).json(),
      stream: async url => bodyOf(await ky(url)),
    };
  },
};
