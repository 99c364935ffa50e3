// The newest clears: what was on its way when they happened is held against them.

import {type Clause, decodeClear, encodeClear, Own, type StoredResponse, scopeText, type Tick} from 'limpid/store';
import type {LoggedClear, Reading, State, Writing} from './database.ts';
import {isSelected, scopeTexts} from './rows.ts';

const maxLogged = 256;

/** Whether a response may be stored, and the newest expiry that selects it (0: none). */
export type Admission = {readonly admitted: boolean; readonly expired: Tick};

export class ClearLog {
  /** What this tab itself cleared. */
  readonly #own = new Own<readonly Clause[]>(maxLogged);

  /** In the transaction of the clear. Gives the floor that is left. */
  async add(
    transaction: Writing,
    clauses: readonly Clause[],
    tick: Tick,
    action: 'remove' | 'expire',
    floor: Tick,
  ): Promise<Tick> {
    const log = transaction.objectStore('clears');
    for (const clause of clauses) {
      const what = clause.type === 'scope' ? {scope: scopeText(clause.scope)} : {record: encodeClear(clause)};
      await log.add({tick, action, ...what});
    }
    let newest = floor;
    let surplus = (await log.count()) - maxLogged;
    for (let cursor = surplus > 0 ? await log.openCursor() : null; cursor !== null && surplus > 0; surplus--) {
      newest = Math.max(newest, cursor.value.tick);
      await cursor.delete();
      cursor = await cursor.continue();
    }
    return newest;
  }

  /** To be called once the clear is committed: a tick that was given up may become another's. */
  remember(clauses: readonly Clause[], tick: Tick): void {
    this.#own.set(tick, clauses);
  }

  /** What the clears since `stored` began say of it. */
  async admit(transaction: Reading, state: State | undefined, stored: StoredResponse): Promise<Admission> {
    if (state === undefined || stored.began < state.floor) return {admitted: false, expired: 0};
    if (stored.began >= state.tick) return {admitted: true, expired: 0};
    let expired = 0;
    for (const clear of await transaction.objectStore('clears').getAll()) {
      if (clear.tick <= stored.began || !this.#selects(clear, stored)) continue;
      if (clear.action === 'remove') return {admitted: false, expired: 0};
      expired = Math.max(expired, clear.tick);
    }
    return {admitted: true, expired};
  }

  #selects({tick, scope, record}: LoggedClear, stored: StoredResponse): boolean {
    if (scope !== undefined) return scopeTexts(stored).includes(scope);
    const own = this.#own.get(tick);
    if (own !== undefined) return own.some(clause => isSelected(clause, stored));
    return decodeClear(record ?? '')(stored);
  }
}
