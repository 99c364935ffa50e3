// How a store keeps within its room.

import type {StoredResponse} from '../model/stored-response.ts';
import {
  type ContractTest,
  clear,
  commit,
  everything,
  idsIn,
  inScope,
  keep,
  response,
  same,
} from './contract-support.ts';

/** Of a store with little room, in bytes. */
export const room: number = 1024 * 1024;
const size = 20 * 1024;
const body = 'x'.repeat(size);

/** Ten milliseconds. */
const rest = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 10));

const at = (index: number): string => `https://a.example/${index}`;

/** Given stores that have no more than `room`. */
export const roomTests: readonly ContractTest[] = [
  [
    'what nobody has used for long makes room for what comes, and is told of',
    async store => {
      const evicted: string[] = [];
      const off = store.onEvict?.(stored => void evicted.push(stored.id));
      const kept: StoredResponse[] = [];
      for (let index = 0; index < 100; index++) kept.push(await keep(store, {resource: at(index)}, body));
      const {bytes} = await store.size();
      same(bytes > room / 2 && bytes <= room, true, `whether ${bytes} bytes are within the room and most of it`);
      const isThere = async (index: number): Promise<boolean> => (await idsIn(store, at(index))).length === 1;
      same([await isThere(0), await isThere(99)], [false, true], 'whether the first and the last are there');
      if (off === undefined) return;
      const unaccounted = async (): Promise<readonly string[]> => {
        const left: string[] = [];
        for (let index = 0; index < 100; index++) left.push(...(await idsIn(store, at(index))));
        return kept.map(({id}) => id).filter(id => !evicted.includes(id) && !left.includes(id));
      };
      // A store may make room behind the requests, and tell of it a little later.
      for (let attempt = 0; attempt < 100 && (await unaccounted()).length > 0; attempt++) await rest();
      same(await unaccounted(), [], 'what went untold');
      off();
    },
  ],
  [
    'a body that is longer than there is room is not kept, and displaces nothing',
    async store => {
      const {id} = await keep(store, {resource: at(0)});
      const sink = store.put(response({resource: at(1), began: await store.tick()}));
      const chunks = Array.from({length: 2 * (room / size)}, () => new Uint8Array(size));
      same(await commit(sink, ...chunks), 'full', 'the outcome of a put');
      same([await idsIn(store, at(0)), await idsIn(store, at(1))], [[id], []], 'the ids listed');
    },
  ],
  [
    'a clear is not forgotten with what had to make room',
    async store => {
      const began = await store.tick();
      await keep(store, {resource: at(0), tags: ['t']}, body);
      await clear(store, [inScope({type: 'tag', tag: 't'})]);
      for (let index = 1; index < 100; index++) await keep(store, {resource: at(index)}, body);
      const late = store.put(response({resource: at(0), tags: ['t'], began}));
      same(await commit(late, new Uint8Array(1)), 'fenced', 'the outcome of a put from before the clear');
      await clear(store, everything);
      same(await store.size(), {count: 0, bytes: 0}, 'the size after a clear of everything');
    },
  ],
];
