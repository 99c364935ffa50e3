// SQLite is synchronous: no wait and no long piece of work may hold up the event loop.

import {DatabaseSync} from 'node:sqlite';
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
  const asked = vi.spyOn(DatabaseSync.prototype, 'exec');
  onTestFinished(() => asked.mockRestore());
  for (let count = 0; count < 500; count++) {
    const scope = {type: 'resource', resource: `https://a.example/${count}`} as const;
    await store.clear([{type: 'scope', scope}], {action: 'remove', through: false, exact: false});
  }
  expect(await store.size()).toEqual({count: 0, bytes: 0});
  // Each ends by giving pages back.
  const sweeps = asked.mock.calls.filter(([sql]) => sql.includes('incremental_vacuum'));
  expect(sweeps.length).toBeLessThan(100);
});
