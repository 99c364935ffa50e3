// The suite in a page of Debian's Chromium.

import {join} from 'node:path';
import {bundled, launch} from '@limpid/chromium';
import type {Outcome} from './testing.ts';

export async function inChromium(origin: string): Promise<readonly Outcome[]> {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/page`);
    await page.addScriptTag({type: 'module', content: await bundled(join(import.meta.dirname, 'on-page.ts'))});
    return await page.evaluate(() => (globalThis as unknown as {run(): Promise<readonly Outcome[]>}).run());
  } finally {
    await browser.close();
  }
}
