// Asks through a cache on a disk that is full, or where it can only read, and tells what came of it. Runs in a mount
// namespace of its own, where it may mount; its arguments: a folder, and which trouble it is.

import {execFileSync} from 'node:child_process';
import {chmodSync, closeSync, openSync, writeSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {cachedFetch} from '@limpid/fetch';
import {HttpCache, isLimpidError} from 'limpid';
import {SqliteStore} from '../src/index.ts';

const [folder = '', trouble = ''] = process.argv.slice(2);
/** What becomes full in the middle of a body has room for few of them. */
const isOfLong = trouble === 'full-in-a-body';
const size = isOfLong ? 1_700_000 : 40_000;
/** As many as fill the disk; others fill what a few leave. */
const count = {'full-in-a-body': 8, 'filled by others': 5}[trouble] ?? 150;
let generated = 0;
const answer = (): string => `${String(++generated).padEnd(size, '.')}!`;
const server = createServer((_, response) => response.end(answer())).listen(0, '127.0.0.1');
await new Promise(resolve => server.once('listening', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const open = (): SqliteStore => new SqliteStore({file: join(folder, 'cache.db'), maxBytes: 100_000_000});

if (trouble === 'a read-only file') {
  // Without the rights of root, or it could be written all the same.
  await open().close();
  chmodSync(join(folder, 'cache.db'), 0o444);
} else execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${isOfLong ? 6 : 3}m`, 'tmpfs', folder]);
if (trouble === 'read-only') {
  await open().close();
  execFileSync('mount', ['-o', 'remount,ro', folder]);
}
const store = open();
const cache = new HttpCache({store, rules: [{ttl: '1h'}]});
const causes = new Set<string>();
cache.on('error', ({error}) => causes.add(String(((error as Error).cause as Error | undefined)?.message)));
const get = cachedFetch(cache);

/** Writes until there is no more room. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4096));
  } catch {
    closeSync(descriptor);
  }
}

/** Whether every answer is whole, and the numbers they were given. */
async function ask(): Promise<{readonly isWhole: boolean; readonly numbers: readonly number[]}> {
  const texts: string[] = [];
  for (let path = 0; path < count; path++) {
    texts.push(await (await get(`${url}/${path}`)).text());
    await cache.idle();
  }
  const isWhole = texts.every(text => text.length === size + 1 && text.endsWith('!'));
  return {isWhole, numbers: texts.map(Number.parseFloat)};
}

const before = await ask();
const newest = generated;
if (trouble === 'filled by others') fill(join(folder, 'other'));
const cleared = await cache.clear().then(
  () => 'done',
  (error: unknown) => (isLimpidError(error) ? error.code : String(error)),
);
const after = await ask();
const isStale = cleared === 'done' && after.numbers.some(number => number <= newest);
const known = new Set(after.numbers);
const isOfUse = (await ask()).numbers.some(number => known.has(number));
const isWhole = before.isWhole && after.isWhole;
process.stdout.write(JSON.stringify({isWhole, cleared, isStale, isOfUse, causes: [...causes]}));
server.closeAllConnections();
server.close();
await cache.close();
await store.close();
