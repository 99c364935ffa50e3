// Tabs and a worker that request, clear and expire at random, and a judge: no request that begins after a clear was over is given what
// was generated before it began.

import {type Browser, launch, type Page} from '@limpid/chromium';
import {afterAll, beforeAll, expect, onTestFinished, test, vi} from 'vitest';
import {type Place, startPlace} from './place.ts';
import type {Opened} from './program.ts';

/** Instants are milliseconds since the epoch; clocks of different processes differ by less than this. */
const skew = 2;

type Operation = {readonly start: number; readonly end: number} & (
  | {readonly type: 'request'; readonly path: string; readonly number: number; readonly isHit: boolean}
  | {readonly type: 'clear'; readonly what: string}
);

let place: Place;
let browser: Browser;

beforeAll(async () => {
  place = await startPlace();
  browser = await launch();
}, 120_000);

afterAll(async () => {
  await browser.close();
  place.stop();
});

/** To repeat a history, or for a longer one: `SEED=5 STEPS=10000 npx vitest run --project browser histories`. */
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const steps = Number(process.env.STEPS ?? 150);

type Life = {readonly seed: number; readonly steps: number; readonly stale: boolean};

/** Runs in a page or a worker. `stale`: what was looked up is believed for a while, which must be noticed. */
async function live({seed: first, steps: count, stale}: Life): Promise<Operation[]> {
  const {opened} = globalThis as unknown as {opened: (options: object, sends: object) => Opened};
  const {cache, get, store, statusOf} = opened({name: 'histories'}, {transport: 'no-store'});
  if (stale) {
    const known = new Map<string, {readonly until: number; readonly found: Awaited<ReturnType<typeof store.lookup>>}>();
    const bodies = new Map<string, Uint8Array>();
    const [lookup, body] = [store.lookup.bind(store), store.body.bind(store)];
    store.lookup = async (resource, url) => {
      const last = known.get(url);
      if (last !== undefined && last.until > performance.now()) return last.found;
      const found = await lookup(resource, url);
      if (found.candidates.length > 0) known.set(url, {until: performance.now() + 500, found});
      return found;
    };
    store.body = async stored => {
      const kept = bodies.get(stored.id) ?? (await body(stored));
      if (kept instanceof Uint8Array) bodies.set(stored.id, kept);
      return kept;
    };
  }
  let state = first;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const now = (): number => performance.timeOrigin + performance.now();
  const operations: Operation[] = [];
  const selections = {all: {all: true}, tag: {tag: 't'}, prefix: {prefix: `${location.origin}/history/`}} as const;

  const request = async (): Promise<void> => {
    const path = `/history/${random(8)}`;
    const start = now();
    const response = await get(new URL(path, location.origin));
    const number = Number((await response.text()).slice('answer '.length));
    operations.push({type: 'request', path, number, isHit: statusOf(response)?.hit === true, start, end: now()});
  };
  const clear = async (): Promise<void> => {
    const name = (['all', 'tag', 'prefix', 'url'] as const)[random(4)] ?? 'all';
    const url = `/history/${random(8)}`;
    const what = name === 'url' ? new URL(url, location.origin).href : selections[name];
    const start = now();
    await (random(2) === 0 ? cache.clear(what) : cache.expire(what));
    operations.push({type: 'clear', what: name === 'url' ? url : '/history/', start, end: now()});
  };
  const worker = async (): Promise<void> => {
    for (let step = 0; step < count; step++) await (random(15) === 0 ? clear() : request());
  };
  await Promise.all([worker(), worker(), worker()]);
  return operations;
}

function violationsIn(operations: readonly Operation[]): readonly string[] {
  const clears = operations.filter(one => one.type === 'clear');
  return operations.flatMap(one => {
    if (one.type !== 'request') return [];
    const at = place.generatedAt[one.number] ?? Number.NaN;
    const broken = clears.find(
      ({what, start, end}) => one.path.startsWith(what) && one.start > end + skew && at < start - skew,
    );
    return broken === undefined ? [] : [`${JSON.stringify(one)}, generated at ${at}, after ${JSON.stringify(broken)}`];
  });
}

async function history(stale: boolean): Promise<readonly Operation[]> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const tabs: Page[] = [];
  for (let tab = 0; tab < 3; tab++) {
    const page = await context.newPage();
    await page.goto(place.url);
    await page.waitForFunction(() => 'opened' in globalThis);
    tabs.push(page);
  }
  const [first] = tabs;
  await first?.evaluate(() => void new Worker('/worker.js', {type: 'module'}));
  const worker = await vi.waitUntil(() => first?.workers()[0]);
  await expect.poll(() => worker.evaluate(() => 'opened' in globalThis)).toBe(true);
  const lives = tabs.map((tab, at) => tab.evaluate(live, {seed: seed + at, steps, stale: stale && at === 0}));
  lives.push(worker.evaluate(live, {seed: seed + tabs.length, steps, stale: false}));
  return (await Promise.all(lives)).flat();
}

test(`no tab is given what another has cleared, with the seed ${seed}`, {timeout: 120_000 + steps * 200}, async () => {
  const operations = await history(false);
  expect(violationsIn(operations)).toEqual([]);
  expect(operations.filter(one => one.type === 'request' && one.isHit).length).toBeGreaterThan(100);
  expect(operations.filter(({type}) => type === 'clear').length).toBeGreaterThan(20);
});

test(`a tab that believes what it saw is caught, with the seed ${seed}`, {timeout: 120_000 + steps * 200}, async () => {
  expect(violationsIn(await history(true)).length).toBeGreaterThan(0);
});
