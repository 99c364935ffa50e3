import type {Clause, CompiledSelection, Scope} from '../model/selection.ts';
import type {ClearHow} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {Fence} from './fence.ts';
import type {Kept} from './kept.ts';
import type {Shelf} from './shelf.ts';

/** One clause, and what it selects: listed when that took a search anyway, left in its scope when not. */
export type Found =
  | {readonly clause: Extract<Clause, {type: 'scope'}>; readonly listed: undefined}
  | {readonly clause: Extract<Clause, {type: 'match'}>; readonly listed: readonly Kept[]};

/** How many stored responses, and their bodies' bytes. */
export type Total = {readonly count: number; readonly bytes: number};

const none: readonly Kept[] = [];

/** Up to here, walking a scope's members to count them is cheaper than leaving the caller in the dark. */
const cheapToWalk = 1000;

/** A stored response with what only its store knows filled in. The same object as long as that does not change. */
export function shown(kept: Kept, fence: Fence): StoredResponse {
  const expired = fence.isExpired(kept);
  const {stored, lastUsed} = kept;
  if (stored.expired !== expired || stored.lastUsed !== lastUsed) kept.stored = {...stored, expired, lastUsed};
  return kept.stored;
}

/** Finds what a selection selects. A clause that is a scope is never walked unless somebody has to know its members. */
export class Finding {
  readonly #shelf: Shelf;
  readonly #fence: Fence;

  constructor(shelf: Shelf, fence: Fence) {
    this.#shelf = shelf;
    this.#fence = fence;
  }

  /**
   * Where none is `pending`, waiting to be freed, a search need not look at the marks of each, which takes half its time.
   */
  find(what: CompiledSelection, pending: number): readonly Found[] {
    return what.map(clause =>
      clause.type === 'scope' ? {clause, listed: undefined} : {clause, listed: this.#matching(clause, pending)},
    );
  }

  /** Those of a found clause, walking its scope if need be. */
  members({clause, listed}: Found): readonly Kept[] {
    return listed ?? this.#within(clause.scope);
  }

  /** Everything that any clause selects, once. */
  union(found: readonly Found[]): ReadonlySet<Kept> {
    const union = new Set<Kept>();
    for (const one of found) for (const kept of this.members(one)) union.add(kept);
    return union;
  }

  /**
   * What it all comes to; `undefined` when that would take a search nobody asked for, and where scopes still hold
   * some of the `pending` that wait to be freed.
   */
  total(found: readonly Found[], {exact}: Pick<ClearHow, 'exact'>, pending: number): Total | undefined {
    const only = found.length === 1 ? found[0] : undefined;
    if (pending > 0 && found.some(({listed}) => listed === undefined)) return undefined;
    if (only !== undefined && only.listed === undefined) return this.#lyingIn(only.clause.scope);
    const walk = found.reduce((sum, {clause, listed}) => sum + (listed ? 0 : this.#lyingIn(clause.scope).count), 0);
    if (!exact && walk > cheapToWalk) return undefined;
    const selected = only ? this.members(only) : Array.from(this.union(found));
    return {count: selected.length, bytes: selected.reduce((bytes, kept) => bytes + kept.size, 0)};
  }

  #matching({within, conditions, test, covers}: Extract<Clause, {type: 'match'}>, pending: number): readonly Kept[] {
    // A predicate of the user's may use the store meanwhile, and has no business with what no longer counts.
    const isForeign = conditions.pattern !== undefined || conditions.where !== undefined;
    if (isForeign || covers === undefined) return this.#within(within).filter(kept => test(shown(kept, this.#fence)));
    // What URIs decide needs nothing brought up to date, and nearly always the answer is no.
    const found: Kept[] = [];
    const {prefix} = conditions;
    const isByPrefix = prefix !== undefined && (within.type === 'origin' || within.type === 'all');
    const places = isByPrefix ? this.#shelf.beginningWith(prefix) : [{members: this.#lying(within), isWhole: false}];
    for (const {members, isWhole} of places) {
      const isKnown = isWhole && Object.keys(conditions).length === 1;
      for (const kept of members) {
        if ((isKnown || test(kept.stored)) && (pending === 0 || this.#fence.counts(kept))) found.push(kept);
      }
    }
    return found;
  }

  #lying(scope: Scope): Iterable<Kept> {
    return scope.type === 'all' ? this.#shelf.all() : (this.#fence.marks.find(scope)?.members ?? none);
  }

  /** A copy, because a predicate may use the store. */
  #within(scope: Scope): readonly Kept[] {
    return Array.from(this.#lying(scope)).filter(kept => this.#fence.counts(kept));
  }

  #lyingIn(scope: Scope): Total {
    const place = scope.type === 'all' ? this.#shelf : this.#fence.marks.find(scope)?.members;
    return {count: place?.count ?? 0, bytes: place?.bytes ?? 0};
  }
}
