// Stored responses and what is counted of them, within a transaction.

import {decodeRecord, encodeRecord, headCost, type StoredResponse, scopesOf, scopeText, type Tick} from 'limpid/store';
import {type Reading, type Row, type State, storing, type Writing} from './database.ts';

const one = 'state';

/** Where ticks begin: above those of any database before it. */
export const firstTick = (now: number): Tick => Math.trunc(now) * 1000;

/** The state; `undefined` where nobody has begun. */
export const stateIn = (transaction: Reading): Promise<State | undefined> => transaction.objectStore('state').get(one);

/** The state, made where nothing has happened yet. */
export async function stateFor(transaction: Writing, now: number): Promise<State> {
  const known = await stateIn(transaction);
  if (known !== undefined) return known;
  const tick = firstTick(now);
  const secret = crypto.getRandomValues(new Uint8Array(32));
  return setState(transaction, {tick, floor: tick, count: 0, bytes: 0, cost: 0, secret});
}

export async function setState(transaction: Writing, state: State): Promise<State> {
  await transaction.objectStore('state').put(state, one);
  return state;
}

/**
 * Removes all there is, the state with it, without a look at it. A browser that gives no more room lets nothing else in:
 * whatever state comes next is newer than all that is on its way now.
 */
export const empty = (transaction: Writing): Promise<unknown> =>
  Promise.all(storing.map(name => transaction.objectStore(name).clear()));

export const scopeTexts = (stored: StoredResponse): readonly string[] => [
  ...new Set([{type: 'all'} as const, ...scopesOf(stored)].map(scopeText)),
];

export function rowOf(stored: StoredResponse, size: number, expired: Tick): Row {
  const {id, resource, key, began, lastUsed: used} = stored;
  const cost = size + headCost(stored);
  return {
    id,
    resource,
    key,
    scopes: scopeTexts(stored),
    began,
    expired,
    used,
    size,
    cost,
    record: encodeRecord(stored),
  };
}

/** The stored response of a row; `undefined` for one of another version. */
export function storedOf({id, began, expired, used, size, record}: Row): StoredResponse | undefined {
  return decodeRecord(record, {id, began, size, lastUsed: used, expired: began < expired});
}

type Cursor<T> = {readonly value: T; delete(): Promise<void>; continue(): Promise<Cursor<T> | null>};

type Listed<T> = {count(): Promise<number>; openCursor(): Promise<Cursor<T> | null>};

/** Deletes from the first on until no more than `most` are left, and none that is too old. Gives the last that went. */
export async function trim<T>(
  listed: Listed<T>,
  most: number,
  isTooOld: (value: T) => boolean = () => false,
): Promise<T | undefined> {
  let surplus = (await listed.count()) - most;
  let last: T | undefined;
  let cursor = await listed.openCursor();
  while (cursor !== null && (surplus-- > 0 || isTooOld(cursor.value))) {
    last = cursor.value;
    await cursor.delete();
    cursor = await cursor.continue();
  }
  return last;
}

/** Removes rows and their bodies. Gives the state that is left. */
export async function removeRows(transaction: Writing, state: State, rows: Iterable<Row>): Promise<State> {
  let {count, bytes, cost} = state;
  for (const row of rows) {
    await Promise.all([
      transaction.objectStore('responses').delete(row.id),
      transaction.objectStore('bodies').delete(row.id),
    ]);
    count--;
    bytes -= row.size;
    cost -= row.cost;
  }
  return {...state, count, bytes, cost};
}

/** Removes what was used least recently, until what is there comes to `limit` at most. */
export async function makeRoom(
  transaction: Writing,
  state: State,
  limit: number,
): Promise<{readonly state: State; readonly gone: readonly Row[]}> {
  const gone: Row[] = [];
  let {cost} = state;
  let cursor = cost > limit ? await transaction.objectStore('responses').index('used').openCursor() : null;
  while (cursor !== null && cost > limit) {
    gone.push(cursor.value);
    cost -= cursor.value.cost;
    cursor = await cursor.continue();
  }
  return {state: await removeRows(transaction, state, gone), gone};
}
