// The store where it lives: tabs, a service worker, little room, and private windows of a real Chromium.

import {type Browser, type BrowserContext, launch, launchWindow, type Page} from '@limpid/chromium';
import {afterAll, beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest';
import {type Place, startPlace} from './place.ts';
import type {Opened} from './program.ts';
import type {Wish} from './worker.ts';

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

async function inWindow(kind: 'private' | 'ordinary'): Promise<BrowserContext> {
  const context = kind === 'private' ? await browser.newContext() : await launchWindow();
  onTestFinished(() => context.close());
  return context;
}

async function tabIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(place.url);
  await page.waitForFunction(() => 'limpid' in globalThis);
  return page;
}

const text = (tab: Page, path: string): Promise<string> => tab.evaluate(asked => limpid.text(asked), path);
const isHit = (tab: Page, path: string): Promise<boolean | undefined> =>
  tab.evaluate(asked => limpid.isHit(asked), path);

test.each(['blob', 'text', 'arrayBuffer'] as const)(
  'a long hit is whole by %s, whatever garbage is collected meanwhile',
  async method => {
    const context = await launchWindow(['--js-flags=--expose-gc']);
    onTestFinished(() => context.close());
    const tab = await tabIn(context);
    await text(tab, '/long?bytes=6000000');
    const lengths = await tab.evaluate(async name => {
      const {gc} = globalThis as unknown as {gc: (how: {type: 'minor'}) => void};
      const collecting = setInterval(() => gc({type: 'minor'}), 5);
      const lengthOfHit = async (): Promise<number> => {
        const response = await limpid.get(new URL('/long?bytes=6000000', location.origin));
        if (limpid.statusOf(response)?.hit !== true) throw new Error('it was no hit');
        return new Blob([await response[name]()]).size;
      };
      const read = [await lengthOfHit(), await lengthOfHit()];
      clearInterval(collecting);
      return read;
    }, method);
    expect(lengths).toEqual([6_000_000, 6_000_000]);
  },
);

test('a long body whose file is lost, or cut short, comes from the network', async () => {
  const tab = await tabIn(await inWindow('private'));
  const path = '/lost?bytes=300000';
  const stored = await text(tab, path);
  expect(await isHit(tab, path)).toBe(true);
  await tab.evaluate(() => {
    // What Chromium does when it comes to read what is not there.
    Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException('The file cannot be read', 'NotReadableError'));
  });
  const [read, detail] = await tab.evaluate(async asked => {
    const response = await limpid.get(new URL(asked, location.origin));
    return [await response.text(), limpid.statusOf(response)?.detail];
  }, path);
  expect([read, detail]).toEqual([stored, 'body-gone']);
  expect(await tab.evaluate(() => limpid.errors)).toEqual([expect.stringContaining('NotReadableError')]);
});

test('an answer without content is a hit, though Chromium gives it an empty body', async () => {
  const tab = await tabIn(await inWindow('private'));
  expect(await text(tab, '/none?status=204')).toBe('');
  expect(await isHit(tab, '/none?status=204')).toBe(true);
});

describe.each(['private', 'ordinary'] as const)('in a %s window', kind => {
  test('what one tab stores another hits, and so does it after a reload, also offline', async () => {
    const context = await inWindow(kind);
    const [one, other] = [await tabIn(context), await tabIn(context)];
    const first = await text(one, '/shared');
    expect(await text(other, '/shared')).toBe(first);
    expect(await isHit(other, '/shared')).toBe(true);
    await other.reload();
    await other.waitForFunction(() => 'limpid' in globalThis);
    await context.setOffline(true);
    expect(await text(other, '/shared')).toBe(first);
  });

  test.each([
    ['everything', '{"all":true}'],
    ['a tag', '{"tag":"t"}'],
    ['a prefix', '{"prefix":"/"}'],
  ])('a clear of %s in one tab holds in the other', async (_, selection) => {
    const context = await inWindow(kind);
    const [one, other] = [await tabIn(context), await tabIn(context)];
    const before = await text(one, '/cleared');
    expect(await text(other, '/cleared')).toBe(before);
    const what = selection.replace('"/"', JSON.stringify(`${place.url}/`));
    await one.evaluate(said => limpid.cache.clear(JSON.parse(said), {through: true}), what);
    expect(await isHit(other, '/cleared')).toBe(false);
    const after = await text(other, '/cleared');
    expect(after).not.toBe(before);
    expect(await text(one, '/cleared')).toBe(after);
    await other.evaluate(said => limpid.cache.expire(JSON.parse(said), {through: true}), what);
    expect(await text(one, '/cleared')).not.toBe(after);
  });
});

test.each([
  ['everything', '{"all":true}'],
  ['a tag', '{"tag":"t"}'],
])('a clear of %s fences what another tab has under way', async (_, selection) => {
  const context = await inWindow('private');
  const [one, other] = [await tabIn(context), await tabIn(context)];
  place.asked.length = 0;
  const slow = text(one, '/under-way?slow');
  // Not before: a request that begins after the clear has nothing to fear from it.
  await vi.waitUntil(() => place.asked.length > 0);
  await other.evaluate(said => limpid.cache.clear(JSON.parse(said), {through: true}), selection);
  await slow;
  expect(await isHit(other, '/under-way?slow')).toBe(false);
});

test('without `through`, the browser’s own cache may answer after a clear', async () => {
  const tab = await tabIn(await inWindow('private'));
  const before = await text(tab, '/below');
  await tab.evaluate(() => limpid.cache.clear());
  expect(await isHit(tab, '/below')).toBe(false);
  expect(await text(tab, '/below')).toBe(before);
  await tab.evaluate(() => limpid.cache.clear({all: true}, {through: true}));
  expect(await text(tab, '/below')).not.toBe(before);
});

test('of five tabs that need the same at once, one asks', async () => {
  const context = await inWindow('private');
  const tabs = await Promise.all(Array.from({length: 5}, () => tabIn(context)));
  const before = place.count();
  const texts = await Promise.all(tabs.map(tab => text(tab, '/cold?slow')));
  expect(new Set(texts).size).toBe(1);
  expect(place.count()).toBe(before + 1);
});

test('of five tabs that have the same stale response, one validates it', async () => {
  const context = await inWindow('private');
  const first = await tabIn(context);
  const tabs = [first, ...(await Promise.all(Array.from({length: 4}, () => tabIn(context))))];
  const before = await text(first, '/stale?slow&etag');
  for (const tab of tabs) expect(await text(tab, '/stale?slow&etag')).toBe(before);
  await first.evaluate(() => limpid.cache.expire({all: true}));
  place.asked.length = 0;
  expect(new Set(await Promise.all(tabs.map(tab => text(tab, '/stale?slow&etag'))))).toEqual(new Set([before]));
  expect(place.asked).toEqual(['GET if-none-match']);
});

test('a dedicated worker shares what its page has, and clears reach both ways', async () => {
  const tab = await tabIn(await inWindow('private'));
  const worker = await tab.evaluateHandle(() => new Worker('/worker.js', {type: 'module'}));
  const ask = (...wish: Wish): Promise<unknown> =>
    worker.evaluate(
      (asked, said) =>
        new Promise(resolve => {
          asked.addEventListener('message', ({data}) => resolve(data), {once: true});
          asked.postMessage(said);
        }),
      wish,
    );
  let before = await text(tab, '/both');
  for (const action of ['clear', 'expire'] as const) {
    expect(await ask('text', '/both')).toBe(before);
    await tab.evaluate(name => limpid.cache[name]({tag: 't'}, {through: true}), action);
    const after = await ask('text', '/both');
    expect(after).not.toBe(before);
    expect(await isHit(tab, '/both')).toBe(true);
    await ask(action, '{"tag":"t"}');
    expect(await isHit(tab, '/both')).toBe(false);
    before = await text(tab, '/both');
    expect(before).not.toBe(after);
  }
});

test('a service worker hands hits on whole, and a page’s clear reaches it', async () => {
  const context = await inWindow('ordinary');
  const tab = await tabIn(context);
  await tab.evaluate(async () => {
    await navigator.serviceWorker.register('/service-worker.js', {type: 'module'});
    await navigator.serviceWorker.ready;
    while (navigator.serviceWorker.controller === null) await new Promise(resolve => setTimeout(resolve, 10));
  });
  const read = (path: string): Promise<string> => tab.evaluate(async asked => (await fetch(asked)).text(), path);
  const path = '/worked/whole?bytes=400000';
  const first = await read(path);
  expect(first.length).toBe(400_000);
  const before = place.count();
  await expect.poll(() => read(path)).toBe(first);
  expect(place.count()).toBe(before);
  await tab.evaluate(() => limpid.cache.clear({all: true}, {through: true}));
  const second = await read(path);
  expect(second).not.toBe(first);
  await tab.evaluate(() => limpid.cache.expire({tag: 't'}, {through: true}));
  const third = await read(path);
  expect(third).not.toBe(second);
  // What a page has of its own goes when the worker says so.
  expect(await isHit(tab, path)).toBe(true);
  const done = await tab.evaluate(
    () =>
      new Promise(resolve => {
        navigator.serviceWorker.addEventListener('message', ({data}) => resolve(data), {once: true});
        navigator.serviceWorker.controller?.postMessage('expire');
      }),
  );
  expect(done).toEqual(['expired']);
  expect(await isHit(tab, path)).toBe(false);
});

test('a page on plain http, without Web Locks and WebCrypto, has all but credentials in common with other tabs', async () => {
  const context = await inWindow('private');
  const opened = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(place.url.replace('127.0.0.1', 'plain.example'));
    await page.waitForFunction(() => 'limpid' in globalThis);
    return page;
  };
  const [one, other] = [await opened(), await opened()];
  expect(await one.evaluate(() => [isSecureContext, 'locks' in navigator, crypto.subtle])).toEqual([
    false,
    false,
    undefined,
  ]);
  const before = await text(one, '/plain');
  expect(await isHit(other, '/plain')).toBe(true);
  await one.evaluate(() => limpid.cache.clear({tag: 't'}, {through: true}));
  expect(await isHit(other, '/plain')).toBe(false);
  expect(await text(one, '/plain')).not.toBe(before);

  const ofAlice = (page: Page): Promise<boolean | undefined> =>
    page.evaluate(async () => {
      const response = await limpid.get('/own', {headers: {authorization: 'Bearer alice'}});
      await response.text();
      await limpid.cache.idle();
      return limpid.statusOf(response)?.hit;
    });
  expect([await ofAlice(one), await ofAlice(one), await ofAlice(other)]).toEqual([false, true, false]);
  const kept = await one.evaluate(async () => JSON.stringify(await Array.fromAsync(limpid.cache.entries({all: true}))));
  expect(kept).not.toContain('alice');
  await other.evaluate(() => limpid.cache.clear());
  expect(await ofAlice(one)).toBe(false);
});

test('long bodies come back whole, as streams', async () => {
  const tab = await tabIn(await inWindow('private'));
  const read = await tab.evaluate(async () => {
    const path = '/long?bytes=12000000';
    const first = await limpid.text(path);
    const [stored] = await limpid.store.list(new URL(path, location.origin).href);
    const body = stored && (await limpid.store.body(stored));
    return {isStream: body instanceof ReadableStream, isSame: (await limpid.text(path)) === first};
  });
  expect(read).toEqual({isStream: true, isSame: true});
});

test('a tab that is closed while it writes leaves nothing half', async () => {
  const context = await inWindow('private');
  const other = await tabIn(context);
  for (let round = 0; round < 5; round++) {
    const one = await tabIn(context);
    void one.evaluate(asked => limpid.text(asked), `/closed/${round}?bytes=12000000`).catch(() => undefined);
    await other.waitForTimeout(60 + round * 40);
    await one.close();
    const kept = await other.evaluate(async () => {
      const sizes: number[] = [];
      for await (const stored of limpid.store.entries([{type: 'scope', scope: {type: 'all'}}])) {
        const body = await limpid.store.body(stored);
        sizes.push((await new Response(body as BodyInit).arrayBuffer()).byteLength - stored.size);
      }
      return {sizes, ...(await limpid.store.size())};
    });
    expect(kept.sizes).toEqual(Array.from({length: kept.count}, () => 0));
    expect(kept.bytes).toBe(kept.count * 12_000_000);
  }
});

test('where the browser gives no more room, requests are answered, and an event tells', async () => {
  const context = await inWindow('private');
  const tab = await tabIn(context);
  const session = await context.newCDPSession(tab);
  await session.send('Storage.overrideQuotaForOrigin', {origin: place.url, quotaSize: 6_000_000});
  for (let path = 0; path < 12; path++) {
    expect((await text(tab, `/room/${path}?bytes=2000000`)).length).toBe(2_000_000);
  }
  await session.send('Storage.overrideQuotaForOrigin', {origin: place.url, quotaSize: 10_000});
  // The browser goes on for a while by what it knew of the room there was.
  const errors = (): Promise<readonly string[]> => tab.evaluate(() => limpid.errors);
  const before = (await errors()).length;
  for (let path = 0; path < 6; path++) {
    expect((await text(tab, `/room/no/${path}?bytes=2000000`)).length).toBe(2_000_000);
  }
  const told = await errors();
  expect(told.length).toBeGreaterThan(before);
  expect(told.filter(error => !error.includes('no more room'))).toEqual([]);
  await tab.evaluate(async () => limpid.cache.clear({prefix: new URL('/room/', location.origin).href}));
  await tab.evaluate(async () => limpid.cache.clear());
  expect(await tab.evaluate(async () => limpid.store.size())).toEqual({count: 0, bytes: 0});
  await session.send('Storage.overrideQuotaForOrigin', {origin: place.url});
  await text(tab, '/room/again');
  expect(await isHit(tab, '/room/again')).toBe(true);
});

test('what was used least recently goes first, within the bounds', async () => {
  const tab = await tabIn(await inWindow('private'));
  const left = await tab.evaluate(async () => {
    const {opened} = globalThis as unknown as {opened: (options: object) => Opened};
    const small = opened({name: 'small', maxBytes: 1_000_000});
    const evicted: string[] = [];
    small.cache.on('evict', ({url}: {readonly url: string}) => evicted.push(url));
    await small.text('/favourite?bytes=50000');
    for (let path = 0; path < 60; path++) {
      await small.text(`/small/${path}?bytes=50000`);
      await small.text('/favourite?bytes=50000');
    }
    return {
      ...(await small.store.size()),
      isThere: await small.isHit('/favourite?bytes=50000'),
      evicted: evicted.length,
    };
  });
  expect(left.bytes).toBeLessThan(1_000_000);
  expect(left.count).toBeGreaterThan(10);
  expect(left.isThere).toBe(true);
  expect(left.evicted).toBe(61 - left.count);
});

test('a resource has at most 128 responses', async () => {
  const tab = await tabIn(await inWindow('private'));
  const kept = await tab.evaluate(async () => {
    const url = new URL('/variants?vary', location.origin);
    for (let lang = 0; lang < 134; lang++) {
      await (await limpid.get(url, {headers: {'x-lang': String(lang)}})).text();
      await limpid.cache.idle();
    }
    const hits = async (lang: number): Promise<boolean | undefined> =>
      limpid.statusOf(await limpid.get(url, {headers: {'x-lang': String(lang)}}))?.hit;
    return {count: (await limpid.store.list(url.href)).length, last: await hits(133), first: await hits(0)};
  });
  expect(kept).toEqual({count: 128, last: true, first: false});
});

test('a database that is deleted is begun anew', async () => {
  const tab = await tabIn(await inWindow('private'));
  const first = await text(tab, '/deleted');
  await tab.evaluate(
    () =>
      new Promise(resolve => {
        indexedDB.deleteDatabase('limpid').onsuccess = resolve;
      }),
  );
  expect(await isHit(tab, '/deleted')).toBe(false);
  expect(await text(tab, '/deleted')).toBe(first);
  expect(await isHit(tab, '/deleted')).toBe(true);
});

test('a database of a later version is refused, and left as it is', async () => {
  const tab = await tabIn(await inWindow('private'));
  const causes = await tab.evaluate(async () => {
    await new Promise(resolve => {
      indexedDB.open('later', 99).onsuccess = resolve;
    });
    const {opened} = globalThis as unknown as {opened: (options: object) => Opened};
    const later = opened({name: 'later'});
    await later.text('/later');
    return later.errors.join();
  });
  expect(causes).toContain('the database later is of a later version of @limpid/browser');
});
