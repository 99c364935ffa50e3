// Killed at any moment, the file holds whole bodies and no others, and a clear that was over stays over.

import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {expect, test} from 'vitest';
import {SqliteStore} from '../src/index.ts';
import {bodyFor} from './crash-bodies.ts';
import {allIn, newFile} from './place.ts';

const program = join(import.meta.dirname, 'crashing.ts');
const kills = 200;

/** Lets a writer run for a while, and kills it; resolves to the tick of the last clear it saw the end of. */
async function killed(file: string, run: number, after: number): Promise<number> {
  const child = spawn(process.execPath, ['--conditions=@limpid/source', '--no-warnings', program, file, String(run)]);
  let said = '';
  let wrong = '';
  child.stderr.on('data', chunk => {
    wrong += String(chunk);
  });
  const ended = once(child, 'close');
  const ready = new Promise<void>(resolve => {
    child.stdout.on('data', chunk => {
      said += String(chunk);
      if (said.startsWith('ready\n')) resolve();
    });
  });
  await Promise.race([ready, ended]);
  await new Promise(resolve => setTimeout(resolve, after));
  child.kill('SIGKILL');
  await ended;
  expect(wrong).toBe('');
  return Number([...said.matchAll(/^cleared (\d+)$/gm)].at(-1)?.[1] ?? 0);
}

test(`${kills} times`, {timeout: 300_000}, async () => {
  const file = newFile();
  let whole = 0;
  for (let run = 0; run < kills; run++) {
    const cleared = await killed(file, run, Math.random() * 60);
    const store = new SqliteStore({file, maxBytes: 12_000_000});
    const all = await allIn(store);
    for (const stored of all) {
      const body = await store.body(stored);
      if (body === undefined) throw new Error(`the body of ${stored.id} is missing`);
      const bytes = new Uint8Array(await new Response(body as BodyInit).arrayBuffer());
      const isWhole = Buffer.compare(bytes, bodyFor(stored.id)) === 0 && stored.size === bytes.byteLength;
      if (!isWhole) throw new Error(`the body of ${stored.id} is not what was stored`);
      const isCleared = stored.tags.includes('even') && stored.id.startsWith(`${run}-`) && stored.began < cleared;
      if (isCleared) throw new Error(`${stored.id} was cleared`);
      whole += 1;
    }
    expect(await store.size()).toMatchObject({count: all.length});
    await store.close();
  }
  expect(whole).toBeGreaterThan(kills);
});

test('what was cleared just before is not in the file any more, once it has been open again', async () => {
  const file = newFile();
  const secret = 'correct horse battery staple';
  const leaving = join(import.meta.dirname, 'leaving.ts');
  const child = spawn(process.execPath, ['--conditions=@limpid/source', '--no-warnings', leaving, file, secret]);
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  const isThere = (): boolean =>
    readdirSync(dirname(file)).some(name => readFileSync(join(dirname(file), name)).includes(secret));
  expect(isThere()).toBe(true);
  const store = new SqliteStore({file});
  expect(await allIn(store)).toEqual([]);
  const database = new DatabaseSync(file, {readOnly: true});
  await expect.poll(() => database.prepare('SELECT count(*) AS count FROM chunks').get()).toEqual({count: 0});
  await expect.poll(() => database.prepare('SELECT count(*) AS count FROM responses').get()).toEqual({count: 0});
  database.close();
  await store.close();
  expect(isThere()).toBe(false);
});
