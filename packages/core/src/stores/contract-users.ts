import {type Partition, shareable} from '../model/stored-response.ts';
import {type ContractTest, clear, commit, idsIn, inScope, keep, onlyIn, response, same} from './contract-support.ts';

const url = 'https://a.example/me';

/** More than the variants that any one user may have of a resource. */
const users = Array.from({length: 100}, (_, index) => `user-${index}`);

/** A resource that many users have, each their own. */
export const userTests: readonly ContractTest[] = [
  [
    'many users of one resource do not displace one another',
    async store => {
      const own = new Map<Partition, string>();
      for (const partition of users) own.set(partition, (await keep(store, {resource: url, partition})).id);
      const anybodys = await keep(store, {resource: url, partition: shareable});
      same(await idsIn(store, url), [...own.values(), anybodys.id].toSorted(), 'the ids listed');
      for (const partition of users) {
        const listed = await store.list(url, await store.tick(), partition);
        const theirs = listed.filter(stored => stored.partition === partition || stored.partition === shareable);
        const ids = theirs.map(({id}) => id).toSorted();
        same(ids, [own.get(partition) ?? '', anybodys.id].toSorted(), `what ${partition} has, and everybody`);
        if (store.lookup === undefined) continue;
        const {candidates} = await store.lookup(url, url, partition);
        same(candidates.map(({id}) => id).toSorted(), listed.map(({id}) => id).toSorted(), 'the lookup');
      }
    },
  ],
  [
    'what one user stores, freshens or clears is neither hidden from another nor shown twice',
    async store => {
      const listed = async (partition: Partition): Promise<readonly string[]> => {
        const found = await store.list(url, await store.tick(), partition);
        return found.filter(stored => stored.partition === partition).map(({id}) => id);
      };
      for (const partition of users) await keep(store, {resource: url, partition, key: partition});
      const [one = '', other = ''] = users;
      const before = await listed(other);
      const again = await keep(store, {resource: url, partition: one, key: one});
      same(await listed(one), [again.id], 'what replaced the first response');
      same(await store.update({...again, requestTime: again.requestTime + 1}), 'stored', 'the outcome of an update');
      same(await listed(one), [again.id], 'what was freshened');
      same(await listed(other), before, 'what another user has');
      await clear(store, [inScope({type: 'partition', partition: one})]);
      same([await listed(one), await listed(other)], [[], before], 'what both have after a clear');
      const aborted = store.put(response({resource: url, partition: one, began: await store.tick()}));
      aborted.abort();
      same(await listed(one), [], 'what was aborted');
    },
  ],
  [
    'a response that was everybody’s is one user’s from a 304 on',
    async store => {
      const began = await store.tick();
      const stored = response({resource: url, partition: shareable, began});
      same(await commit(store.put(stored), new Uint8Array(3)), 'stored', 'the outcome of a put');
      const [one = '', other = ''] = users;
      for (const partition of [one, other])
        same((await store.list(url, began, partition)).length, 1, 'how many it sees');
      same(await store.update({...stored, partition: one}), 'stored', 'the outcome of an update');
      // By the newest counter: `tick` may rely on an older one for a while.
      const counter = await (store.trust?.(1) ?? store.tick());
      same(counter > began, true, 'whether the counter was advanced, for who believes what it has listed');
      const mine = await store.list(url, began, one);
      same(
        mine.map(({id, partition}) => [id, partition]),
        [[stored.id, one]],
        'what its user sees',
      );
      const theirs = await store.list(url, began, other);
      same(theirs.filter(({partition}) => partition !== one).length, 0, 'what others see');
      same((await onlyIn(store, url)).partition, one, 'whose it is');
      // Made of an earlier look, by another user's 304.
      const late = {...stored, requestTime: stored.requestTime + 1};
      for (const partition of [shareable, other]) {
        const outcome = await store.update({...late, partition});
        same(outcome === 'stored', false, 'whether an update that gives it to others is stored');
      }
      same((await onlyIn(store, url)).partition, one, 'whose it still is');
    },
  ],
];
