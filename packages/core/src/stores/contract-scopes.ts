import {type ContractTest, clear, commit, idsIn, inScope, keep, same} from './contract-support.ts';

/** What lies in a scope, and what does not, where that is not plain. */
export const scopeTests: readonly ContractTest[] = [
  [
    'a group of one origin is not that of another',
    async store => {
      await keep(store, {groups: ['g']});
      const other = await keep(store, {resource: 'https://b.example/', groups: ['g']});
      await clear(store, [inScope({type: 'group', origin: 'https://a.example', group: 'g'})]);
      same(await idsIn(store, other.resource), [other.id], 'the ids listed');
    },
  ],
  [
    'a response whose resource ignores parameters goes with its URL as it stands, too',
    async store => {
      const full = 'https://a.example/?ignored=1';
      const what = [inScope({type: 'resource', resource: full})];
      const began = await store.tick();
      // A partition of the same name is no reason to miss it.
      const stored = await keep(store, {url: full, partition: full});
      const other = await keep(store, {url: 'https://a.example/?ignored=2'});
      same((await clear(store, what, {action: 'count', exact: true})).count, 1, 'how many it selects');
      await clear(store, what);
      same(await idsIn(store), [other.id], 'what is left');
      same(await commit(store.put({...stored, began})), 'fenced', 'the outcome of one that began before');
    },
  ],
];
