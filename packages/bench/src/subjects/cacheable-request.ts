import {request} from 'node:http';
import {buffer, json} from 'node:stream/consumers';
import CacheableRequest from 'cacheable-request';
import type {Subject} from '../subject.ts';

export const subject: Subject = {
  configuration: 'new CacheableRequest(http.request).request(), with the Keyv in memory that it makes itself.',
  open() {
    const send = new CacheableRequest(request).request();
    const get = (url: string): Promise<NodeJS.ReadableStream> =>
      new Promise((resolve, reject) => {
        const {hostname, port, pathname, search} = new URL(url);
        send({hostname, port, path: pathname + search, protocol: 'http:', method: 'GET'}, response =>
          resolve(response as unknown as NodeJS.ReadableStream),
        )
          .on('request', outgoing => outgoing.end())
          .on('error', reject);
      });
    return {
      bytes: async url => buffer(await get(url)),
      json: async url => json(await get(url)),
    };
  },
};
