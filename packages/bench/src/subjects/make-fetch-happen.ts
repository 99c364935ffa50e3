import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fetch from 'make-fetch-happen';
import {bodyOf, type Subject} from '../subject.ts';

export const subject: Subject = {
  configuration:
    'fetch.defaults({cachePath} as fetch.FetchOptions), on disk, in a folder of its own: it keeps nothing in memory.',
  open({cached}) {
    const cachePath = mkdtempSync(join(tmpdir(), 'limpid-bench-'));
    const get = cached ? fetch.defaults({cachePath} as fetch.FetchOptions) : fetch;
    return {
      bytes: async url => (await get(url)).buffer(),
      json: async url => (await get(url)).json(),
      stream: async url => bodyOf(await get(url)),
      close: () => rmSync(cachePath, {recursive: true, force: true}),
    };
  },
};
