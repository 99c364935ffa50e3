import {inspect} from 'node:util';
import {describe, expect, test} from 'vitest';
import {answer, loopbackOrigin} from '../../test/loopback-origin.ts';
import {HttpCache} from '../engine/http-cache.ts';
import {cachingFetch} from './caching-fetch.ts';

const fresh = {'cache-control': 'max-age=60'} as const;

/** An origin that sends every request for `/away` to where it is told, and a cache before it. */
async function start(location: (host: string) => string) {
  const elsewhere = await loopbackOrigin(answer(fresh, 'elsewhere'));
  const origin = await loopbackOrigin((response, {path}) => {
    if (path !== '/away') response.writeHead(200, fresh).end('here');
    else response.writeHead(301, {...fresh, location: location(elsewhere.url.slice('http://'.length))}).end();
  });
  const cache = new HttpCache();
  return {cache, elsewhere, get: cachingFetch(cache), away: `${origin.url}/away`};
}

const failure = async (asked: Promise<Response>): Promise<Error> =>
  asked.then(
    () => new Error('it did not fail'),
    (error: Error) => error,
  );

/** A failure, and all that is behind it, as a log would show them. */
const logged = (error: Error): string => inspect(error, {depth: 10, showHidden: true});

async function shown(response: Response) {
  const {status, type, url, redirected} = response;
  return {status, type, url, redirected, body: await response.text()};
}

describe('a redirect to another origin', () => {
  test('is answered as fetch answers it, `type` included, from the network and from the cache', async () => {
    const {elsewhere, get, away} = await start(host => `http://${host}/`);
    const network = await shown(await fetch(away));
    expect(network.type).toBe('cors');
    expect(await shown(await get(away))).toEqual(network);
    const before = elsewhere.seen.length;
    expect(await shown(await get(away))).toEqual(network);
    expect(elsewhere.seen).toHaveLength(before);
    expect((await get(elsewhere.url)).type).toBe((await fetch(elsewhere.url)).type);
  });

  test('fails in mode `same-origin` as it does in fetch, and nothing is stored', async () => {
    const {cache, get, away} = await start(host => `http://${host}/`);
    const init = {mode: 'same-origin'} as const;
    const network = await failure(fetch(away, init));
    for (const ours of [await failure(get(away, init)), await failure(get(new Request(away, init)))]) {
      expect(ours).toBeInstanceOf(TypeError);
      expect(ours.message).toBe(network.message);
      expect(String(ours.cause)).toBe(String(network.cause));
    }
    expect((await cache.stats()).size?.count).toBe(0);
  });

  test('that was followed in mode `cors` does not answer mode `same-origin`', async () => {
    const {get, away} = await start(host => `http://${host}/`);
    expect(await (await get(away)).text()).toBe('elsewhere');
    expect(await failure(get(away, {mode: 'same-origin'}))).toBeInstanceOf(TypeError);
  });
});

describe('a redirect to a URL with user information', () => {
  test('fails as it does in fetch, without telling the user information', async () => {
    const {elsewhere, get, away} = await start(host => `http://user:secret@${host}/`);
    const network = await failure(fetch(away));
    for (const _ of ['network', 'cache']) {
      const ours = await failure(get(away));
      expect(ours).toBeInstanceOf(TypeError);
      expect(ours.message).toBe(network.message);
      expect(ours.cause).toBeInstanceOf(Error);
      expect(logged(ours)).not.toMatch(/secret|user:/);
    }
    expect(elsewhere.seen).toHaveLength(0);
  });

  test('does not tell it when it cannot be read either', async () => {
    const {get, away} = await start(() => 'http://user:secret@[nowhere/');
    expect(logged(await failure(get(away)))).not.toMatch(/secret|user:/);
  });
});
