// What the contract's tests share: assertions of their own (no test runner is imported), and stored responses to store.

import {Fields} from '../fields/fields.ts';
import type {Clause, CompiledSelection, Scope} from '../model/selection.ts';
import type {BodySink, ClearHow, ClearOutcome, Store} from '../model/store.ts';
import type {Facts, ResourceKey, StoredResponse} from '../model/stored-response.ts';
import type {MaybePromise} from '../model/units.ts';

/** One test of the contract: what it shows, and how, given a store of its own. */
export type ContractTest = readonly [title: string, body: (store: Store) => Promise<void>];

/** A text that is equal for equal values: keys sorted, fields and bytes spelt out, `undefined` apart from absent values. */
function spelt(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes(${value.join(' ')})`;
  if (value instanceof Fields) return `fields${JSON.stringify([...value])}`;
  if (Array.isArray(value)) return `[${value.map(spelt).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${name}: ${spelt(member)}`).join(', ')}}`;
}

const shortened = (text: string): string => (text.length > 500 ? `${text.slice(0, 500)}…` : text);

/** Throws unless both are equal, looking inside plain data, fields and bytes. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [spelt(actual), spelt(expected)];
  if (one !== other) throw new Error(`${what}: expected ${shortened(other)}, got ${shortened(one)}`);
}

const facts: Facts = {
  lifetime: 60,
  initialAge: 0,
  date: 0,
  etag: undefined,
  lastModified: undefined,
  alwaysValidate: false,
  neverStale: false,
  immutable: false,
  range: undefined,
  staleWhileRevalidate: 0,
  staleIfError: 0,
};

let made = 0;

/** A stored response of `https://a.example/`, unlike any other in its `id` and `key`, with these changes. */
export function response(changes: Partial<StoredResponse> = {}): StoredResponse {
  const id = `response-${++made}`;
  const resource = changes.resource ?? 'https://a.example/';
  const url = changes.url ?? resource;
  const now = Date.now();
  return {
    id,
    resource,
    url,
    key: id,
    method: 'GET',
    partition: '',
    content: undefined,
    variant: '',
    client: undefined,
    nominated: [],
    head: {status: 200, statusText: 'OK', fields: Fields.none, url, redirected: false, type: 'default'},
    requestTime: now,
    responseTime: now,
    began: 0,
    tags: [],
    groups: [],
    facts,
    size: 0,
    expired: false,
    lastUsed: now,
    ...changes,
  };
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Writes a body and commits it. */
export async function commit(sink: BodySink, ...chunks: readonly Uint8Array[]): Promise<string> {
  for (const chunk of chunks) await sink.write(chunk);
  return sink.commit();
}

/** Stores a response that begins now, and expects it to be stored. */
export async function keep(
  store: Store,
  changes: Partial<StoredResponse> = {},
  body = 'body',
): Promise<StoredResponse> {
  const stored = response({began: await store.tick(), ...changes});
  same(await commit(store.put(stored), bytesOf(body)), 'stored', 'the outcome of a put');
  return stored;
}

/** The bytes of a body, however the store hands them out. */
export async function bodyOf(
  store: Store,
  stored: StoredResponse,
  range?: Parameters<Store['body']>[1],
): Promise<Uint8Array | undefined> {
  const body = await store.body(stored, range);
  return body instanceof ReadableStream ? new Uint8Array(await new Response(body).arrayBuffer()) : body;
}

/** The ids listed under a resource, sorted. */
export async function idsIn(store: Store, resource: ResourceKey = 'https://a.example/'): Promise<readonly string[]> {
  return (await store.list(resource)).map(({id}) => id).toSorted();
}

/** The one stored response of a resource. */
export async function onlyIn(store: Store, resource: ResourceKey = 'https://a.example/'): Promise<StoredResponse> {
  const [only, ...others] = await store.list(resource);
  if (only === undefined || others.length > 0) throw new Error(`expected one stored response under ${resource}`);
  return only;
}

export async function entriesOf(store: Store, what: CompiledSelection): Promise<readonly StoredResponse[]> {
  const all: StoredResponse[] = [];
  for await (const stored of store.entries(what)) all.push(stored);
  return all;
}

export const inScope = (scope: Scope): Clause => ({type: 'scope', scope});

export const everything: CompiledSelection = [inScope({type: 'all'})];

/** A clause by predicate, searched for in the given scope. */
export const matching = (
  test: (stored: StoredResponse) => boolean,
  within: Scope = {type: 'all'},
  covers?: (url: string) => boolean,
): Clause => ({type: 'match', within, conditions: {where: test}, test, covers});

/** Clears, or does what `how` says. */
export function clear(store: Store, what: CompiledSelection, how: Partial<ClearHow> = {}): MaybePromise<ClearOutcome> {
  return store.clear(what, {action: 'remove', through: false, exact: false, ...how});
}
