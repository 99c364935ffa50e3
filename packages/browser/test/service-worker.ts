// Answers the requests of its pages through the cache they share.

import {opened} from './program.ts';

type Event = {waitUntil(done: Promise<unknown>): void};
type FetchEvent = Event & {readonly request: Request; respondWith(response: Promise<Response>): void};

type Asked = Event & {readonly source: {postMessage(said: unknown): void}};

type Worker = {
  skipWaiting(): Promise<void>;
  readonly clients: {claim(): Promise<void>};
  addEventListener(name: 'install' | 'activate', listener: (event: Event) => void): void;
  addEventListener(name: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(name: 'message', listener: (event: Asked) => void): void;
};

const worker = globalThis as unknown as Worker;
const {get, cache, errors} = opened();

worker.addEventListener('install', event => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', event => event.waitUntil(worker.clients.claim()));
worker.addEventListener('fetch', event => {
  if (new URL(event.request.url).pathname.startsWith('/worked/'))
    event.respondWith(get(event.request, {limpid: {waitUntil: work => event.waitUntil(work)}}));
});
worker.addEventListener('message', event => {
  event.waitUntil(
    (async () => {
      await cache.expire({tag: 't'}, {through: true});
      event.source.postMessage(['expired', ...errors]);
    })(),
  );
});
