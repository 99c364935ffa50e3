import {
  type ContractTest,
  clear,
  commit,
  entriesOf,
  everything,
  idsIn,
  inScope,
  keep,
  matching,
  response,
  same,
} from './contract-support.ts';

const url = 'https://a.example/';
const other = 'https://b.example/';

/** Marks of clears that must get past proxies, pseudonyms, and the end. */
export const markTests: readonly ContractTest[] = [
  [
    'a through mark holds until an end-to-end answer begun after it',
    async store => {
      same(await store.through(url, url), undefined, 'the mark before');
      const before = await store.tick();
      const {tick} = await clear(store, [inScope({type: 'origin', origin: 'https://a.example'})], {through: true});
      same(await store.through(url, url), tick, 'the mark');
      same(await store.through(other, other), undefined, 'the mark on another origin');
      await store.reached(url, url, before);
      same(await store.through(url, url), tick, 'the mark after an answer begun before it');
      await store.reached(url, url, await store.tick());
      same(await store.through(url, url), undefined, 'the mark after an answer begun after it');
      const second = 'https://a.example/2';
      same(await store.through(second, second), tick, 'the mark on a resource not reached yet');
    },
  ],
  [
    'a clear says what the counter was just before',
    async store => {
      await keep(store);
      for (const what of [everything, [inScope({type: 'tag', tag: 't'})], [matching(() => true)]]) {
        const began = await store.tick();
        const {tick, before = tick - 1} = await clear(store, what);
        same(before, began, 'the counter before');
      }
    },
  ],
  [
    'a lookup, where there is one, says what tick, list and through say',
    async store => {
      if (store.lookup === undefined) return;
      await keep(store, {tags: ['t']});
      await keep(store, {tags: ['u'], partition: 'p'});
      const asked = async (): Promise<unknown> => {
        const {began, candidates, through} = (await store.lookup?.(url, url)) ?? {};
        return {began, ids: candidates?.map(({id}) => id).toSorted(), through};
      };
      const ids = (await store.list(url)).map(({id}) => id).toSorted();
      same(await asked(), {began: await store.tick(), ids, through: undefined}, 'the lookup');
      const {tick} = await clear(store, [inScope({type: 'tag', tag: 't'})], {through: true});
      same(await asked(), {began: tick, ids: [ids.at(-1)], through: tick}, 'the lookup after a clear');
    },
  ],
  [
    'a clear or an expiry, where the counter can be trusted, ends no sooner than that is over',
    async store => {
      if (store.trust === undefined) return;
      for (const [action, what] of [
        ['remove', everything],
        ['expire', everything],
        ['remove', [matching(() => true)]],
      ] as const) {
        const asked = performance.now();
        const trusted = await store.trust(300);
        same(trusted, await store.tick(), 'the counter');
        const {tick} = await clear(store, what, {action});
        if (performance.now() - asked < 300) throw new Error(`the ${action} did not wait`);
        if (!(trusted < tick)) throw new Error(`ticks out of order: ${trusted}, ${tick}`);
      }
    },
  ],
  [
    'a later through mark holds again, and the newest is told',
    async store => {
      const {tick: first} = await clear(store, everything, {through: true});
      await store.reached(url, url, await store.tick());
      const {tick} = await clear(store, [inScope({type: 'resource', resource: url})], {through: true});
      same(await store.through(url, url), tick, 'the mark');
      same(await store.through(other, other), first, 'the mark on another resource');
      await store.reached(url, url, tick);
      await store.reached(url, url, first);
      same(await store.through(url, url), undefined, 'the mark after an answer, and one begun earlier');
    },
  ],
  [
    'a selection that does not speak of URIs alone marks the resources it selects',
    async store => {
      for (const what of [inScope({type: 'tag', tag: 't'}), matching(({tags}) => tags.includes('t'))]) {
        await keep(store, {tags: ['t']});
        await keep(store, {resource: other});
        const {tick} = await clear(store, [what], {through: true, action: 'expire'});
        same(await store.through(url, url), tick, 'the mark');
        same(await store.through(other, other), undefined, 'the mark on another resource');
      }
    },
  ],
  [
    'a pattern marks what it covers, stored or not',
    async store => {
      const {tick} = await clear(
        store,
        [
          matching(
            () => false,
            {type: 'all'},
            one => one.startsWith(url),
          ),
        ],
        {through: true},
      );
      const later = `${url}later`;
      same(await store.through(later, later), tick, 'the mark');
      same(await store.through(other, other), undefined, 'the mark on another resource');
    },
  ],
  [
    'neither a count nor a clear without `through` leaves a mark',
    async store => {
      await keep(store);
      await clear(store, everything, {action: 'count', through: true});
      await clear(store, everything);
      same(await store.through(url, url), undefined, 'the mark');
    },
  ],
  [
    'a pseudonym is equal for equal secrets, differs for others, and tells nothing',
    async store => {
      const secrets = ['hunter2', 'hunter3', '', '__proto__', 'a\0b', '😀', '"quoted"', 'x'.repeat(8192)];
      const names = [];
      for (const secret of secrets) names.push(await store.pseudonym(secret));
      same(new Set(names).size, secrets.length, 'how many pseudonyms there are');
      for (const [index, secret] of secrets.entries()) {
        same(await store.pseudonym(secret), names[index], `the pseudonym of ${secret.slice(0, 10)}`);
        if (secret !== '' && names[index]?.includes(secret)) throw new Error('a pseudonym shows its secret');
      }
    },
  ],
  [
    'a closed store holds nothing and takes nothing',
    async store => {
      const stored = await keep(store);
      const sink = store.put(response({began: await store.tick()}));
      await store.close();
      same(await idsIn(store), [], 'list');
      same(await store.body(stored), undefined, 'body');
      same(await entriesOf(store, everything), [], 'entries');
      same(await store.size(), {count: 0, bytes: 0}, 'size');
      same(await store.update(stored), 'gone', 'the outcome of an update');
      same(await commit(sink), 'full', 'the outcome of a put begun before');
      same(await commit(store.put(stored)), 'full', 'the outcome of a put');
    },
  ],
];

const hostileNames = ['__proto__', 'constructor', '', ' ', '\'"`; --', 'a\0b', 'a\nb', '%', '*', '😀', '\\', 'a/b?c#d'];

/** Names that others choose: nothing in them may be mistaken for structure. */
export const nameTests = (maxNameLength: number): readonly ContractTest[] =>
  [...hostileNames, 'x'.repeat(maxNameLength)].map(name => [
    `the name ${JSON.stringify(name.slice(0, 20))} (${name.length} characters) is only a name`,
    async store => {
      const names = [name, `${name.slice(0, -1)}!`];
      const origin = 'https://a.example';
      const made = [];
      for (const one of names) {
        const resource = `${origin}/${one}`.slice(0, maxNameLength);
        const named = {resource, key: one, partition: one, variant: one, content: one, tags: [one], groups: [one]};
        made.push(await keep(store, named));
      }
      const [first, second] = made;
      for (const stored of made) {
        const all = await store.list(stored.resource);
        same(all.find(({id}) => id === stored.id)?.key, stored.key, 'the key');
      }
      const scopes = [
        {type: 'tag', tag: name},
        {type: 'partition', partition: name},
        {type: 'group', origin, group: name},
      ] as const;
      for (const scope of scopes) {
        same(
          (await entriesOf(store, [inScope(scope)])).map(({id}) => id),
          [first?.id],
          `what lies in the ${scope.type}`,
        );
      }
      await clear(store, [inScope(scopes[0])]);
      same(
        (await entriesOf(store, everything)).map(({id}) => id),
        [second?.id],
        'what is left',
      );
    },
  ]);
