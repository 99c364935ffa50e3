// How tests store a response.

import type {Store, StoredResponse} from 'limpid/store';
import {storedResponse} from 'limpid/store-contract';
import {expect} from 'vitest';

export const url = 'https://a.example/';

/** Stores a response that begins now; again, where a busy machine takes longer than a write may. */
export async function keep(
  store: Store,
  changes: Partial<StoredResponse> = {},
  body = 'body',
): Promise<StoredResponse> {
  for (let attempt = 0; ; attempt++) {
    const stored = storedResponse({began: await store.tick(), ...changes});
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
