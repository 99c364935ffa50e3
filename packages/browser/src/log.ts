// The newest clears: what was on its way when they happened is held against them.

import {
  type Clause,
  decodeClear,
  encodeClear,
  isSelected,
  Own,
  type StoredResponse,
  scopeText,
  selects,
  type Tick,
} from 'limpid/store';
import type {LoggedClear, Reading, State, Writing} from './database.ts';
import {scopeTexts, trim} from './rows.ts';

const maxLogged = 256;

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
    return Math.max(floor, (await trim(log, maxLogged))?.tick ?? 0);
  }

  /** To be called once the clear is committed: a tick that was given up may become another's. */
  remember(clauses: readonly Clause[], tick: Tick): void {
    this.#own.set(tick, clauses);
  }

  /** The newest expiry since `stored` began that selects it, 0 when none does; `undefined` when a clear does. */
  async judge(transaction: Reading, state: State | undefined, stored: StoredResponse): Promise<Tick | undefined> {
    if (state === undefined || stored.began < state.floor) return undefined;
    let expired = 0;
    if (stored.began >= state.tick) return expired;
    for (const clear of await transaction.objectStore('clears').getAll()) {
      if (clear.tick <= stored.began || !this.#selects(clear, stored)) continue;
      if (clear.action === 'remove') return undefined;
      expired = Math.max(expired, clear.tick);
    }
    return expired;
  }

  #selects({tick, scope, record}: LoggedClear, stored: StoredResponse): boolean {
    if (scope !== undefined) return scopeTexts(stored).includes(scope);
    const own = this.#own.get(tick);
    if (own !== undefined) return selects(isSelected, stored, own);
    return decodeClear(record ?? '')(stored);
  }
}
