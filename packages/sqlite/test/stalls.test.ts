// SQLite is synchronous: no wait and no long piece of work may hold up the event loop.

import {DatabaseSync, StatementSync} from 'node:sqlite';
import type {Clause} from 'limpid/store';
import {expect, onTestFinished, test, vi} from 'vitest';
import {headFor} from './crash-bodies.ts';
import {newFile, storeAt} from './place.ts';

/** How often the event loop comes round until this is over. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  const over = new AbortController();
  void work.finally(() => over.abort());
  let turns = 0;
  while (!over.signal.aborted) {
    await new Promise(resolve => setImmediate(resolve));
    turns += 1;
  }
  return turns;
}

/** How often a statement that speaks of something has been run since. */
function asked(method: 'run' | 'all', about: string): () => number {
  const spied = vi.spyOn(StatementSync.prototype, method);
  onTestFinished(() => spied.mockRestore());
  return () => spied.mock.contexts.filter(statement => (statement as StatementSync).sourceSQL.includes(about)).length;
}

test('many writes at once leave others their turns', async () => {
  const store = storeAt(newFile());
  const began = await store.tick();
  const commits = Array.from({length: 5_000}, async (_, count) => {
    const sink = store.put(headFor(`https://a.example/${count}`, `many-${count}`, began));
    await sink.write(new Uint8Array(100));
    return sink.commit();
  });
  const all = Promise.all(commits);
  const turns = await turnsDuring(all);
  expect(new Set(await all)).toEqual(new Set(['stored']));
  expect(turns).toBeGreaterThan(5);
});

test('the lock of another process is not waited for in the turn that meets it', async () => {
  const file = newFile();
  const store = storeAt(file);
  const began = await store.tick();
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const sink = store.put(headFor('https://a.example/', 'one', began));
  await sink.write(new Uint8Array(100));
  const commit = sink.commit();
  let [turns, isOver] = [0, false];
  void Promise.resolve(commit).finally(() => {
    isOver = true;
  });
  const until = performance.now() + 300;
  while (performance.now() < until) {
    await new Promise(resolve => setImmediate(resolve));
    turns += 1;
  }
  expect(isOver).toBe(false);
  // Each look at the lock takes microseconds; to wait there would leave a turn or two.
  expect(turns).toBeGreaterThan(30);
  other.exec('ROLLBACK');
  other.close();
  expect(await commit).toBe('stored');
});

test('what many clears leave is swept together', async () => {
  const store = storeAt(newFile());
  const began = await store.tick();
  const sink = store.put({...headFor('https://a.example/499', 'last', began), tags: []});
  expect(await sink.commit()).toBe('stored');
  const abandoned = asked('run', 'DELETE FROM unfinished WHERE written');
  for (let count = 0; count < 500; count++) {
    const scope = {type: 'resource', resource: `https://a.example/${count}`} as const;
    await store.clear([{type: 'scope', scope}], {action: 'remove', through: false, exact: false});
  }
  expect(await store.size()).toEqual({count: 0, bytes: 0});
  // Each sweep looks for them.
  expect(abandoned()).toBeGreaterThan(0);
  expect(abandoned()).toBeLessThan(100);
});

test('marks of many clears are settled many at a time', async () => {
  const store = storeAt(newFile());
  const [begun, sorted] = [asked('run', 'BEGIN'), asked('all', 'ORDER BY tick DESC')];
  const clauses = Array.from({length: 10_000}, (_, count): Clause => {
    return {type: 'scope', scope: {type: 'resource', resource: `https://a.example/${count}`}};
  });
  await store.clear(clauses, {action: 'remove', through: false, exact: false});
  const turns = await turnsDuring(store.size());
  expect(begun()).toBeLessThan(100);
  expect(sorted()).toBeLessThan(50);
  expect(turns).toBeGreaterThan(50);
});
