// The suite in a worker: bundled, and run by miniflare.

import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Miniflare} from 'miniflare';
import {build} from 'vite';
import type {Outcome} from './testing.ts';

const program = join(import.meta.dirname, 'on-worker.ts');

export async function inWorkerd(origin: string): Promise<readonly Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'limpid-workerd-'));
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: folder,
        emptyOutDir: true,
        minify: false,
        target: 'esnext',
        lib: {entry: program, formats: ['es'], fileName: () => 'worker.js'},
      },
    });
    return await outcomesOf(join(folder, 'worker.js'), origin);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

async function outcomesOf(bundle: string, origin: string): Promise<readonly Outcome[]> {
  const worker = new Miniflare({
    modules: [{type: 'ESModule', path: 'worker.js', contents: readFileSync(bundle, 'utf8')}],
    compatibilityDate: '2026-07-01',
    bindings: {ORIGIN: origin},
    serviceBindings: {SELF: 'suite'},
    name: 'suite',
  });
  try {
    const response = await worker.dispatchFetch('http://worker/suite');
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as readonly Outcome[];
  } finally {
    await worker.dispose();
  }
}
