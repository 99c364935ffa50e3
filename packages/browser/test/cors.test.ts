// Responses of another origin, of which a browser shows little, and the browser's own cache below.

import {type Browser, launch, type Page} from '@limpid/chromium';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {type Place, startPlace} from './place.ts';
import type {Opened} from './program.ts';

let place: Place;
let other: Place;
let browser: Browser;
let tab: Page;

beforeAll(async () => {
  [place, other] = await Promise.all([startPlace(), startPlace()]);
  browser = await launch();
}, 120_000);

afterAll(async () => {
  await browser.close();
  place.stop();
  other.stop();
});

beforeEach(async () => {
  tab = await (await browser.newContext()).newPage();
  await tab.goto(place.url);
  await tab.waitForFunction(() => 'limpid' in globalThis);
});

type Asked = {readonly url: string; readonly lang?: string};

/** What is answered, and whether from the cache. */
const read = (asked: Asked): Promise<{readonly text: string; readonly isHit: boolean | undefined}> =>
  tab.evaluate(async ({url, lang}) => {
    const response = await limpid.get(url, lang === undefined ? {} : {headers: {'x-lang': lang}});
    const text = await response.text();
    await limpid.cache.idle();
    return {text, isHit: limpid.statusOf(response)?.hit};
  }, asked);

test('a Vary that is hidden is guarded against: only requests with equal fields hit', async () => {
  const url = `${other.url}/hidden?vary`;
  const english = await read({url, lang: 'en'});
  expect(await read({url, lang: 'en'})).toEqual({text: english.text, isHit: true});
  const german = await read({url, lang: 'de'});
  expect(german).toEqual({text: expect.not.stringMatching(english.text), isHit: false});
  expect((await read({url})).isHit).toBe(false);
});

test('by axios, too', async () => {
  const url = `${other.url}/by-axios?vary`;
  const hits = await tab.evaluate(async asked => {
    const isHit = async (lang: string): Promise<boolean | undefined> => {
      const response = await limpid.http.get(asked, {headers: {'x-lang': lang}});
      await limpid.cache.idle();
      return limpid.statusOf(response)?.hit;
    };
    return [await isHit('en'), await isHit('en'), await isHit('de')];
  }, url);
  expect(hits).toEqual([false, true, false]);
});

test('one that is exposed tells which fields count', async () => {
  const url = `${other.url}/exposed?vary&exposed`;
  const {text} = await read({url, lang: 'en'});
  expect(await read({url, lang: 'en'})).toEqual({text, isHit: true});
  expect((await read({url, lang: 'de'})).isHit).toBe(false);
});

test('an opaque response is handed on, and never stored', async () => {
  const told = await tab.evaluate(async asked => {
    const types: string[] = [];
    for (let round = 0; round < 2; round++) {
      const response = await limpid.get(asked, {mode: 'no-cors'});
      await response.text();
      await limpid.cache.idle();
      types.push(`${response.type} ${response.status} ${limpid.statusOf(response)?.hit}`);
    }
    return {types, size: (await limpid.cache.stats()).size};
  }, `${other.url}/opaque`);
  expect(told).toEqual({types: ['opaque 0 undefined', 'opaque 0 undefined'], size: {count: 0, bytes: 0}});
});

test('what was sent with cookies is not given to who asks without; the browser’s own cache does give it', async () => {
  const url = `${other.url}/whose?credentials`;
  const ask = (credentials: RequestCredentials, transport?: 'no-store'): Promise<readonly unknown[]> =>
    tab.evaluate(
      async ([asked, mode, below]) => {
        const {opened} = globalThis as unknown as {opened: (options: object, sends: object) => Opened};
        const {get, cache} = opened({name: `whose-${below}`}, below === undefined ? {} : {transport: below});
        const response = await get(asked, {credentials: mode});
        const text = await response.text();
        await cache.idle();
        return [text.replace(/^answer \d+ /, ''), limpid.statusOf(response)?.hit];
      },
      [url, credentials, transport] as const,
    );
  await tab.context().addCookies([{name: 'sid', value: 'alice', url: other.url}]);
  expect(await ask('include', 'no-store')).toEqual(['for sid=alice', false]);
  expect(await ask('omit', 'no-store')).toEqual(['for nobody', false]);
  // What goes to another origin is without cookies by default.
  expect(await ask('same-origin', 'no-store')).toEqual(['for nobody', expect.any(Boolean)]);
  expect(await ask('include', 'no-store')).toEqual(['for sid=alice', true]);
  expect(await ask('omit', 'no-store')).toEqual(['for nobody', true]);

  expect(await ask('include')).toEqual(['for sid=alice', false]);
  expect(await ask('omit')).toEqual(['for sid=alice', false]);
});

test('validation asks another origin for no leave: the browser validates with what it has', async () => {
  const url = `${other.url}/validated?etag&exposed`;
  const {text} = await read({url});
  await tab.evaluate(asked => limpid.cache.expire(asked), url);
  other.asked.length = 0;
  expect((await read({url})).text).toBe(text);
  expect(other.asked).toEqual(['GET if-none-match']);
  expect((await read({url})).isHit).toBe(true);
});

test('nor does a clear that gets through the browser’s own cache', async () => {
  const url = `${other.url}/through`;
  const first = await read({url});
  other.asked.length = 0;
  await tab.evaluate(asked => limpid.cache.clear(asked, {through: true}), url);
  const second = await read({url});
  expect(second).toEqual({text: expect.not.stringMatching(`^${first.text}$`), isHit: false});
  expect(other.asked).toEqual(['GET']);
});

test.each(['api', 'byHand'] as const)('nor does any of it by ky: %s', async hooks => {
  const url = `${other.url}/by-ky-${hooks}?etag&exposed`;
  other.asked.length = 0;
  const texts = await tab.evaluate(
    async ([asked, name]) => {
      const text = async (): Promise<string> => {
        const body = await limpid[name](asked).text();
        await limpid.cache.idle();
        return body;
      };
      const first = await text();
      const hit = await text();
      await limpid.cache.expire(asked);
      const validated = await text();
      await limpid.cache.clear(asked, {through: true});
      return [first, hit, validated, await text()];
    },
    [url, hooks] as const,
  );
  expect(new Set(texts.slice(0, 3)).size).toBe(1);
  expect(texts[3]).not.toBe(texts[0]);
  expect(other.asked).toEqual(['GET', 'GET if-none-match', 'GET']);
});

test('nor does it by axios, which has no modes: the browser’s own cache may answer', async () => {
  const url = `${other.url}/by-axios-again?etag&exposed`;
  other.asked.length = 0;
  const texts = await tab.evaluate(async asked => {
    const text = async (): Promise<string> => {
      const {data} = await limpid.http.get(asked);
      await limpid.cache.idle();
      return data;
    };
    const first = await text();
    await limpid.cache.expire(asked);
    return [first, await text()];
  }, url);
  expect(texts[1]).toBe(texts[0]);
  expect(other.asked).not.toContain('OPTIONS');
});

test.each(['get', 'api'] as const)('with `preflight` it does ask, and sends the condition itself: %s', async client => {
  const url = `${other.url}/asking-by-${client}?etag&exposed`;
  other.asked.length = 0;
  const texts = await tab.evaluate(
    async ([asked, by]) => {
      const {opened} = globalThis as unknown as {opened: (options: object, sends: object) => Opened};
      const limpid = opened({name: 'asking'}, {preflight: true});
      const first = await (await limpid[by](asked)).text();
      await limpid.cache.idle();
      await limpid.cache.expire(asked);
      return [first, await (await limpid[by](asked)).text()];
    },
    [url, client] as const,
  );
  expect(texts[1]).toBe(texts[0]);
  expect(other.asked).toEqual(['GET', 'OPTIONS', 'GET if-none-match']);
});

test.each(['get', 'api'] as const)(
  'with transport `no-store` the browser keeps nothing, and a clear is enough: %s',
  async client => {
    const url = `${place.url}/alone-by-${client}`;
    const [first, hit, after] = await tab.evaluate(
      async ([asked, by]) => {
        const {opened} = globalThis as unknown as {opened: (options: object, sends: object) => Opened};
        const limpid = opened({name: 'alone'}, {transport: 'no-store'});
        const text = async (): Promise<string> => (await limpid[by](asked)).text();
        const before = await text();
        await limpid.cache.idle();
        const again = await text();
        await limpid.cache.clear();
        return [before, again, await text()];
      },
      [url, client] as const,
    );
    expect(hit).toBe(first);
    expect(after).not.toBe(first);
  },
);
