// Which fetch really sends, where a caching fetch may have been put in the place of another.

/** Any function that keeps fetch's contract. */
export type FetchFunction = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What a caching fetch was given to send with, and the global fetch of that time. */
type Senders = {readonly given: FetchFunction | undefined; readonly before: FetchFunction};

const senders = Symbol.for('limpid.fetch');

const sendersOf = (fetch: FetchFunction | undefined): Senders | undefined =>
  (fetch as {readonly [senders]?: Senders} | undefined)?.[senders];

/** Marks a caching fetch, of whatever copy of this package. */
export const asCaching = (cached: FetchFunction, given: FetchFunction | undefined): FetchFunction =>
  Object.defineProperty(cached, senders, {value: {given, before: globalFetch()} satisfies Senders});

/**
 * What sends under this fetch: itself, unless it is a caching one; `undefined` for one that sends by the global fetch.
 *
 * Who puts a cache over a fetch that has one replaces that one, so that no answer comes from a cache nobody clears.
 */
export const senderOf = (fetch: FetchFunction | undefined): FetchFunction | undefined =>
  (sendersOf(fetch) ?? {given: fetch}).given;

/** The global fetch now; what it stands for, where it has been replaced by a caching one. */
export function globalFetch(): FetchFunction {
  const {given, before = globalThis.fetch} = sendersOf(globalThis.fetch) ?? {};
  return given ?? before;
}

const sentBy = Symbol.for('limpid.through');

/** Marks what `cache` sends, for a caching fetch that a function of the user's own hides from `senderOf`. */
export const sending =
  (cache: object, send: FetchFunction): FetchFunction =>
  (input, init) =>
    send(input, {...init, [sentBy]: cache} as RequestInit);

/** The request comes from this very cache, which must not wait for itself. */
export const isSentBy = (cache: object, init: object | undefined): boolean =>
  init !== undefined && Reflect.get(init, sentBy) === cache;
