// Short words for tests of the memory store: it is synchronous, so these are too.

import type {CompiledSelection} from '../src/model/selection.ts';
import type {ClearHow, ClearOutcome} from '../src/model/store.ts';
import type {StoredResponse} from '../src/model/stored-response.ts';
import {response} from '../src/stores/contract-support.ts';
import type {MemoryStore} from '../src/stores/memory.ts';

/** Stores a response that begins now, with a body of so many zeros. */
export const put = (store: MemoryStore, changes: Partial<StoredResponse> = {}, size = 0): StoredResponse => {
  const stored = response({began: store.tick(), ...changes});
  const sink = store.put(stored);
  sink.write(new Uint8Array(size));
  sink.commit();
  return stored;
};

/** The resource at this path. */
export const at = (path: string | number): {readonly resource: string} => ({resource: `https://a.example/${path}`});

export const clear = (store: MemoryStore, what: CompiledSelection, how: Partial<ClearHow> = {}): ClearOutcome =>
  store.clear(what, {action: 'remove', through: false, exact: false, ...how});

export const has = (store: MemoryStore, stored: StoredResponse): boolean =>
  store.list(stored.resource).some(({id}) => id === stored.id);
