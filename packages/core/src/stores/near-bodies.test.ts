import {describe, expect, test} from 'vitest';
import {at, put, clear as remove} from '../../test/memory-store.ts';
import {SlowStore} from '../../test/slow-store.ts';
import type {CompiledSelection} from '../model/selection.ts';
import type {ByteRange, ClearOutcome, Store} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {
  bodyOf,
  bytesOf,
  clear,
  commit,
  everything,
  idsIn,
  inScope,
  keep,
  onlyIn,
  response,
} from './contract-support.ts';
import {MemoryStore} from './memory.ts';
import {NearBodies} from './near-bodies.ts';
import {tiered} from './tiered.ts';

const broken = new Error('broken');
const microtask = (run: () => void): void => queueMicrotask(run);

function process(limits: {readonly maxCount?: number} = {}) {
  const [memory, shared] = [new MemoryStore(limits), new MemoryStore()];
  const [near, far] = [new SlowStore(memory, microtask), new SlowStore(shared, microtask)];
  return {memory, shared, near, far, store: tiered(near, far)};
}

/** A store whose bodies are streams of small chunks. */
class StreamingStore extends SlowStore {
  failAfter = Number.POSITIVE_INFINITY;

  override async body(stored: StoredResponse, range?: ByteRange): Promise<ReadableStream<Uint8Array> | undefined> {
    const bytes = await super.body(stored, range);
    return bytes instanceof Uint8Array ? this.#streamed(bytes) : undefined;
  }

  #streamed(bytes: Uint8Array): ReadableStream<Uint8Array> {
    let offset = 0;
    return new ReadableStream({
      pull: controller => {
        if (offset >= this.failAfter) controller.error(broken);
        else if (offset >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(offset, offset + 2));
        offset += 2;
      },
    });
  }
}

const streaming = () => {
  const near = new MemoryStore();
  const far = new StreamingStore(new MemoryStore(), microtask);
  return {near, far, store: tiered(near, far)};
};

async function streamOf(store: Store, stored: StoredResponse): Promise<ReadableStream<Uint8Array>> {
  const body = await store.body(stored);
  if (body instanceof ReadableStream) return body;
  throw new Error('not a stream');
}

describe('where bodies are read', () => {
  test('what this process stored is read near', async () => {
    const {store, far, memory} = process();
    await keep(store);
    const stored = await onlyIn(store);
    far.fail(broken, 'body');
    expect(await bodyOf(store, stored)).toEqual(bytesOf('body'));
    expect(memory.size().count).toBe(1);
  });

  test('what another process stored is read far, then near', async () => {
    const {store, far, shared} = process();
    put(shared, {}, 4);
    const stored = await onlyIn(store);
    expect(await bodyOf(store, stored)).toEqual(new Uint8Array(4));
    far.fail(broken, 'body');
    expect(await bodyOf(store, stored)).toEqual(new Uint8Array(4));
    expect(await bodyOf(store, stored, {offset: 1, length: 2})).toEqual(new Uint8Array(2));
  });

  test('what the near store evicted is read far, and copied again', async () => {
    const {store, memory} = process({maxCount: 1});
    const first = await keep(store, at(1), 'first');
    await keep(store, at(2), 'second');
    expect(memory.body(first)).toBeUndefined();
    expect(await bodyOf(store, await onlyIn(store, first.resource))).toEqual(bytesOf('first'));
    expect(memory.body(first)).toEqual(bytesOf('first'));
  });

  test('a part of a body, and one longer than 1 MiB, are not copied', async () => {
    const {store, shared, memory} = process();
    const long = put(shared, at('long'), 1024 * 1024 + 1);
    const parted = put(shared, at('parted'), 10);
    await bodyOf(store, await onlyIn(store, long.resource));
    await bodyOf(store, await onlyIn(store, parted.resource), {offset: 0, length: 5});
    expect((await bodyOf(store, await keep(store, {}, 'x'.repeat(1024 * 1024 + 1))))?.length).toBe(1024 * 1024 + 1);
    expect(memory.size().count).toBe(0);
  });

  test('a response that replaces another does so near, whatever the clocks of its processes', async () => {
    const {store, shared, memory} = process();
    const {id} = await keep(store, {key: 'k', requestTime: 2000}, 'earlier');
    remove(shared, [inScope({type: 'tag', tag: 'other'})]);
    const later = put(shared, {key: 'k', requestTime: 1000}, 3);
    await bodyOf(store, await onlyIn(store));
    expect(memory.body(later)).toEqual(new Uint8Array(3));
    expect(memory.body({...later, id})).toBeUndefined();
  });

  test('a cleared body leaves the near store, too, under the tags it was last given', async () => {
    const {store, memory} = process();
    const stored = await keep(store);
    await store.update({...stored, tags: ['new']});
    await clear(store, [inScope({type: 'tag', tag: 'new'})]);
    expect(memory.size().count).toBe(0);
  });
});

describe('far bodies that are streams', () => {
  test('are copied while they are read, apart from what their reader does to the chunks', async () => {
    const {near, far, store} = streaming();
    const stored = await keep(far, {}, 'streamed');
    for await (const chunk of await streamOf(store, await onlyIn(store))) chunk.fill(0);
    expect(near.body(stored)).toEqual(bytesOf('streamed'));
    expect(await bodyOf(store, stored)).toEqual(bytesOf('streamed'));
  });

  test('are not copied when they fail or are left half read', async () => {
    const {near, far, store} = streaming();
    await keep(far, {}, 'streamed');
    const stored = await onlyIn(store);
    await (await streamOf(store, stored)).cancel();
    far.failAfter = 4;
    await expect(bodyOf(store, stored)).rejects.toThrow('broken');
    expect(near.size()).toEqual({count: 0, bytes: 0});
  });

  test('are let go when only their use was meant', async () => {
    const {near, far, store} = streaming();
    const stored = await keep(store);
    expect(await bodyOf(store, await onlyIn(store))).toEqual(bytesOf('body'));
    expect(far.calls).toContain('body');
    expect(near.body(stored)).toEqual(bytesOf('body'));
  });
});

describe('when a tier fails', () => {
  test.each(['tick', 'list'] as const)('a far %s that fails is a failed list, though all is near', async method => {
    const {store, far, shared} = process();
    await keep(store);
    await idsIn(store);
    remove(shared, [inScope({type: 'tag', tag: 'other'})]);
    far.fail(broken, method);
    await expect(idsIn(store)).rejects.toThrow('broken');
  });

  test('a far clear that fails is a failed clear', async () => {
    const {store, far} = process();
    await keep(store);
    far.fail(broken, 'clear');
    await expect(clear(store, everything)).rejects.toThrow('broken');
  });

  test('a far commit or update that fails leaves nothing to rely on', async () => {
    const {store, far, memory} = process();
    const stored = await keep(store, at('updated'));
    far.fail(broken, 'commit', 'update');
    await expect(commit(store.put(response({began: await store.tick()})), bytesOf('lost'))).rejects.toThrow('broken');
    await expect(store.update(stored)).rejects.toThrow('broken');
    expect(await idsIn(store)).toEqual([]);
    expect(memory.size().count).toBe(1);
  });

  test('a near store that fails in everything is as if it were not there', async () => {
    const {store, near} = process();
    near.fail(broken, 'tick', 'body', 'write', 'commit', 'update', 'clear');
    const stored = await keep(store);
    expect(await bodyOf(store, await onlyIn(store))).toEqual(bytesOf('body'));
    expect(await store.update({...stored, tags: ['t']})).toBe('stored');
    await clear(store, [inScope({type: 'tag', tag: 't'})]);
    expect(await idsIn(store)).toEqual([]);
    expect(await bodyOf(store, stored)).toBeUndefined();
  });

  test('after a near clear that failed the near store is left alone until it has been emptied', async () => {
    const {store, near, memory} = process();
    const cleared = await keep(store, {tags: ['t']});
    await keep(store, at('left'));
    near.fail(broken, 'clear');
    await clear(store, [inScope({type: 'tag', tag: 't'})]);
    expect(await bodyOf(store, cleared)).toBeUndefined();
    await keep(store, at('meanwhile'));
    expect(memory.size().count).toBe(2);
    near.heal('clear');
    await bodyOf(store, cleared);
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(memory.size().count).toBe(0);
    await keep(store, at('after'));
    expect(memory.size().count).toBe(1);
  });

  test('a copy begun before a near clear that failed is not kept', async () => {
    const {store, near, memory} = process();
    const sink = store.put(response({began: await store.tick()}));
    near.fail(broken, 'clear');
    await clear(store, [inScope({type: 'tag', tag: 'other'})]);
    expect(await commit(sink, bytesOf('body'))).toBe('stored');
    expect(memory.size().count).toBe(0);
  });

  test('a near clear that failed is not made good by one that was under way beside it', async () => {
    const memory = new MemoryStore();
    const ends: {readonly what: CompiledSelection; readonly end: (error?: Error) => void}[] = [];
    const clearing = (what: CompiledSelection): Promise<ClearOutcome> =>
      new Promise((resolve, reject) => {
        ends.push({what, end: error => (error === undefined ? resolve({tick: 1}) : reject(error))});
      });
    const bodies = new NearBodies(Object.assign(memory, {clear: clearing}));
    const both = [bodies.clear([inScope({type: 'tag', tag: 't'})]), bodies.clear([inScope({type: 'tag', tag: 'u'})])];
    ends[0]?.end(broken);
    await both[0];
    ends[1]?.end();
    await both[1];
    expect(await bodies.body(response(), undefined)).toBeUndefined();
    expect(ends[2]?.what).toEqual(everything);
  });

  test('a near clear that follows a failed one clears all', async () => {
    const {store, near, memory} = process();
    await keep(store, {tags: ['t']});
    near.fail(broken, 'clear');
    await clear(store, [inScope({type: 'tag', tag: 't'})]);
    near.heal('clear');
    await clear(store, [inScope({type: 'tag', tag: 'other'})]);
    expect(memory.size().count).toBe(0);
  });

  test('only what leaves the far store is evicted', async () => {
    const shared = new MemoryStore({maxCount: 2});
    const store = tiered(new MemoryStore({maxCount: 1}), shared);
    const evicted: string[] = [];
    const stop = store.onEvict?.(({id}) => void evicted.push(id));
    const first = await keep(store, at(1));
    await keep(store, at(2));
    expect(evicted).toEqual([]);
    await keep(store, at(3));
    expect(evicted).toEqual([first.id]);
    stop?.();
    await keep(store, at(4));
    expect(evicted).toHaveLength(1);
  });
});
