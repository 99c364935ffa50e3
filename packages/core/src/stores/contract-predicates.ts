import {type ContractTest, clear, commit, idsIn, keep, matching, response, same} from './contract-support.ts';

/** Clears by what only a predicate of the caller's can tell. */
export const predicateTests: readonly ContractTest[] = [
  [
    'a predicate is held against what is stored later, once per response',
    async store => {
      const began = await store.tick();
      await clear(store, [matching(({head}) => head.status === 404)]);
      const head = {...response().head, status: 404};
      same(await commit(store.put(response({began, head}))), 'fenced', 'the outcome of one it selects');
      same(await commit(store.put(response({began}))), 'stored', 'the outcome of one it does not');
    },
  ],
  [
    'a predicate sees the size of what is on its way when it comes',
    async store => {
      const began = await store.tick();
      const [short, long] = [store.put(response({began})), store.put(response({began, key: 'long'}))];
      await clear(store, [matching(({size}) => size > 5)]);
      same(await commit(short, new Uint8Array(5)), 'stored', 'the outcome of a short one');
      same(await commit(long, new Uint8Array(6)), 'fenced', 'the outcome of a long one');
    },
  ],
  [
    'a predicate that throws fails the clear, which then has removed nothing and stands in nobody’s way',
    async store => {
      const stored = await keep(store);
      const throws = matching(() => {
        throw new RangeError('by the predicate');
      });
      for (const action of ['remove', 'expire', 'count'] as const) {
        const attempt = async (): Promise<unknown> => clear(store, [throws], {action, exact: true});
        const told = await attempt().then(() => 'nothing', String);
        same(told, 'RangeError: by the predicate', 'what is thrown');
      }
      same(await idsIn(store), [stored.id], 'the ids listed');
      same(await store.update({...stored, began: await store.tick()}), 'stored', 'the outcome of an update');
    },
  ],
  [
    'a clear knows of the latest use',
    async store => {
      const [used, unused] = [await keep(store), await keep(store, {resource: 'https://a.example/2'})];
      await new Promise(resolve => setTimeout(resolve, 5));
      const since = Date.now();
      await store.body(used);
      const what = [matching(({lastUsed}) => lastUsed < since)];
      same((await clear(store, what, {exact: true})).count, 1, 'count');
      same(await idsIn(store), [used.id], 'the ids listed');
      same(await idsIn(store, unused.resource), [], 'the ids listed of what was not used');
    },
  ],
];
