// A clear: one transaction, so that no tab sees half of it, and none that begins after it sees what it cleared.

import {
  type Clause,
  type ClearHow,
  type ClearOutcome,
  type CompiledSelection,
  coverage,
  isSelected,
  type StoredResponse,
  scopeText,
} from 'limpid/store';
import {type Database, type Reading, type Row, type StoreName, storing, type Writing} from './database.ts';
import type {ClearLog} from './log.ts';
import {empty, firstTick, removeRows, setState, stateFor, stateIn, storedOf} from './rows.ts';
import type {ThroughMarks} from './through-marks.ts';
import {isOverQuota} from './trouble.ts';

type Found = {readonly row: Row; readonly stored: StoredResponse};

const all: StoreName[] = [...storing, 'covers', 'marks'];

/** The parts of a store that clearing changes. */
export type ClearingHost = {
  readonly database: Database;
  readonly log: ClearLog;
  readonly through: ThroughMarks;
  readonly now: () => number;
};

export class Clearing {
  readonly #host: ClearingHost;

  constructor(host: ClearingHost) {
    this.#host = host;
  }

  async clear(what: CompiledSelection, how: ClearHow): Promise<ClearOutcome> {
    const {database, log, now, through} = this.#host;
    const {action} = how;
    if (action === 'count') {
      return database.read(['state', 'responses'], async transaction => {
        const found = await foundIn(transaction, what);
        return {...totalOf(found), tick: (await stateIn(transaction))?.tick ?? 0};
      });
    }
    const apply = (transaction: Writing): Promise<ClearOutcome> => this.#apply(transaction, what, action, how);
    const outcome = await database.write(all, apply, 'strict').catch(async error => {
      if (!isOverQuota(error) || action === 'expire') throw error;
      await database.write(storing, empty, 'strict');
      // What is gone needs no mark, but the caches below do.
      if (how.through) throw error;
      return {tick: firstTick(now())};
    });
    log.remember(what, outcome.tick);
    if (how.through) through.own.remember(what, outcome.tick);
    return outcome;
  }

  async #apply(
    transaction: Writing,
    what: CompiledSelection,
    action: 'remove' | 'expire',
    {through: getsThrough}: ClearHow,
  ): Promise<ClearOutcome> {
    const {log, through, now} = this.#host;
    const before = await stateFor(transaction, now());
    const tick = before.tick + 1;
    const isEverything = action === 'remove' && what.some(isAll);
    const found = isEverything ? [] : await foundIn(transaction, what);
    if (getsThrough) await through.add(transaction, what, resourcesOf(what, found), tick);
    if (isEverything) {
      await empty(transaction);
      await setState(transaction, {...before, tick, floor: tick, count: 0, bytes: 0, cost: 0});
      return {count: before.count, bytes: before.bytes, tick};
    }
    const floor = await log.add(transaction, what, tick, action, before.floor);
    const rows = found.map(({row}) => row);
    if (action === 'expire')
      for (const row of rows) await transaction.objectStore('responses').put({...row, expired: tick});
    const left = action === 'expire' ? before : await removeRows(transaction, before, rows);
    await setState(transaction, {...left, tick, floor});
    return {...totalOf(found), tick};
  }
}

const totalOf = (found: readonly Found[]): {readonly count: number; readonly bytes: number} => ({
  count: found.length,
  bytes: found.reduce((bytes, {row}) => bytes + row.size, 0),
});

const isAll = (clause: Clause): boolean => clause.type === 'scope' && clause.scope.type === 'all';

/** Everything that any clause selects, once. What another version has written is selected by `all` alone. */
async function foundIn(transaction: Reading, what: CompiledSelection): Promise<readonly Found[]> {
  const found = new Map<string, Found>();
  for (const clause of what) {
    const scope = clause.type === 'scope' ? clause.scope : clause.within;
    for (const row of await transaction.objectStore('responses').index('scopes').getAll(scopeText(scope))) {
      if (found.has(row.id)) continue;
      const stored = storedOf(row);
      if (stored !== undefined && isSelected(stored, [clause])) found.set(row.id, {row, stored});
    }
  }
  return [...found.values()];
}

/** The resources to mark where clauses do not speak of URIs alone. */
function resourcesOf(what: CompiledSelection, found: readonly Found[]): ReadonlySet<string> {
  const others = what.filter(clause => coverage(clause) === undefined);
  const named = others.flatMap(clause =>
    clause.type === 'scope' && clause.scope.type === 'resource' ? clause.scope.resource : [],
  );
  const selected = found.filter(({stored}) => isSelected(stored, others));
  return new Set([...named, ...selected.map(({stored}) => stored.resource)]);
}
