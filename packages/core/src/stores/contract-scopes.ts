import type {Clause} from '../model/selection.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {type ContractTest, clear, commit, idsIn, inScope, keep, response, same} from './contract-support.ts';

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
    'a response redirected unseen goes with its final URI',
    async store => {
      const final = 'https://a.example/final';
      const head = {...response().head, url: final, redirected: true};
      await keep(store, {head});
      same(await idsIn(store, final), [], 'what is listed under the final URI');
      await clear(store, [inScope({type: 'resource', resource: final})]);
      same(await idsIn(store), [], 'what is left');
    },
  ],
  [
    'a search finds a response redirected unseen by its final URI, and counts it once',
    async store => {
      const final = 'https://a.example/final/one';
      await keep(store, {
        resource: 'https://a.example/start/one',
        head: {...response().head, url: final, redirected: true},
      });
      const other = await keep(store, {resource: 'https://a.example/start/two'});
      const beginningWith = (prefix: string): Clause => {
        const covers = (url: string): boolean => url.startsWith(prefix);
        const test = ({url, head}: StoredResponse): boolean => covers(url) || covers(head.url);
        return {
          type: 'match',
          within: {type: 'origin', origin: 'https://a.example'},
          conditions: {prefix},
          test,
          covers,
        };
      };
      const counted = async (prefix: string): Promise<number | undefined> =>
        (await clear(store, [beginningWith(prefix)], {action: 'count', exact: true})).count;
      same(await counted('https://a.example/'), 2, 'how many begin with the origin');
      same(await counted('https://a.example/final'), 1, 'how many begin with the final directory');
      same(await counted('https://a.example/start/one'), 1, 'how many begin with the first URI');
      const own = 'https://a.example/own';
      await keep(store, {resource: own, url: `${own}?ignored`, head: {...response().head, url: own, redirected: true}});
      same(await counted(own), 1, 'how many begin with a final URI that is the resource, too');
      await clear(store, [beginningWith('https://a.example/final/o')]);
      same(await idsIn(store, 'https://a.example/start/one'), [], 'what is left of it');
      same(await idsIn(store, other.resource), [other.id], 'what is left of the other');
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
