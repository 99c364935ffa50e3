// Bodies that can be made again from the name of the response they belong to: so anybody can check them.

import {createHash} from 'node:crypto';
import {Fields, type StoredResponse, type Tick} from 'limpid/store';
import {storedResponse} from 'limpid/store-contract';

/** Between nothing and three chunks long; half of it compresses well. */
export function bodyFor(id: string): Uint8Array {
  const seed = createHash('sha256').update(id).digest();
  const length = seed.readUInt32BE(0) % (seed[4] === undefined || seed[4] % 4 > 0 ? 3_000 : 700_000);
  const body = new Uint8Array(length);
  for (let at = 0; at < length; at += 64) body.set(seed.subarray(0, Math.min(32, length - at)), at);
  return body;
}

export const headFor = (url: string, id: string, began: Tick): StoredResponse => {
  const made = storedResponse({resource: url});
  return {
    ...made,
    id,
    key: url,
    began,
    head: {...made.head, fields: Fields.from({etag: `"${id}"`})},
    facts: {...made.facts, etag: {weak: false, opaque: id}},
    tags: [Number(id.split('-')[1]) % 2 === 0 ? 'even' : 'odd'],
    lastUsed: 0,
  };
};
