// A private and a shared cache over one store: each has its own, and a clear reaches both.

import {expect, test} from 'vitest';
import {MemoryStore} from '../../src/stores/memory.ts';
import {Clock} from './clock.ts';
import {scripted} from './world.ts';

test.each(['private, max-age=60', 'private="set-cookie", max-age=60', 'max-age=60, s-maxage=0', 'max-age=60'])(
  'what a private cache stored (%s) answers nobody through a shared one',
  async cacheControl => {
    const clock = new Clock();
    const store = new MemoryStore({now: () => clock.now});
    const [own, shared] = [scripted(store, clock, 'bytes'), scripted(store, clock, 'bytes', {kind: 'shared'})];
    const fields = {'cache-control': cacheControl, 'set-cookie': 'a=1'};
    own.origin.script([{fields, body: 'own'}]);
    shared.origin.script([{fields, body: 'everybody’s'}]);
    expect(await own.ask('/a')).toMatchObject({body: 'own'});
    expect(await shared.ask('/a')).toMatchObject({body: 'everybody’s'});
    expect(await own.ask('/a')).toMatchObject({body: 'own', was: 'hit; ttl=60'});
    await shared.cache.clear('https://a.example/a');
    own.origin.script([{body: 'new'}]);
    expect(await own.ask('/a')).toMatchObject({body: 'new'});
  },
);
