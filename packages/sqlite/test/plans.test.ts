// That no statement reads more than it needs, by what SQLite says of its plans and by how many rows come at once.

import {DatabaseSync, StatementSync} from 'node:sqlite';
import {type Clause, type ClearHow, type CompiledSelection, shareable} from 'limpid/store';
import {expect, onTestFinished, test, vi} from 'vitest';
import type {SqliteStore} from '../src/index.ts';
import {idsOf, keep, newFile, storeAt} from './place.ts';

const resource = 'https://a.example/me';
const remove: ClearHow = {action: 'remove', through: false, exact: false};
const ofResource: Clause = {type: 'scope', scope: {type: 'resource', resource}};
const match = (within: Clause & {type: 'scope'}, prefix?: string): Clause => ({
  type: 'match',
  within: within.scope,
  conditions: prefix === undefined ? {} : {prefix},
  test: ({url}) => url.startsWith(prefix ?? ''),
  covers: undefined,
});
const all: Clause & {type: 'scope'} = {type: 'scope', scope: {type: 'all'}};

/** The statements that speak of responses and were prepared while something ran, each with its plan. */
async function plansOf(file: string, run: () => Promise<unknown>): Promise<ReadonlyMap<string, readonly string[]>> {
  const prepared = vi.spyOn(DatabaseSync.prototype, 'prepare');
  await run();
  const texts = prepared.mock.calls.map(([sql]) => sql);
  prepared.mockRestore();
  const database = new DatabaseSync(file);
  const plans = new Map<string, readonly string[]>();
  for (const sql of texts.filter(text => /(FROM|INTO|UPDATE) responses/.test(text))) {
    const none = Array.from(
      {length: Math.max((sql.match(/\?(?!\d)/g) ?? []).length, sql.includes('?1') ? 1 : 0)},
      () => '',
    );
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...none);
    plans.set(
      sql.replace(/\s+/g, ' ').trim(),
      plan.map(({detail}) => String(detail)),
    );
  }
  database.close();
  return plans;
}

const searched = (plan: readonly string[]): readonly string[] => plan.filter(step => / responses\b/.test(step));

test('a list for a user goes straight to what is theirs', async () => {
  const file = newFile();
  const store = storeAt(file);
  const plans = await plansOf(file, async () => idsOf(store, resource, 'one'));
  expect([...plans.values()]).toEqual([['SEARCH responses USING INDEX by_place (resource=? AND partition=?)']]);
});

test('a list of all there is of a resource goes straight to it', async () => {
  const file = newFile();
  const store = storeAt(file);
  const plans = await plansOf(file, async () => idsOf(store, resource));
  expect([...plans.values()]).toMatchObject([
    [expect.stringMatching(/^SEARCH responses USING INDEX \S+ \(resource=\?\)$/)],
  ]);
});

test('storing, freshening, using and clearing go through an index to what they are about', async () => {
  const file = newFile();
  const store = storeAt(file, {maxBytes: 400_000});
  const plans = await plansOf(file, async () => {
    for (let count = 0; count < 70; count++) await keep(store, {resource, partition: 'one'}, 10);
    for (let count = 0; count < 70; count++) await keep(store, {resource, partition: `user ${count}`}, 1_000);
    for (let count = 0; count < 70; count++) await keep(store, {partition: `~${'0'.repeat(32)}`}, 9_000);
    const stored = await keep(store, {resource, partition: shareable}, 10);
    await store.body(stored);
    await store.update({...stored, requestTime: stored.requestTime + 1});
    await store.clear([ofResource], remove);
    await store.clear([match(ofResource)], remove);
    await store.clear([match(all, resource)], remove);
    await store.size();
  });
  expect(plans.size).toBeGreaterThan(15);
  for (const [sql, plan] of plans) {
    // What was used least recently of all is the first in its index; walks over everything take some rows at a time.
    const isMeant = sql.endsWith('ORDER BY used LIMIT 1') || sql.includes('WHERE row > ?');
    for (const step of searched(plan))
      expect([sql, step]).toEqual([sql, expect.stringMatching(isMeant ? /./ : /^SEARCH/)]);
    // One index of two columns, rather than all of the resource.
    if (/resource = \? AND (key|partition)/.test(sql))
      expect([sql, searched(plan)[0]]).toEqual([
        sql,
        expect.stringMatching(/\(resource=\? AND (key|partition)[=<>]\?\)/),
      ]);
  }
});

test('what a crowd takes is added up once', async () => {
  const store = storeAt(newFile(), {maxBytes: 400_000});
  for (let count = 0; count < 120; count++) await keep(store, {resource, partition: `user ${count}`}, 10);
  const rows = vi.spyOn(StatementSync.prototype, 'get');
  onTestFinished(() => rows.mockRestore());
  const sums = (): number =>
    rows.mock.contexts.filter(statement => /sum\(cost\)/.test((statement as StatementSync).sourceSQL)).length;
  for (let count = 0; count < 20; count++) await keep(store, {resource, partition: `newcomer ${count}`}, 10);
  expect(sums()).toBe(0);
  await keep(store, {resource: `${resource}/other`}, 10);
  expect(sums()).toBe(1);
});

/** The ids that a selection walks over, in the order of the walk. */
async function walked(store: SqliteStore, what: CompiledSelection): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const {id} of store.entries(what)) ids.push(id);
  return ids;
}

test('a resource that many users have is walked a little at a time, and each response met once', async () => {
  const store = storeAt(newFile());
  const kept: string[] = [];
  for (let count = 0; count < 700; count++)
    kept.push((await keep(store, {resource, partition: `user ${count % 600}`, key: count === 0 ? '' : `${count}`})).id);
  const {id} = await keep(store, {resource: `${resource}/2`, url: resource});
  const {id: apart} = await keep(store, {resource: `${resource}/3`});
  const {id: before} = await keep(store, {resource: 'https://a.example/', url: `${resource}?ignored=1`});
  const rows = vi.spyOn(StatementSync.prototype, 'all');
  onTestFinished(() => rows.mockRestore());
  expect((await walked(store, [ofResource])).toSorted()).toEqual([...kept, id].toSorted());
  expect((await walked(store, [match(ofResource)])).toSorted()).toEqual([...kept, id].toSorted());
  expect((await walked(store, [match(all, resource)])).toSorted()).toEqual([...kept, id, apart, before].toSorted());
  await store.clear([ofResource], remove);
  expect(await store.size()).toMatchObject({count: 2});
  const lengths = rows.mock.results.map(({value}) => (value as readonly unknown[]).length);
  expect(Math.max(...lengths)).toBe(256);
});
