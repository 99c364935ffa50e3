// Runs in Node, Bun or Deno: node on-server.ts <origin>. Prints the outcomes as JSON.

import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {SqliteStore} from '@limpid/sqlite';
import {storeContract} from 'limpid/store-contract';
import {servedBy} from './serving.ts';
import {suite} from './suite.ts';

const [origin = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'limpid-runtimes-'));
let files = 0;
const tests = suite({origin, served: servedBy});
const open = (maxBytes: number): SqliteStore => new SqliteStore({file: join(folder, `${++files}.db`), maxBytes});
tests.describe('sqlite', () => storeContract(tests, () => open(64 * 1024 ** 2), {bounded: open}));
const outcomes = await tests.run();
rmSync(folder, {recursive: true});
console.log(JSON.stringify(outcomes));
process.exit();
