// A clear in the file: the marks first, in one transaction; then what no mark can tell is searched for.

import {
  type Clause,
  type ClearHow,
  type ClearOutcome,
  type CompiledSelection,
  coverage,
  type StoredResponse,
  scopeText,
  type Tick,
} from 'limpid/store';
import type {Open} from './open.ts';
import type {Row} from './rows.ts';
import type {ThroughMarks} from './through-marks.ts';
import {type Found, type Place, start, type Total} from './walking.ts';
import {clearPatience, type Writer} from './writer.ts';

/** Up to here, counting is cheaper than leaving the caller in the dark. */
const cheapToCount = 1000;

type Selected = {readonly row: Row; readonly stored: StoredResponse};

export class Clearing {
  readonly #open: Open;
  readonly #writer: Writer;
  readonly #through: ThroughMarks;

  constructor(open: Open, writer: Writer, through: ThroughMarks) {
    this.#open = open;
    this.#writer = writer;
    this.#through = through;
  }

  async clear(what: CompiledSelection, how: ClearHow): Promise<ClearOutcome> {
    const {action} = how;
    if (action === 'count') return {...(await this.#total(what, how)), tick: this.#open.state().tick};
    const scopes = what.filter(clause => clause.type === 'scope');
    // Counted before the marks say that none of it counts; searching has to happen after them.
    const total = scopes.length === what.length || how.exact ? await this.#total(what, how) : undefined;
    const marked = how.through ? await this.#resourcesToMark(what) : [];
    const tick = await this.#raise(what, action, how, marked);
    const found = await this.#search(what, action, tick);
    this.#open.sweep.later();
    await this.#open.noticed();
    return {...(total ?? (scopes.length === 0 ? found : undefined)), tick};
  }

  async *entries(what: CompiledSelection): AsyncIterable<StoredResponse> {
    for await (const {stored} of this.#union(what)) yield stored;
  }

  async #raise(
    what: CompiledSelection,
    action: 'remove' | 'expire',
    {through}: ClearHow,
    marked: readonly string[],
  ): Promise<Tick> {
    const {marks} = this.#open;
    const {tick} = await this.#writer.run(
      connection => {
        const next = marks.advance();
        const rows = what.map(clause => marks.raise(clause, action, next, connection));
        if (through) this.#through.cover(what, next, connection);
        for (const resource of marked) this.#through.mark(resource, next, connection);
        return {tick: next, rows};
      },
      clearPatience,
      raised => {
        for (const [index, clause] of what.entries()) {
          const row = raised.rows[index];
          if (clause.type === 'match' && row !== undefined) marks.remember(row, clause.test);
        }
        if (through) this.#through.own.remember(what, raised.tick);
        this.#open.cleared(raised.tick);
      },
      'full',
    );
    return tick;
  }

  /** The resources of what clauses select that do not speak of URIs alone. */
  async #resourcesToMark(what: CompiledSelection): Promise<readonly string[]> {
    const resources = new Set<string>();
    for (const clause of what) {
      if (coverage(clause) !== undefined) continue;
      if (clause.type === 'scope' && clause.scope.type === 'resource') resources.add(clause.scope.resource);
      for await (const {stored} of this.#selected(clause)) resources.add(stored.resource);
    }
    return [...resources];
  }

  /** Removes or expires what clauses that are no scopes select; what began later than `tick` is not theirs. */
  async #search(what: CompiledSelection, action: 'remove' | 'expire', tick: Tick): Promise<Total> {
    const matches = what.filter(clause => clause.type === 'match');
    if (matches.length === 0) return {count: 0, bytes: 0};
    try {
      return await this.#apply(matches, action, tick);
    } finally {
      // Also when it fails, as a predicate may: what it has not found is still there, and may be updated again.
      const {marks} = this.#open;
      await this.#writer.run(
        connection => marks.found(tick, connection),
        clearPatience,
        last => this.#open.cleared(last),
      );
    }
  }

  async #apply(matches: CompiledSelection, action: 'remove' | 'expire', tick: Tick): Promise<Total> {
    let count = 0;
    let bytes = 0;
    for await (const batch of batches(this.#union(matches))) {
      const older = batch.filter(({row}) => row.began < tick);
      if (older.length === 0) continue;
      await this.#writer.run(
        () => {
          for (const {row} of older) {
            if (action === 'remove') this.#open.rows.removeOlder(row.row, tick);
            else this.#open.rows.expire(row.row, tick);
          }
        },
        clearPatience,
        () => this.#open.changed(),
      );
      count += older.length;
      for (const {row} of older) bytes += row.size;
    }
    return {count, bytes};
  }

  /** What it all comes to; `undefined` when that would take a search nobody asked for. */
  async #total(what: CompiledSelection, {exact}: ClearHow): Promise<Total | undefined> {
    const {sweep, walking} = this.#open;
    if (exact && sweep.isPending(this.#open.state())) await sweep.run();
    const state = this.#open.marks.state();
    const isPending = sweep.isPending(state);
    const [only] = what;
    if (what.length === 1 && only?.type === 'scope' && !isPending) {
      const all = {count: state.count, bytes: state.bytes};
      const total = walking.countWithin(scopeText(only.scope), cheapToCount, all);
      if (total !== undefined || !exact) return total;
    }
    if (!exact && what.some(clause => clause.type === 'scope')) return undefined;
    let count = 0;
    let bytes = 0;
    for await (const {row} of this.#union(what)) {
      count++;
      bytes += row.size;
    }
    return {count, bytes};
  }

  /** Everything that any clause selects, once. */
  async *#union(what: CompiledSelection): AsyncIterable<Selected> {
    const seen = new Set<number>();
    for (const clause of what) {
      for await (const selected of this.#selected(clause)) {
        const {row} = selected.row;
        if (what.length > 1 && seen.has(row)) continue;
        if (what.length > 1) seen.add(row);
        yield selected;
      }
    }
  }

  /** A step of the walk at a time, so that others get their turn. */
  async *#selected(clause: Clause): AsyncIterable<Selected> {
    let place: Place | undefined = start;
    while (place !== undefined) {
      // Others may have cleared or expired some of it, before the walk and between its steps.
      const state = this.#open.state();
      const found: Found = this.#step(clause, place);
      const marks = this.#open.marks.after(found.rows);
      for (const row of found.rows) {
        const stored = this.#open.rows.shown(row, state, marks);
        if (stored !== undefined && (clause.type === 'scope' || clause.test(stored))) yield {row, stored};
      }
      place = found.next;
      if (place !== undefined) await new Promise(resolve => setImmediate(resolve));
    }
  }

  #step(clause: Clause, place: Place): Found {
    if (clause.type === 'scope') return this.#open.walking.within(scopeText(clause.scope), place);
    const {prefix} = clause.conditions;
    const isWide = clause.within.type === 'all' || clause.within.type === 'origin';
    if (prefix !== undefined && isWide) return this.#open.walking.beginningWith(prefix, place);
    return this.#open.walking.within(scopeText(clause.within), place, clause.covers);
  }
}

async function* batches(all: AsyncIterable<Selected>): AsyncIterable<readonly Selected[]> {
  let batch: Selected[] = [];
  for await (const one of all) {
    batch.push(one);
    if (batch.length < 256) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
