// The contract that every store keeps, for ours and for strangers'. It knows no test runner.

import type {Store} from '../model/store.ts';
import type {MaybePromise} from '../model/units.ts';
import {bodyTests} from './contract-bodies.ts';
import {clearTests} from './contract-clears.ts';
import {markTests, nameTests} from './contract-marks.ts';
import {predicateTests} from './contract-predicates.ts';
import {room, roomTests} from './contract-room.ts';
import {scopeTests} from './contract-scopes.ts';
import {
  bodyOf,
  bytesOf,
  type ContractTest,
  clear,
  entriesOf,
  everything,
  idsIn,
  inScope,
  keep,
  onlyIn,
  response,
  same,
} from './contract-support.ts';
import {userTests} from './contract-users.ts';
import {recordVersion} from './record.ts';

/** The two functions of a test runner that the contract needs: those of Vitest, Jest, node:test and others fit. */
export type TestRunner = {
  readonly describe: (title: string, body: () => void) => unknown;
  readonly test: (title: string, body: () => Promise<void>) => unknown;
};

/** What a store can do beyond, or cannot do within, the contract. */
export type StoreCapabilities = {
  /** The longest key, tag or partition it takes. Default 65 536 characters. */
  readonly maxNameLength?: number;
  /**
   * For stores that outlive their process: opens again what `store` has open, as if its process had just died.
   * The contract closes both.
   */
  readonly reopen?: (store: Store) => MaybePromise<Store>;
  /** For stores that bound themselves: an empty one with room for so many bytes. The contract closes it. */
  readonly bounded?: (maxBytes: number) => MaybePromise<Store>;
  /**
   * For stores that keep what `encodeRecord` writes: changes the text of every record in place, behind the store's back,
   * as an earlier or a later version of it would have written it.
   */
  readonly rewrite?: (store: Store, change: (record: string) => string) => MaybePromise<void>;
};

const reopenedTests = (reopen: (store: Store) => MaybePromise<Store>): readonly ContractTest[] => [
  [
    'what was committed is there after reopening, what was not is not',
    async store => {
      const stored = await keep(store, {tags: ['t']}, 'kept');
      await store.put(response({began: await store.tick()})).write(bytesOf('half'));
      const again = await reopen(store);
      same(await idsIn(again), [stored.id], 'the ids listed');
      same(await bodyOf(again, await onlyIn(again)), bytesOf('kept'), 'the body');
      await again.close();
    },
  ],
  [
    'what was cleared or expired is so after reopening',
    async store => {
      await keep(store, {tags: ['t']});
      const expired = await keep(store, {tags: ['u']});
      await clear(store, [inScope({type: 'tag', tag: 't'})]);
      await clear(store, [inScope({type: 'tag', tag: 'u'})], {action: 'expire'});
      const again = await reopen(store);
      const only = await onlyIn(again);
      same([only.id, only.expired], [expired.id, true], 'what is left, and whether it is expired');
      await again.close();
    },
  ],
  [
    'a clear over a closed store rejects, as long as anybody finds what it was to clear',
    async store => {
      const stored = await keep(store);
      const again = await reopen(store);
      await store.close();
      const clearing = async (): Promise<unknown> => clear(store, everything);
      const outcome = await clearing().then(
        () => 'resolved',
        () => 'rejected',
      );
      const left = await idsIn(again);
      await again.close();
      same([outcome, left], ['rejected', [stored.id]], 'what became of the clear, and what is left');
    },
  ],
];

const versioned = (version: unknown) => (record: string) => JSON.stringify({...JSON.parse(record), version});

const rewrites: Readonly<Record<string, (record: string) => string>> = {
  'a later version': versioned(recordVersion + 1),
  'an earlier version': versioned(recordVersion - 1),
  'no version': versioned(undefined),
  'a damaged record': record => record.slice(0, -1),
};

const rewrittenTests = (rewrite: NonNullable<StoreCapabilities['rewrite']>): readonly ContractTest[] =>
  Object.entries(rewrites).map(([name, change]) => [
    `what ${name} wrote is not there, and can be replaced and cleared`,
    async store => {
      const [replaced, cleared] = ['https://a.example/', 'https://a.example/2'];
      for (const resource of [replaced, cleared]) await keep(store, {key: 'k', resource, tags: ['t']});
      await rewrite(store, change);
      same([await idsIn(store, replaced), await idsIn(store, cleared)], [[], []], 'the ids listed');
      same((await entriesOf(store, everything)).length, 0, 'how many entries there are');
      const later = await keep(store, {key: 'k', resource: replaced, tags: ['t']}, 'later');
      same(await idsIn(store, replaced), [later.id], 'the ids listed after another was stored');
      same(await bodyOf(store, later), bytesOf('later'), 'the body');
      await clear(store, [inScope({type: 'tag', tag: 't'})]);
      same((await entriesOf(store, everything)).length, 0, 'how many entries there are after a clear');
    },
  ]);

/**
 * Registers the tests that every `Store` passes.
 *
 * `makeStore` is called once per test and gives an empty store with room for at least 16 MiB; the contract closes it.
 */
export function storeContract(
  runner: TestRunner,
  makeStore: () => MaybePromise<Store>,
  capabilities: StoreCapabilities = {},
): void {
  const {maxNameLength = 65_536, bounded, reopen, rewrite} = capabilities;
  const groups: Readonly<Record<string, readonly ContractTest[]>> = {
    'a store keeps bodies and heads': bodyTests,
    'a store fences what was cleared': [...clearTests, ...predicateTests],
    'a store knows what lies in a scope': scopeTests,
    'a store keeps users apart': userTests,
    'a store keeps marks and pseudonyms': markTests,
    'a store takes any name': nameTests(maxNameLength),
    'a store outlives its process': reopen === undefined ? [] : reopenedTests(reopen),
    'a store reads its own version': rewrite === undefined ? [] : rewrittenTests(rewrite),
  };
  for (const [title, tests] of Object.entries(groups)) {
    if (tests.length > 0) runner.describe(title, () => register(runner, makeStore, tests));
  }
  if (bounded !== undefined)
    runner.describe('a store makes room', () => register(runner, () => bounded(room), roomTests));
}

function register(runner: TestRunner, makeStore: () => MaybePromise<Store>, tests: readonly ContractTest[]): void {
  for (const [title, body] of tests) {
    runner.test(title, async () => {
      const store = await makeStore();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });
  }
}
