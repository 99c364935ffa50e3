import {HttpCache, type Selection} from 'limpid';
import {test} from 'vitest';

test('a selection that may be missing is no selection: nobody clears everything by accident', async () => {
  const cache = new HttpCache();
  const found = undefined as Selection | undefined;
  await cache.clear();
  await cache.clear({all: true}, {dryRun: true});
  // @ts-expect-error it may be undefined
  await cache.clear(found);
  // @ts-expect-error it may be undefined
  await cache.expire(found, {dryRun: true});
  // @ts-expect-error it may be undefined
  cache.entries(found);
});
