// From what users select to what stores clear: single conditions become scopes, everything else a test.

import {plainTests, type StoredTest, type UriTest, uriTests} from '../model/condition-tests.ts';
import {after, allOf, rescued} from '../model/maybe.ts';
import {type Clause, type CompiledSelection, type Conditions, everything, type Scope} from '../model/selection.ts';
import type {ResourceKey} from '../model/stored-response.ts';
import type {EpochMs, MaybePromise} from '../model/units.ts';
import {isFresh} from '../policy/staleness.ts';
import {type ParsedClause, type ParsedConditions, parseSelection} from './parse-selection.ts';
import {readVerdict} from './reading.ts';
import {storedView} from './views.ts';

export type {Selection, SelectionConditions} from './parse-selection.ts';

/** What a selection is compiled with. */
export type SelectionContext = {
  readonly now: EpochMs;
  /** What relative URLs are resolved against; without it they throw. */
  readonly base?: string;
  /** How error messages call the selection. Default: `selection`. */
  readonly path?: string;
  /** The resources a literal URL may lie under, secrets replaced. */
  resources(url: string): MaybePromise<readonly ResourceKey[]>;
  /** What this very request would be answered with. */
  ofRequest(request: Request): MaybePromise<Clause>;
};

/** Given conditions in a store's terms, the URL as a resource. */
function storeConditions(given: ParsedConditions, resource: ResourceKey | undefined, now: EpochMs): Conditions {
  const {url: _url, pattern, where, ...rest} = given;
  // What is received after the clear is seen as it is then.
  const seen: StoredTest | undefined =
    where && (stored => readVerdict(where(storedView(stored, Math.max(now, stored.responseTime))), 'where'));
  return {
    ...rest,
    ...(resource !== undefined && {resource}),
    ...(pattern !== undefined && {pattern: {test: pattern}}),
    ...(seen !== undefined && {where: seen}),
  };
}

/** The conditions that speak of anything else, `where` last: it is the one that may be slow. */
function otherTests(conditions: Conditions, now: EpochMs): readonly StoredTest[] {
  const {stale, storedBefore, unusedSince, where} = conditions;
  const tests = plainTests(conditions);
  // What is received later is on its way now, and cannot be judged: it is selected either way.
  if (stale !== undefined) tests.push(stored => stored.responseTime > now || isFresh(stored, now) !== stale);
  if (storedBefore !== undefined) tests.push(stored => stored.responseTime < storedBefore);
  if (unusedSince !== undefined) tests.push(stored => stored.lastUsed < unusedSince);
  if (where !== undefined) tests.push(where);
  return tests;
}

/** A prefix that reaches beyond the authority lies within one origin. */
function originOfPrefix(prefix: string | undefined): string | undefined {
  if (prefix === undefined || !/^https?:\/\/[^/]+\//.test(prefix)) return undefined;
  return new URL(prefix).origin;
}

/** The narrowest scope that holds everything the conditions select. */
function narrowestScope({resource, tag, partition, origin, prefix}: Conditions): Scope {
  if (resource !== undefined) return {type: 'resource', resource};
  if (tag !== undefined) return {type: 'tag', tag};
  if (partition !== undefined) return {type: 'partition', partition};
  const within = origin ?? originOfPrefix(prefix);
  return within === undefined ? everything.scope : {type: 'origin', origin: within};
}

const scoped = ['resource', 'tag', 'partition', 'origin'] as const;

/** A search asks this of all that is stored, so the usual single test stands for itself. */
function everyOf(tests: readonly UriTest[]): UriTest {
  const [only] = tests;
  return only !== undefined && tests.length === 1 ? only : (url, resource) => tests.every(test => test(url, resource));
}

function clauseOf(conditions: Conditions, now: EpochMs): Clause {
  const within = narrowestScope(conditions);
  const given = Object.keys(conditions);
  if (given.length === 1 && scoped.some(name => name === given[0])) return {type: 'scope', scope: within};
  const uris = uriTests(conditions);
  const others = otherTests(conditions, now);
  const covers = everyOf(uris);
  return {
    type: 'match',
    within,
    conditions,
    test: stored => covers(stored.url, stored.resource) && others.every(test => test(stored)),
    covers: others.length === 0 ? covers : undefined,
  };
}

/** In a store's terms; what the context throws becomes a rejection, so that no sibling's rejection goes unheard. */
function compileClause(parsed: ParsedClause, context: SelectionContext): MaybePromise<CompiledSelection> {
  return rescued(
    () => compileValidClause(parsed, context),
    error => Promise.reject(error),
  );
}

function compileValidClause(parsed: ParsedClause, context: SelectionContext): MaybePromise<CompiledSelection> {
  if (parsed.type === 'all') return [everything];
  if (parsed.type === 'request') return after(context.ofRequest(parsed.request), clause => [clause]);
  const {conditions} = parsed;
  const compile = (resource?: ResourceKey): Clause =>
    clauseOf(storeConditions(conditions, resource, context.now), context.now);
  if (conditions.url === undefined) return [compile()];
  return after(context.resources(conditions.url), found => found.map(compile));
}

/**
 * What a selection means to a store, judged now: times ago are counted from `now`, and so is staleness.
 *
 * Throws a `TypeError` for whatever is not a selection, before anything is asked of the context.
 */
export function compileSelection(selection: unknown, context: SelectionContext): MaybePromise<CompiledSelection> {
  const {now, base, path = 'selection'} = context;
  const clauses = parseSelection(selection, {now, base, path}).map(parsed => compileClause(parsed, context));
  return after(allOf(clauses), found => found.flat());
}

/** Stands for a base that comes later, by which relative URLs will be judged. */
export const laterBase = 'https://base.invalid/';

/** Throws what compiling would throw. */
export function checkSelection(selection: unknown, path: string, base: string | undefined): void {
  parseSelection(selection, {now: 0, base, path});
}
