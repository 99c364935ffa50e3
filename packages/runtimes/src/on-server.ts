// Runs in Node, Bun or Deno: node on-server.ts <origin>. Prints the outcomes as JSON.

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {cachedFetch} from '@limpid/fetch';
import {SqliteStore} from '@limpid/sqlite';
import {HttpCache} from 'limpid';
import {storeContract, storedResponse} from 'limpid/store-contract';
import {servedBy} from './serving.ts';
import {suite} from './suite.ts';
import {same} from './testing.ts';

const [origin = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'limpid-runtimes-'));
let files = 0;
const tests = suite({origin, served: servedBy, hasCaches: 'Deno' in globalThis});
const open = (maxBytes: number): SqliteStore => new SqliteStore({file: join(folder, `${++files}.db`), maxBytes});
tests.describe('sqlite', () => storeContract(tests, () => open(64 * 1024 ** 2), {bounded: open}));
tests.test('sqlite waits for the lock of who is making the file', async () => {
  const file = join(folder, `${++files}.db`);
  const other = new DatabaseSync(file);
  other.exec('BEGIN EXCLUSIVE');
  const store = new SqliteStore({file});
  setTimeout(() => other.close(), 100);
  same((await store.tick()) > 0, true, 'whether there is a counter');
  await store.close();
});
tests.test('sqlite makes room in a resource that many users have', async () => {
  const store = open(1_000_000);
  for (let user = 0; user < 200; user++) {
    const sink = store.put(storedResponse({partition: `user-${user}`, began: await store.tick()}));
    await sink.write(new Uint8Array(500));
    same(await sink.commit(), 'stored', 'the outcome of a put');
  }
  const {count} = await store.size();
  same(count > 64 && count < 200, true, `whether ${count} are as many as have room`);
  await store.close();
});
tests.test('sqlite sets a damaged file aside', async () => {
  const file = join(folder, `${++files}.db`);
  await new SqliteStore({file}).close();
  // All but the header, by which it is known to be ours.
  writeFileSync(file, readFileSync(file).fill(0xaa, 100));
  const store = new SqliteStore({file});
  let told = '';
  try {
    await store.tick();
  } catch (error) {
    told = String(error);
  }
  same(told.includes('is damaged; it was moved to'), true, 'whether it is said');
  same((await store.tick()) > 0, true, 'whether there is a counter');
  await store.close();
});
type Send = (input: string | Request, init?: RequestInit) => Promise<Response>;
tests.test('content is sent as it is without the cache, also where it is sent once more', async () => {
  const get = cachedFetch(new HttpCache({rules: [{for: {method: 'PATCH'}, methods: ['PATCH']}]}));
  for (const method of ['POST', 'PATCH'])
    for (const path of ['/said', '/moved'])
      for (const body of ['text', new URLSearchParams('a=1'), new Blob(['blob'])])
        for (const ask of [
          (send: Send) => send(`${origin}${path}`, {method, body}),
          (send: Send) => send(new Request(`${origin}${path}`, {method, body})),
        ])
          same(await (await ask(get)).text(), await (await ask(fetch)).text(), `${method} ${path}`);
});
tests.test('the Blob of an answer has the media type it has without the cache', async () => {
  const get = cachedFetch(new HttpCache());
  const {type} = await (await fetch(`${origin}/typed`)).blob();
  for (const what of ['a miss', 'a hit']) same((await (await get(`${origin}/typed`)).blob()).type, type, what);
});
const outcomes = await tests.run();
rmSync(folder, {recursive: true});
console.log(JSON.stringify(outcomes));
process.exit();
