// Stored responses for tests, and how to store them.

import {Fields, type Store, type StoredResponse} from 'limpid/store';
import {expect} from 'vitest';

export const url = 'https://a.example/';

let made = 0;

/** A stored response with a key of its own, with these changes. */
export function response(changes: Partial<StoredResponse> = {}): StoredResponse {
  const id = `id-${++made}`;
  const {resource = url} = changes;
  return {
    id,
    resource,
    url: resource,
    key: id,
    method: 'GET',
    partition: '',
    content: undefined,
    variant: '',
    client: undefined,
    nominated: [],
    head: {status: 200, statusText: 'OK', fields: Fields.none, url: resource, redirected: false, type: 'default'},
    requestTime: Date.now(),
    responseTime: Date.now(),
    began: 0,
    tags: [],
    groups: [],
    facts: {
      lifetime: 60,
      heuristic: false,
      initialAge: 0,
      date: 0,
      etag: undefined,
      lastModified: undefined,
      alwaysValidate: false,
      neverStale: false,
      immutable: false,
      range: undefined,
      staleWhileRevalidate: 0,
      staleIfError: 0,
    },
    size: 0,
    expired: false,
    lastUsed: Date.now(),
    ...changes,
  };
}

/** Stores a response that begins now; again, where a busy machine takes longer than a write may. */
export async function keep(
  store: Store,
  changes: Partial<StoredResponse> = {},
  body = 'body',
): Promise<StoredResponse> {
  for (let attempt = 0; ; attempt++) {
    const stored = response({began: await store.tick(), ...changes});
    const sink = store.put(stored);
    await sink.write(new TextEncoder().encode(body));
    try {
      expect(await sink.commit()).toBe('stored');
      return stored;
    } catch (error) {
      if (attempt === 5 || !String(error).includes('took more than 100 ms')) throw error;
    }
  }
}
