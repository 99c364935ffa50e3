// What an application's bundle gains by limpid: minified and compressed, without anything only Node has.

import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {build} from 'vite';
import {workspaceRoot} from './source.ts';
import {Report} from './steps.ts';

/** What is imported, and how much it may come to, in bytes. A limit is what is reached, and some air. */
const imports: ReadonlyArray<{readonly name: string; readonly code: string; readonly limit: number}> = [
  {
    name: 'limpid and @limpid/fetch',
    code: "export {HttpCache} from 'limpid'; export {cachedFetch} from '@limpid/fetch';",
    limit: 51_250,
  },
  {
    name: 'limpid, @limpid/fetch and @limpid/browser',
    code: "export {HttpCache} from 'limpid'; export {cachedFetch} from '@limpid/fetch'; export {IndexedDbStore} from '@limpid/browser';",
    limit: 57_250,
  },
  // What is not imported stays out.
  {name: 'cacheStatus alone', code: "export {cacheStatus} from 'limpid';", limit: 5_000},
  // All there is, for what it reaches; nobody imports that much.
  {
    name: 'everything of limpid, @limpid/fetch and @limpid/browser',
    code: ['limpid', 'limpid/ky', 'limpid/adapter', 'limpid/store', '@limpid/fetch', '@limpid/browser']
      .map((entry, at) => `export * as all${at} from '${entry}';`)
      .join(' '),
    limit: 70_250,
  },
];

async function bundled(code: string): Promise<string> {
  const place = join(workspaceRoot, 'node_modules', '.size');
  mkdirSync(place, {recursive: true});
  const folder = mkdtempSync(join(place, 'bundle-'));
  const entry = join(folder, 'entry.js');
  writeFileSync(entry, code);
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      root: folder,
      build: {
        outDir: join(folder, 'out'),
        target: 'esnext',
        modulePreload: false,
        rolldownOptions: {input: entry, preserveEntrySignatures: 'strict', output: {entryFileNames: 'bundle.js'}},
      },
    });
    return readFileSync(join(folder, 'out', 'bundle.js'), 'utf8');
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** Whatever a bundler found no place for, or stands in for what browsers lack. */
const platform =
  /(?:from|import\(?|require\()\s*["'`](?:node:[\w/]+|[a-z@][\w./-]*)["'`]|__vite-browser-external|getBuiltinModule/;

const readme = readFileSync(join(workspaceRoot, 'README.md'), 'utf8');
const told = /\*\*Size:\*\* (?<size>\d+) kB with `@limpid\/fetch`/.exec(readme)?.groups?.size;

const report = new Report();
for (const {name, code, limit} of imports) {
  const bundle = await bundled(code);
  const size = gzipSync(bundle, {level: 9}).byteLength;
  const outside = platform.exec(bundle)?.[0];
  report.add(`${name}: ${(size / 1000).toFixed(1)} kB, minified and gzipped`, [
    ...(size > limit ? [`more than ${limit / 1000} kB`] : []),
    ...(name === imports[0]?.name && Math.ceil(size / 1000) !== Number(told) ? [`README.md says ${told} kB`] : []),
    ...(outside === undefined ? [] : [`reaches outside: ${outside}`]),
  ]);
}
report.close('size');
