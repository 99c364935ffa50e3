// Runs in a page, at the origin itself.

import {IndexedDbStore} from '@limpid/browser';
import {openDB} from 'idb';
import {MemoryStore, tiered} from 'limpid';
import {storeContract} from 'limpid/store-contract';
import {suite} from './suite.ts';
import type {Outcome} from './testing.ts';

let made = 0;
const names = new WeakMap<object, string>();

function open(name: string, maxBytes = 64 * 1024 ** 2): IndexedDbStore {
  const store = new IndexedDbStore({name, maxBytes});
  names.set(store, name);
  return store;
}

async function run(): Promise<readonly Outcome[]> {
  const tests = suite({origin: location.origin, served: hit => hit(), hasCaches: true});
  tests.describe('IndexedDB', () =>
    storeContract(tests, () => open(`contract-${++made}`), {
      bounded: maxBytes => open(`bounded-${++made}`, maxBytes),
      reopen: store => open(names.get(store) ?? ''),
      rewrite: (store, change) => rewritten(names.get(store) ?? '', change),
    }),
  );
  tests.describe('memory in front of IndexedDB', () =>
    storeContract(tests, () => tiered(new MemoryStore(), open(`tiered-${++made}`))),
  );
  return tests.run();
}

/** Past the store, as another version of it would have written. */
async function rewritten(name: string, change: (record: string) => string): Promise<void> {
  const database = await openDB(name);
  const transaction = database.transaction('responses', 'readwrite');
  for (let cursor = await transaction.store.openCursor(); cursor !== null; cursor = await cursor.continue()) {
    await cursor.update({...cursor.value, record: change(cursor.value.record)});
  }
  await transaction.done;
  database.close();
}

Object.assign(globalThis, {run});
