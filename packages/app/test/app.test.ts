// The page as somebody uses it: by mouse, by keyboard, and in two tabs.

import {type Browser, type BrowserContext, launch, type Page} from '@limpid/chromium';
import {createServer, type ViteDevServer} from 'vite';
import {afterAll, beforeAll, expect, onTestFinished, test} from 'vitest';

let server: ViteDevServer;
let browser: Browser;
let url: string;

beforeAll(async () => {
  server = await createServer({
    root: `${import.meta.dirname}/..`,
    logLevel: 'error',
    server: {port: 0, host: '127.0.0.1', hmr: false},
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  url = `http://127.0.0.1:${address.port}/`;
  browser = await launch();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
});

async function window(): Promise<BrowserContext> {
  const context = await browser.newContext({viewport: {width: 1200, height: 800}});
  onTestFinished(() => context.close());
  return context;
}

async function opened(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', {name: 'GET /api/users'}).waitFor();
  return page;
}

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', {name, exact: true}).click();

/** What the newest line of the log says. */
const newest = (page: Page): Promise<string> => page.locator('#rows tr').first().innerText();

async function pressed(page: Page, name: string): Promise<string> {
  const before = await page.locator('#rows tr').count();
  await press(page, name);
  // A browser asks again by each connection that it had open.
  await expect.poll(() => page.locator('#rows tr').count(), {timeout: 5_000}).toBe(before + 1);
  return newest(page);
}

test('shows a miss, a hit, a validation, and what a clear does, with reasons', async () => {
  const page = await opened(await window());
  const failures: string[] = [];
  page.on('pageerror', error => failures.push(error.message));
  expect(await pressed(page, 'GET /api/users')).toMatch(/the network[\s\S]*uri-miss/);
  expect(await pressed(page, 'GET /api/users')).toMatch(/the cache[\s\S]*hit/);
  expect(await pressed(page, 'Expire the tag users')).toBe('expired: the tag users');
  await expect.poll(() => page.locator('#entries').innerText()).toContain('stale');
  expect(await pressed(page, 'GET /api/users')).toMatch(/the cache, validated[\s\S]*fwd-status=304/);
  await pressed(page, 'GET /api/articles/1');
  await expect.poll(() => page.locator('#size').innerText()).toBe('2 responses.');
  await pressed(page, 'Clear /api/articles/*');
  await expect.poll(() => page.locator('#size').innerText()).toBe('1 response.');
  await pressed(page, 'POST /api/users');
  expect(await pressed(page, 'GET /api/users')).toMatch(/the network/);
  await pressed(page, 'Clear everything');
  await expect.poll(() => page.locator('#size').innerText()).toBe('0 responses.');
  expect(failures).toEqual([]);
});

test('a request that fails is shown, and so is why', async () => {
  const page = await opened(await window());
  expect(await pressed(page, 'GET /api/broken')).toMatch(/GET \/api\/broken\s+nobody[\s\S]*Error/);
  await expect.poll(() => page.locator('.lane.failed .bar').count()).toBe(1);
});

test('the timeline shows what happened when', async () => {
  const context = await window();
  await context.clock.install();
  const page = await opened(context);
  await pressed(page, 'GET /api/users');
  await pressed(page, 'GET /api/users');
  await pressed(page, 'Expire everything');
  await pressed(page, 'GET /api/users');
  const left = (lane: string): Promise<number> =>
    page.locator(lane).evaluate(bar => Number.parseFloat((bar as HTMLElement).style.left));
  const places = async (): Promise<readonly number[]> => [
    await left('.lane.network .bar'),
    await left('.lane.hit .bar'),
    await left('.mark'),
    await left('.lane.validated .bar'),
  ];
  const before = await places();
  expect(before).toEqual(before.toSorted((a, b) => a - b));
  expect(await page.locator('.lane.network .bar').getAttribute('title')).toMatch(/^GET \/api\/users, \d+ ms$/);
  await page.clock.runFor(10_000);
  for (const [at, place] of (await places()).entries()) expect(place).toBeLessThan((before[at] ?? 0) - 30);
  await page.clock.runFor(30_000);
  await expect.poll(() => page.locator('.bar, .mark').count()).toBe(0);
});

test.each([
  ['Clear everything', 'cleared: everything', 'the network'],
  ['Clear the tag users', 'cleared: the tag users', 'the network'],
  ['Clear /api/articles/*', 'cleared: /api/articles/*', 'the cache'],
  ['Expire everything', 'expired: everything', 'validated'],
  ['Expire the tag users', 'expired: the tag users', 'validated'],
  ['Expire /api/articles/*', 'expired: /api/articles/*', 'the cache'],
])('%s in one tab holds in the other, which says so', async (name, said, answeredBy) => {
  const context = await window();
  const [one, other] = [await opened(context), await opened(context)];
  await pressed(one, 'GET /api/users');
  expect(await pressed(other, 'GET /api/users')).toContain('the cache');
  await pressed(other, 'GET /api/articles/1');
  await one.getByLabel('past the browser’s own cache, too').check();
  await pressed(one, name);
  await expect.poll(() => newest(other)).toBe(`${said}, in another tab`);
  expect(await pressed(other, 'GET /api/users')).toContain(answeredBy);
  const isArticles = !said.includes('users');
  expect(/the cache(?!, validated)/.test(await pressed(other, 'GET /api/articles/1'))).toBe(!isArticles);
});

test('can be used by keyboard alone', async () => {
  const page = await opened(await window());
  const outline = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
  const reach = async (name: string): Promise<void> => {
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
    for (let tabs = 0; tabs < 20 && (await focused()) !== name; tabs++) await page.keyboard.press('Tab');
    expect(await focused()).toBe(name);
    expect(await outline()).toBe('solid');
    await page.keyboard.press('Enter');
  };
  await reach('GET /api/users');
  await expect.poll(() => newest(page)).toContain('the network');
  await reach('Expire the tag users');
  await expect.poll(() => newest(page)).toBe('expired: the tag users');
  await reach('Expire /api/articles/*');
  await expect.poll(() => newest(page)).toBe('expired: /api/articles/*');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  expect(await page.getByLabel('past the browser’s own cache, too').isChecked()).toBe(true);
});

test.each(['light', 'dark'] as const)('is readable in %s', async scheme => {
  const context = await browser.newContext({colorScheme: scheme, viewport: {width: 1200, height: 1040}});
  onTestFinished(() => context.close());
  const page = await opened(context);
  const names = ['GET /api/articles/1', 'GET /api/broken', 'GET /api/users', 'GET /api/users', 'Expire the tag users'];
  for (const name of [...names, 'GET /api/users']) await pressed(page, name);
  if (process.env.SCREENSHOTS !== undefined) await page.screenshot({path: `${process.env.SCREENSHOTS}/${scheme}.png`});
  const contrasts = await page.evaluate(contrastsOfText);
  expect(contrasts.length).toBeGreaterThan(20);
  expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
  const [red = 0] = await page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D;
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data);
  });
  expect(red < 128 ? 'dark' : 'light').toBe(scheme);
});

/** The contrast of each text with what lies behind it (WCAG 2.2, 1.4.3). Runs in the page. */
function contrastsOfText(): readonly number[] {
  const luminance = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(part => {
      const value = Number(part) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)';
    const {backgroundColor} = getComputedStyle(element);
    return /rgba\(.*, 0\)/.test(backgroundColor) ? behind(element.parentElement) : backgroundColor;
  };
  return [...document.querySelectorAll('h1, h2, p, button, label, td, th, li, code, small')].map(element => {
    const [one, other] = [getComputedStyle(element).color, behind(element)].map(luminance);
    const [light, dark] = [Math.max(one ?? 0, other ?? 0), Math.min(one ?? 0, other ?? 0)];
    return (light + 0.05) / (dark + 0.05);
  });
}
