// Runs in workerd. The worker sends requests to itself: each has a context of its own, and no body crosses from one to
// another.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {suite} from './suite.ts';
import {same} from './testing.ts';

type Environment = {readonly ORIGIN: string; readonly SELF: {fetch(url: string): Promise<Response>}};

const shared = cachedFetch(new HttpCache());

let toServe: () => Promise<Response> = async () => new Response('nothing', {status: 500});

export default {
  async fetch(request: Request, {ORIGIN, SELF}: Environment): Promise<Response> {
    const {pathname, searchParams} = new URL(request.url);
    if (pathname === '/served') return toServe();
    if (pathname === '/shared') return shared(`${ORIGIN}${searchParams.get('path')}`);
    const tests = suite({
      origin: ORIGIN,
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
    return Response.json(await tests.run());
  },
};
