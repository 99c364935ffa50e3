// Runs in workerd. The worker sends requests to itself: each has a context of its own, and no body crosses from one to
// another.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {suite} from './suite.ts';
import {same} from './testing.ts';

type Environment = {
  readonly ORIGIN: string;
  readonly SELF: {fetch(url: string, init?: RequestInit): Promise<Response>};
};

/** The context of one request, as far as it is used. */
type Context = {waitUntil(promise: Promise<unknown>): void};

const shared = cachedFetch(new HttpCache());

/** Stale after some milliseconds, and then validated behind the answer. */
const revalidating = new HttpCache({rules: [{ttl: 50, staleWhileRevalidate: '1h'}]});
const stale = cachedFetch(revalidating);

let toServe: () => Promise<Response> = async () => new Response('nothing', {status: 500});

export default {
  async fetch(request: Request, {ORIGIN, SELF}: Environment, context: Context): Promise<Response> {
    const {pathname, searchParams} = new URL(request.url);
    if (pathname === '/served') return toServe();
    if (pathname === '/shared') return shared(`${ORIGIN}${searchParams.get('path')}`);
    if (pathname === '/stale') {
      const waitUntil = (work: Promise<unknown>): void => context.waitUntil(work);
      return stale(`${ORIGIN}/stale?slow`, searchParams.has('waits') ? {limpid: {waitUntil}} : {});
    }
    const tests = suite({
      origin: ORIGIN,
      hasCaches: true,
      served: hit => {
        toServe = hit;
        return SELF.fetch('http://worker/served');
      },
    });
    tests.test('requests of several contexts at the same time are answered whole, and later ones hit', async () => {
      const ask = async (): Promise<string> =>
        (await SELF.fetch('http://worker/shared?path=/contexts?slow%26bytes=100000')).text();
      const texts = await Promise.all([1, 2, 3, 4].map(ask));
      for (const text of texts) same(text.length, 100_000, 'the length of an answer');
      const [one, other] = [await ask(), await ask()];
      same(one === other && texts.includes(one), true, 'whether later ones hit');
    });
    tests.test('a validation behind an answer outlives the request that began it, with waitUntil alone', async () => {
      const validated = async (query: string): Promise<number> => {
        const before = (await revalidating.stats()).notModified;
        await new Promise(resolve => setTimeout(resolve, 60));
        same(await (await SELF.fetch(`http://worker/stale${query}`)).text(), 'answer 1', 'the stale answer');
        await new Promise(resolve => setTimeout(resolve, 300));
        return (await revalidating.stats()).notModified - before;
      };
      await (await SELF.fetch('http://worker/stale')).text();
      same(await validated(''), 0, 'validations without it');
      same(await validated('?waits'), 1, 'validations with it');
      same(await validated(''), 0, 'validations without it, once more');
      await revalidating.idle();
    });
    tests.test('a request is answered in time whose equal in another context has been broken off', async () => {
      const [path, left] = ['http://worker/shared?path=/left?slow', new AbortController()];
      const leading = SELF.fetch(path, {signal: left.signal}).catch(() => undefined);
      const following = [1, 2].map(async () => (await SELF.fetch(path)).text());
      await new Promise(resolve => setTimeout(resolve, 20));
      left.abort();
      await leading;
      const began = Date.now();
      for (const text of await Promise.all(following)) same(text.startsWith('answer '), true, `whether ${text} is it`);
      same(Date.now() - began < 3000, true, 'whether that took less than three seconds');
    });
    return Response.json(await tests.run());
  },
};
