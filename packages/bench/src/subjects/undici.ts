import {Agent, cacheStores, type Dispatcher, interceptors} from 'undici';
import {type Environment, unbounded} from '../subject.ts';
import {AnsweringDispatcher} from './answering-dispatcher.ts';

/** How undici's cache is configured, in words. */
export const configuration =
  "An Agent composed with interceptors.cache over a MemoryCacheStore large enough for what a row stores, type 'private'.";

export type Opened = {
  readonly dispatcher: Dispatcher;
  readonly store: InstanceType<typeof cacheStores.MemoryCacheStore>;
};

export function openDispatcher({cached, inProcess, maxCount = unbounded}: Environment): Opened {
  const store = new cacheStores.MemoryCacheStore({maxCount, maxSize: 16 * 1024 ** 3, maxEntrySize: 64 * 1024 ** 2});
  const bare: Dispatcher = inProcess ? new AnsweringDispatcher() : new Agent();
  const dispatcher = cached ? bare.compose(interceptors.cache({store, type: 'private'})) : bare;
  return {dispatcher, store};
}

/** undici deletes by origin and path. */
export function deleteFrom(store: Opened['store'], url: string): unknown {
  const {origin, pathname, search} = new URL(url);
  return store.delete({origin, path: pathname + search, method: 'GET'});
}
