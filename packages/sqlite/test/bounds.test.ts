import {statSync} from 'node:fs';
import {DatabaseSync} from 'node:sqlite';
import {expect, test} from 'vitest';
import type {SqliteStore} from '../src/index.ts';
import {headFor} from './crash-bodies.ts';
import {allIn, keep, newFile, storeAt} from './place.ts';

const bytesOf = async (body: unknown): Promise<Uint8Array> =>
  new Uint8Array(await new Response(body as BodyInit).arrayBuffer());

const ids = async (store: SqliteStore): Promise<ReadonlySet<string>> => new Set((await allIn(store)).map(({id}) => id));

test('what was used least recently goes first, and the file stays within its bounds', async () => {
  const file = newFile();
  let now = 1_000_000;
  const store = storeAt(file, {maxBytes: 2_000_000, now: () => (now += 10)});
  const evicted: string[] = [];
  store.onEvict(({id}) => evicted.push(id));
  const favourite = await keep(store, {}, 50_000);
  for (let count = 0; count < 100; count++) {
    await keep(store, {}, 50_000);
    await bytesOf(await store.body(favourite));
    await new Promise(resolve => setTimeout(resolve, 0));
    await allIn(store); // Writes what was noted of uses.
  }
  const {bytes, count} = await store.size();
  expect(bytes).toBeLessThan(2_000_000);
  expect(count).toBeGreaterThan(30);
  expect((await ids(store)).has(favourite.id)).toBe(true);
  expect(evicted.length).toBe(101 - count);
  expect(statSync(file).size).toBeLessThan(4_000_000);
});

test('what waits for the disk is bounded: beyond that, bodies are not stored', async () => {
  const file = newFile();
  const store = storeAt(file);
  const began = await store.tick();
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const commits = Array.from({length: 500}, async (_, index) => {
    const sink = store.put({...headFor(`https://a.example/${index}`, `waiting-${index}`, began), tags: []});
    await sink.write(new Uint8Array(200_000));
    return sink.commit();
  });
  await new Promise(resolve => setTimeout(resolve, 20));
  other.exec('COMMIT');
  other.close();
  const outcomes = await Promise.all(commits);
  const stored = outcomes.filter(outcome => outcome === 'stored').length;
  expect(stored * 200_000).toBeGreaterThan(60_000_000);
  expect(stored * 200_000).toBeLessThan(68_000_000);
  expect(outcomes.filter(outcome => outcome === 'full').length).toBe(500 - stored);
  expect((await store.size()).count).toBe(stored);
  await keep(store, {}, 200_000);
});

test('credentials made up at random do not displace what others may share', async () => {
  const store = storeAt(newFile(), {maxBytes: 2_000_000});
  const shared = [];
  for (let count = 0; count < 15; count++) shared.push(await keep(store, {}, 50_000));
  for (let count = 0; count < 100; count++) {
    await keep(store, {partition: `~${String(count).padStart(32, '0')}`}, 50_000);
  }
  const left = await ids(store);
  expect(shared.filter(({id}) => left.has(id)).length).toBe(15);
});

test('a body that would take more than a quarter of the room is not kept', async () => {
  const store = storeAt(newFile(), {maxBytes: 1_000_000});
  const sink = store.put(headFor('https://a.example/', 'long', await store.tick()));
  for (let part = 0; part < 4; part++) await sink.write(new Uint8Array(100_000));
  expect(await sink.commit()).toBe('full');
  expect(await store.size()).toEqual({count: 0, bytes: 0});
});

test.each(['brotli', 'zstd', false] as const)(
  'a reader of a long body keeps its bytes while it is cleared: %s',
  async compress => {
    const store = storeAt(newFile(), {compress});
    const stored = await keep(store, {}, 3_000_000);
    const whole = await bytesOf(await store.body(stored));
    expect(whole.byteLength).toBe(3_000_000);
    const range = {offset: 262_100, length: 600_000};
    expect(await bytesOf(await store.body(stored, range))).toEqual(whole.subarray(262_100, 862_100));
    const reader = ((await store.body(stored)) as ReadableStream<Uint8Array>).getReader();
    const parts = [(await reader.read()).value];
    await store.clear([{type: 'scope', scope: {type: 'all'}}], {action: 'remove', through: false, exact: false});
    expect(await store.body(stored)).toBeUndefined();
    expect(await store.size()).toEqual({count: 0, bytes: 0});
    for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value);
    expect(Buffer.concat(parts.map(part => part ?? new Uint8Array(0)))).toEqual(Buffer.from(whole));
  },
);

test('more long bodies than can be read at once come from elsewhere', async () => {
  const store = storeAt(newFile());
  const stored = await keep(store, {}, 600_000);
  const streams = await Promise.all(Array.from({length: 40}, async () => store.body(stored)));
  const given = streams.filter(stream => stream !== undefined) as ReadableStream[];
  expect(given.length).toBe(32);
  await Promise.all(given.map(stream => stream.cancel()));
  expect(await store.body(stored)).toBeInstanceOf(ReadableStream);
});
