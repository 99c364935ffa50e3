// Bodies that can be made again from the name of the response they belong to: so anybody can check them.

import {createHash} from 'node:crypto';
import {Fields, type StoredResponse, type Tick} from 'limpid/store';

/** Between nothing and three chunks long; half of it compresses well. */
export function bodyFor(id: string): Uint8Array {
  const seed = createHash('sha256').update(id).digest();
  const length = seed.readUInt32BE(0) % (seed[4] === undefined || seed[4] % 4 > 0 ? 3_000 : 700_000);
  const body = new Uint8Array(length);
  for (let at = 0; at < length; at += 64) body.set(seed.subarray(0, Math.min(32, length - at)), at);
  return body;
}

export const headFor = (url: string, id: string, began: Tick): StoredResponse => ({
  id,
  resource: url,
  url,
  key: url,
  method: 'GET',
  partition: '',
  content: undefined,
  variant: '',
  client: undefined,
  nominated: [],
  head: {
    status: 200,
    statusText: 'OK',
    fields: Fields.from({etag: `"${id}"`}),
    url,
    redirected: false,
    type: 'default',
  },
  requestTime: Date.now(),
  responseTime: Date.now(),
  began,
  tags: [Number(id.split('-')[1]) % 2 === 0 ? 'even' : 'odd'],
  groups: [],
  facts: {
    lifetime: 60,
    heuristic: false,
    initialAge: 0,
    date: 0,
    etag: {weak: false, opaque: id},
    lastModified: undefined,
    range: undefined,
    alwaysValidate: false,
    neverStale: false,
    immutable: false,
    staleWhileRevalidate: 0,
    staleIfError: 0,
  },
  size: 0,
  expired: false,
  lastUsed: 0,
});
