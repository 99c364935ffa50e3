import {expect, test} from 'vitest';
import type {CompiledSelection} from '../model/selection.ts';
import {MemoryStore} from '../stores/memory.ts';
import {HttpCache} from './http-cache.ts';

/** What a store is told to clear for this URL, by its resources. */
async function resourcesOf(url: string): Promise<readonly unknown[]> {
  const told: CompiledSelection[] = [];
  const store = new MemoryStore();
  const clear = store.clear.bind(store);
  store.clear = (what, how) => {
    told.push(what);
    return clear(what, how);
  };
  await new HttpCache({store}).clear(url);
  return told
    .flat()
    .map(clause => clause.type === 'scope' && clause.scope.type === 'resource' && clause.scope.resource);
}

test('a URL is one resource', async () => {
  expect(await resourcesOf('https://a.example/x?y=1')).toEqual(['https://a.example/x?y=1']);
});

test('a URL with a secret is the resource where that is replaced, and no other', async () => {
  const [only, ...others] = await resourcesOf('https://a.example/?token=hunter2');
  expect(only).toMatch(/^https:\/\/a\.example\/\?token=~[\da-f]{32}$/);
  expect(others).toEqual([]);
});

test('a URL whose secret is replaced already may be meant as it stands', async () => {
  const url = `https://a.example/?token=~${'0'.repeat(32)}`;
  const resources = await resourcesOf(url);
  expect(resources).toHaveLength(2);
  expect(resources).toContain(url);
});
