// Debian's Chromium for tests, and programs bundled for its pages and workers.

import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Browser, type BrowserContext, chromium, type Page} from 'playwright-core';
import {build} from 'vite';

export type {Browser, BrowserContext, Page};

const options = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-sync',
    // Names on loopback, whose pages are no secure contexts, as those of 127.0.0.1 are.
    '--host-resolver-rules=MAP *.example 127.0.0.1',
  ],
};

/** A browser; each of its contexts is a private window. Rejects when Chromium is not there. */
export const launch = (): Promise<Browser> => chromium.launch(options);

/** A window that is not private, with further arguments. What it keeps goes with the process of the test. */
export async function launchWindow(args: readonly string[] = []): Promise<BrowserContext> {
  const profile = mkdtempSync(join(tmpdir(), 'limpid-profile-'));
  const context = await chromium.launchPersistentContext(profile, {...options, args: [...options.args, ...args]});
  // The browser may still be writing into it.
  context.on('close', () => setTimeout(() => rmSync(profile, {recursive: true, force: true, maxRetries: 10}), 100));
  return context;
}

/** A program with all it imports, as one module; `conditions` as for Node's `--conditions`. */
export async function bundled(program: string, conditions: readonly string[] = []): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'limpid-bundle-'));
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      resolve: {conditions: [...conditions, 'module', 'browser', 'import', 'default']},
      build: {
        outDir: folder,
        emptyOutDir: true,
        minify: false,
        target: 'esnext',
        lib: {entry: program, formats: ['es'], fileName: () => 'bundle.js'},
      },
    });
    return readFileSync(join(folder, 'bundle.js'), 'utf8');
  } finally {
    rmSync(folder, {recursive: true});
  }
}
