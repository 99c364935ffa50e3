import {DatabaseSync} from 'node:sqlite';
import {expect, onTestFinished, test} from 'vitest';
import {newFile, storeAt} from './place.ts';

test('of resources that were asked for end to end, no more are remembered than are looked through', async () => {
  const file = newFile();
  const store = storeAt(file);
  const database = new DatabaseSync(file);
  onTestFinished(() => database.close());
  // As many as there may be, and none of them young.
  database.exec(`
    INSERT INTO reached
    WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 10000)
    SELECT 'https://a.example/' || number, 1, ${Date.now() - 60_000} + number FROM numbers`);
  await store.clear([{type: 'scope', scope: {type: 'origin', origin: 'https://b.example'}}], {
    action: 'remove',
    through: true,
    exact: false,
  });
  await store.size();
  const began = await store.tick();
  for (let count = 0; count < 1000; count++) {
    const resource = `https://b.example/${count}`;
    expect(await store.through(resource, resource)).toBe(began);
    await store.reached(resource, resource, began);
    expect(await store.through(resource, resource)).toBeUndefined();
  }
  const {rows} = database.prepare('SELECT count(*) AS rows FROM reached').get() ?? {};
  expect(Number(rows)).toBeLessThan(10_300);
  expect(await store.through('https://b.example/0', 'https://b.example/0')).toBeUndefined();
});
