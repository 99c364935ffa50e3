// What answers empty: RFC invalidation, cache groups, Clear-Site-Data, and the request's own `clears`.

import {isLimpidError} from '../errors.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import {rescued} from '../model/maybe.ts';
import type {ResponseHead} from '../model/messages.ts';
import {type Clause, type CompiledSelection, everything, type Scope} from '../model/selection.ts';
import type {ClearOutcome} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {MaybePromise} from '../model/units.ts';
import type {ResolvedPolicy} from '../options/resolve-policy.ts';
import {namedPartition} from '../options/rule-options.ts';
import {responseView} from '../options/views.ts';
import {type Invalidation, invalidated, isSuccess} from '../policy/invalidation.ts';
import {originOf, scopeName, scopesOf} from '../stores/scopes.ts';
import type {Exchange} from './exchange.ts';
import {keyed, unkeyedResource} from './keying.ts';
import type {Parts} from './parts.ts';
import type {Selecting} from './selecting.ts';

/** Clauses of failed invalidations remembered one by one; beyond that, everything counts as invalidated. */
const maxPending = 256;
/** How long to wait before trying a failed invalidation again, in milliseconds. */
const retryAfter = 1_000;
/** How long a request waits for a store that has failed it already, in milliseconds. */
const impatience = 250;

type ScopeClause = Extract<Clause, {type: 'scope'}>;

/** What an answer empties, and the sections that say so. */
type Emptied = {readonly what: CompiledSelection; readonly sections: readonly string[]};

type Cause = {readonly by: 'request' | 'response'; readonly exchange: Exchange};

/** Applies what answers empty, and remembers what could not be applied. */
export class Invalidating {
  readonly #parts: Parts;
  readonly #selecting: Selecting;

  constructor(parts: Parts, selecting: Selecting) {
    this.#parts = parts;
    this.#selecting = selecting;
  }

  /**
   * Empties what this answer says, before it is handed over; what that clear came to, if there was one.
   *
   * Rejects only when `clears` is misused: a store that fails leaves the clause pending, which bypasses what it selects.
   */
  apply(exchange: Exchange, response: ResponseHead): MaybePromise<ClearOutcome | undefined> {
    const said = invalidated(exchange.request, response, exchange.policy);
    // Nearly always.
    const isSaid = said.site !== undefined || said.urls.length + said.groups.length > 0;
    return isSaid || exchange.resolved.clears !== undefined ? this.#apply(exchange, response, said) : undefined;
  }

  async #apply(exchange: Exchange, response: ResponseHead, said: Invalidation): Promise<ClearOutcome | undefined> {
    const byResponse = await this.#fromResponse(exchange, said);
    const byRequest = await this.#fromRequest(exchange, response);
    if ('misuse' in byRequest) {
      await this.#clear(byResponse, {by: 'response', exchange});
      throw byRequest.misuse;
    }
    const both = {
      what: [...byResponse.what, ...byRequest.what],
      sections: [...byResponse.sections, ...byRequest.sections],
    };
    return this.#clear(both, {by: byRequest.what.length > 0 ? 'request' : 'response', exchange});
  }

  /** A failed invalidation selects this response: it must not be reused. */
  hides(stored: StoredResponse): boolean {
    return this.#parts.pending.clauses.some(clause => isSelected(clause, stored));
  }

  get isPending(): boolean {
    return this.#parts.pending.clauses.length > 0;
  }

  /** Tries failed invalidations again, now and then. */
  async retry(): Promise<void> {
    const {settings, store, pending} = this.#parts;
    const now = settings.now();
    if (!this.isPending || (now < pending.retryAt && pending.retryAt - now <= retryAfter)) return;
    pending.retryAt = now + retryAfter;
    const {clauses} = pending;
    const outcome = await store.attempt('clear', undefined, from => from.clear(clauses, removing));
    if (outcome !== undefined) pending.clauses = pending.clauses.filter(clause => !clauses.includes(clause));
  }

  async #fromResponse(exchange: Exchange, {urls, groups, site}: Invalidation): Promise<Emptied> {
    const what: Clause[] = [];
    for (const url of urls) {
      const resources = await this.#selecting.locate(url);
      if (resources === undefined) this.#postpone([everything]);
      for (const resource of resources ?? []) what.push({type: 'scope', scope: {type: 'resource', resource}});
    }
    const origin = originOf(exchange.request.head.url);
    for (const group of groups) what.push({type: 'scope', scope: {type: 'group', origin, group}});
    if (site !== undefined) what.push(await this.#ofSite(site, exchange));
    const sections = [
      ...(urls.length > 0 ? ['RFC 9111 §4.4'] : []),
      ...(groups.length > 0 ? ['RFC 9875 §3'] : []),
      ...(site === undefined ? [] : ['Clear Site Data §3.1']),
    ];
    return {what, sections};
  }

  /** The requester's part of a site; all of it when neither `partition` nor the store can tell whose request it was. */
  async #ofSite(site: string, {request, resolved}: Exchange): Promise<Clause> {
    const isKeyed = request.resource !== unkeyedResource;
    const known = isKeyed
      ? request
      : await rescued(
          () => this.#keyed(request, resolved),
          () => undefined,
        );
    return known === undefined
      ? {type: 'scope', scope: {type: 'origin', origin: site}}
      : this.#selecting.ofSite(site, known.partition);
  }

  #keyed({head}: CacheRequest, resolved: ResolvedPolicy): MaybePromise<CacheRequest | undefined> {
    return keyed(head, undefined, resolved, namedPartition(resolved.partition, head), this.#parts.store);
  }

  async #fromRequest(
    {request, resolved: {clears}}: Exchange,
    response: ResponseHead,
  ): Promise<Emptied | {readonly misuse: unknown}> {
    if (clears === undefined || !isSuccess(response)) return {what: [], sections: []};
    const sections = ['limpid clears'];
    try {
      const selection = typeof clears === 'function' ? clears(responseView(response)) : clears;
      return {what: await this.#selecting.compile(selection, 'limpid.clears', request.head.url), sections};
    } catch (error) {
      if (!isLimpidError(error)) return {misuse: error};
      // The store could not say what is meant: until it can, nothing is reused.
      this.#parts.report(error, 'clears');
      return {what: [everything], sections};
    }
  }

  async #clear({what, sections}: Emptied, {by, exchange}: Cause): Promise<ClearOutcome | undefined> {
    if (what.length === 0) return undefined;
    const {store, events} = this.#parts;
    const ms = exchange.decision.detail === 'store-failed' ? impatience : undefined;
    const outcome = await store.attempt('clear', undefined, from => from.clear(what, removing), ms);
    const {head, url} = exchange.request;
    if (outcome === undefined) this.#postpone(what);
    else if (outcome.count !== 0) {
      const request = {method: head.method, url};
      events.emit({type: 'clear', action: 'remove', by, request, sections, count: outcome.count});
    }
    return outcome;
  }

  /** A predicate may be what failed, so the scope around it stands in: more is cleared then, which is safe. */
  #postpone(what: CompiledSelection): void {
    const scopes = what.map((clause): ScopeClause => ({type: 'scope', scope: scopeOf(clause)}));
    const {pending} = this.#parts;
    const clauses = [...pending.clauses, ...scopes];
    // A clause of its own: whoever applies those of before tells them apart.
    pending.clauses = clauses.length > maxPending ? [{...everything}] : clauses;
    pending.retryAt = this.#parts.settings.now() + retryAfter;
  }
}

const removing = {action: 'remove', through: false, exact: false} as const;

const scopeOf = (clause: Clause): Scope => (clause.type === 'scope' ? clause.scope : clause.within);

function isSelected({scope}: ScopeClause, stored: StoredResponse): boolean {
  if (scope.type === 'all') return true;
  return scopesOf(stored).some(own => own.type === scope.type && scopeName(own) === scopeName(scope));
}
