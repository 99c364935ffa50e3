import type {Clause, Scope} from '../model/selection.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {
  bodyOf,
  bytesOf,
  type ContractTest,
  clear,
  commit,
  entriesOf,
  everything,
  idsIn,
  inScope,
  keep,
  matching,
  onlyIn,
  response,
  same,
} from './contract-support.ts';

const resource = 'https://a.example/inside';
const inside: Partial<StoredResponse> = {resource, partition: 'p', tags: ['t', 'u'], groups: ['g']};
const outside: Partial<StoredResponse> = {resource: 'https://b.example/', partition: 'q', tags: ['v'], groups: ['g']};

const scopes: readonly Scope[] = [
  {type: 'all'},
  {type: 'origin', origin: 'https://a.example'},
  {type: 'resource', resource},
  {type: 'partition', partition: 'p'},
  {type: 'tag', tag: 'u'},
  {type: 'group', origin: 'https://a.example', group: 'g'},
];

const isInside = (stored: StoredResponse): boolean => stored.url === resource;

/** Every kind of clause that selects what is inside; all but `all` leave what is outside. */
const clauses: readonly (readonly [name: string, clause: Clause])[] = [
  ...scopes.map(scope => [`the scope ${scope.type}`, inScope(scope)] as const),
  ...scopes.map(scope => [`a predicate within ${scope.type}`, matching(isInside, scope)] as const),
];

const leavesOutside = (clause: Clause): boolean => clause.type === 'match' || clause.scope.type !== 'all';

const perClause = (name: string, clause: Clause): readonly ContractTest[] => [
  [
    `clearing ${name} removes what it selects and nothing else`,
    async store => {
      const gone = await keep(store, inside);
      const left = await keep(store, outside);
      await clear(store, [clause]);
      same(await idsIn(store, resource), [], 'what is left inside');
      same(await bodyOf(store, gone), undefined, 'the body of what was cleared');
      same(await idsIn(store, left.resource), leavesOutside(clause) ? [left.id] : [], 'what is left outside');
      same((await store.size()).count, leavesOutside(clause) ? 1 : 0, 'count');
    },
  ],
  [
    `clearing ${name} fences what began before, and only that`,
    async store => {
      const before = response({...inside, began: await store.tick()});
      const sink = store.put(before);
      await sink.write(bytesOf('before'));
      await clear(store, [clause]);
      same(await store.counts(before), false, 'whether what began before counts');
      same(await sink.commit(), 'fenced', 'the outcome of a put begun before');
      same(
        await commit(store.put({...before, id: 'again'})),
        'fenced',
        'the outcome of a put begun before, made later',
      );
      const after = await keep(store, inside);
      same(await store.counts(after), true, 'whether what began after counts');
      same(await idsIn(store, resource), [after.id], 'the ids listed');
    },
  ],
  [
    `expiring ${name} leaves nothing that began before current`,
    async store => {
      const before = response({...inside, began: await store.tick()});
      await clear(store, [clause], {action: 'expire'});
      same(await store.counts(before), false, 'whether what began before counts');
      same(await store.counts({...before, began: await store.tick()}), true, 'whether what begins after counts');
    },
  ],
  [
    `an update after clearing ${name} is gone`,
    async store => {
      const stored = await keep(store, inside);
      await clear(store, [clause]);
      same(await store.update({...stored, began: await store.tick()}), 'gone', 'the outcome');
      same(await idsIn(store, resource), [], 'the ids listed');
    },
  ],
];

const perSelection = (name: string, clause: Clause): readonly ContractTest[] => [
  [
    `expiring ${name} keeps what it selects until a validation begun later`,
    async store => {
      const stored = await keep(store, inside);
      await keep(store, outside);
      const older = await store.tick();
      await clear(store, [clause], {action: 'expire'});
      same((await onlyIn(store, resource)).expired, true, 'whether it is expired');
      same((await onlyIn(store, 'https://b.example/')).expired, !leavesOutside(clause), 'whether the other is');
      same(await store.update({...stored, began: older}), 'stored', 'the outcome of an update begun before');
      same((await onlyIn(store, resource)).expired, true, 'whether it is expired after that');
      same(
        await store.update({...stored, began: await store.tick()}),
        'stored',
        'the outcome of an update begun after',
      );
      same((await onlyIn(store, resource)).expired, false, 'whether it is expired after that');
      same(await bodyOf(store, stored), bytesOf('body'), 'the body');
    },
  ],
  [
    `what began before ${name} was expired is stored expired`,
    async store => {
      const sink = store.put(response({...inside, began: await store.tick()}));
      await clear(store, [clause], {action: 'expire'});
      same(await commit(sink, bytesOf('body')), 'stored', 'the outcome');
      same((await onlyIn(store, resource)).expired, true, 'whether it is expired');
    },
  ],
  [
    `${name} can be counted and looked at without changing anything`,
    async store => {
      const stored = await keep(store, inside, '12345');
      await keep(store, outside, '123');
      const expected = leavesOutside(clause) ? {count: 1, bytes: 5} : {count: 2, bytes: 8};
      const {count, bytes} = await clear(store, [clause], {action: 'count', exact: true});
      same({count, bytes}, expected, 'what it comes to');
      const found = await entriesOf(store, [clause]);
      same(found.length, expected.count, 'how many entries there are');
      same(
        found.some(({id}) => id === stored.id),
        true,
        'whether it is among them',
      );
      same((await store.size()).count, 2, 'how many are left');
      const removed = await clear(store, [clause], {exact: true});
      same({count: removed.count, bytes: removed.bytes}, expected, 'what clearing it says');
    },
  ],
];

/** Clears, expiries, counts and the fence. */
export const clearTests: readonly ContractTest[] = [
  ...clauses.flatMap(([name, clause]) => [...perClause(name, clause), ...perSelection(name, clause)]),
  [
    'a clear is given a later tick than what began before, and no later one than what begins after',
    async store => {
      const before = await store.tick();
      const {tick} = await clear(store, everything);
      const after = await store.tick();
      if (!(before < tick && tick <= after)) throw new Error(`ticks out of order: ${before}, ${tick}, ${after}`);
    },
  ],
  [
    'no clause selects nothing',
    async store => {
      const stored = await keep(store);
      const {count} = await clear(store, [], {exact: true});
      same(count, 0, 'count');
      same(await idsIn(store), [stored.id], 'the ids listed');
    },
  ],
  [
    'several clauses select what any of them does, counted once',
    async store => {
      await keep(store, inside);
      await keep(store, {...inside, resource: 'https://a.example/2'});
      await keep(store, outside);
      const what = [inScope({type: 'tag', tag: 't'}), inScope({type: 'partition', partition: 'p'}), matching(isInside)];
      same((await entriesOf(store, what)).length, 2, 'how many entries there are');
      same((await clear(store, what, {exact: true})).count, 2, 'count');
      same((await store.size()).count, 1, 'how many are left');
    },
  ],
  [
    'an update whose new tags were cleared meanwhile is fenced',
    async store => {
      const stored = await keep(store);
      await clear(store, [inScope({type: 'tag', tag: 'new'})]);
      same(await store.update({...stored, tags: ['new']}), 'fenced', 'the outcome');
    },
  ],
  [
    'an update that loses an expired tag stays expired',
    async store => {
      const stored = await keep(store, {tags: ['t']});
      // The update is of an exchange that began later than what is stored, and before the expiry.
      await clear(store, [inScope({type: 'tag', tag: 'another'})]);
      const began = await store.tick();
      await clear(store, [inScope({type: 'tag', tag: 't'})], {action: 'expire'});
      for (const update of [
        {...stored, tags: []},
        {...stored, tags: [], began},
      ]) {
        same(await store.update(update), 'stored', 'the outcome');
        same((await onlyIn(store)).expired, true, 'whether it is expired');
      }
      const now = await store.tick();
      same(await store.update({...stored, tags: [], began: now}), 'stored', 'the outcome of one that began later');
      same((await onlyIn(store)).expired, false, 'whether it is expired then');
    },
  ],
  [
    'entries are not used by being looked at',
    async store => {
      const stored = await keep(store);
      const [first] = await entriesOf(store, everything);
      await new Promise(resolve => setTimeout(resolve, 5));
      const [second] = await entriesOf(store, everything);
      same(second?.lastUsed, first?.lastUsed, 'lastUsed');
      same(second?.id, stored.id, 'id');
    },
  ],
  [
    'entries show what is expired',
    async store => {
      await keep(store);
      await clear(store, everything, {action: 'expire'});
      same(
        (await entriesOf(store, everything)).map(({expired}) => expired),
        [true],
        'expired',
      );
    },
  ],
];
