// The suite in a worker, run by miniflare.

import {join} from 'node:path';
import {bundled} from '@limpid/chromium';
import {Miniflare} from 'miniflare';
import type {Outcome} from './testing.ts';

export async function inWorkerd(origin: string): Promise<readonly Outcome[]> {
  const worker = new Miniflare({
    modules: [
      {type: 'ESModule', path: 'worker.js', contents: await bundled(join(import.meta.dirname, 'on-worker.ts'))},
    ],
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
