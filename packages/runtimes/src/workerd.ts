// The suite in a worker, run by miniflare.

import {join} from 'node:path';
import {bundled} from '@limpid/chromium';
import {Miniflare} from 'miniflare';
import type {Outcome} from './testing.ts';

/** Workers have WeakRef and FinalizationRegistry from a compatibility date of May 2025 on: the suite holds without them. */
export const inOlderWorkerd = (origin: string): Promise<readonly Outcome[]> => inWorkerd(origin, '2025-04-01');

export async function inWorkerd(origin: string, compatibilityDate = '2026-07-01'): Promise<readonly Outcome[]> {
  const worker = new Miniflare({
    modules: [
      {type: 'ESModule', path: 'worker.js', contents: await bundled(join(import.meta.dirname, 'on-worker.ts'))},
    ],
    compatibilityDate,
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
