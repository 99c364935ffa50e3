// A clear in Redis: the marks first, in one script; then what no mark can tell is searched for.

import {setTimeout as sleep} from 'node:timers/promises';
import {
  type Clause,
  type ClearHow,
  type ClearOutcome,
  type CompiledSelection,
  coverage,
  encodeClear,
  encodeCover,
  type StoredResponse,
  scopesOf,
  scopeText,
  type Tick,
  wellFormed,
} from 'limpid/store';
import {listOf, numberOf, type Reply, textOf} from './commands.ts';
import type {Entry} from './envelope.ts';
import type {Marks} from './marks.ts';
import type {Redis} from './redis.ts';
import {acknowledged} from './replicas.ts';
import * as scripts from './scripts.ts';
import {writeWindow} from './storing.ts';
import {maxAge} from './through-marks.ts';
import {failure} from './trouble.ts';

const limits = {maxLog: 256, maxCovers: 256, maxFields: 20_000};
const scanned = 500;

/** Up to so many resources are swept one by one. */
const maxSwept = 1000;

/** How long a sweep of everything is followed by none, in times of what it took. */
const restsFor = 9;

/** A stored response, where it lies. */
export type Found = {readonly heads: string; readonly entry: Entry};

/** The tick a clear was given, the counter just before, and for how long others may still rely on an earlier one, in milliseconds. */
type Raised = {readonly tick: Tick; readonly before: Tick; readonly wait: number};

export class Clearing {
  readonly #redis: Redis;
  /** Heads of cleared resources, and whether more than these was cleared: what to sweep next. */
  readonly #swept = new Set<string>();
  #sweepsAll = false;
  #isSweeping = false;
  #isStopped = false;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async clear(what: CompiledSelection, how: ClearHow): Promise<ClearOutcome> {
    const {action} = how;
    const total = how.exact ? await this.#total(what) : undefined;
    if (action === 'count') return {...total, tick: (await this.#redis.marks([], this.#ms)).tick};
    const marked = how.through ? await this.#resourcesToMark(what) : [];
    const {tick, before, wait} = await this.#raise(what, how, marked);
    const matches = what.filter(clause => clause.type === 'match');
    let found: {readonly count: number; readonly bytes: number} | undefined;
    if (matches.length > 0) {
      this.#redis.remember(tick, stored => matches.some(clause => clause.test(stored)));
      found = await this.#search(matches, action, tick);
      await this.#run(scripts.found, this.#redis.keys.control, String(tick));
    }
    // Who relies on the counter does so from before its last advance at the latest. Timers may be early by a little.
    const waited = wait === 0 ? undefined : sleep(wait * 1.01 + 2);
    await acknowledged(this.#redis, this.#ms, matches.length > 0);
    await waited;
    if (action === 'remove') this.#sweepLater(what);
    return {...(total ?? (matches.length === what.length ? found : undefined)), tick, before};
  }

  async *entries(what: CompiledSelection): AsyncIterable<StoredResponse> {
    for await (const page of this.#selected(what)) for (const {entry} of page) yield entry.stored;
  }

  stop(): void {
    this.#isStopped = true;
  }

  get #ms(): number {
    return this.#redis.settings.clearTimeout;
  }

  async #run(script: typeof scripts.found, key: string, ...args: readonly string[]): Promise<Reply> {
    return this.#redis.commands.run(this.#ms, script, [key], args);
  }

  async #raise(what: CompiledSelection, {action, through}: ClearHow, resources: readonly string[]): Promise<Raised> {
    const now = Math.trunc(this.#redis.settings.now());
    const order = JSON.stringify({
      ...limits,
      action,
      now,
      oldest: now - maxAge,
      scopes: what.flatMap(clause => (clause.type === 'scope' ? scopeText(clause.scope) : [])),
      records: what.flatMap(clause => (clause.type === 'match' ? encodeClear(clause) : [])),
      covers: through ? what.filter(clause => coverage(clause) !== undefined).map(encodeCover) : [],
      resources: resources.map(wellFormed),
      trusted: this.#redis.trusted,
    });
    for (let attempt = 0; attempt < 3; attempt++) {
      await this.#redis.marks([], this.#ms);
      const [tick, wait, before] = listOf(await this.#run(scripts.raise, this.#redis.keys.control, order));
      if (tick === undefined) continue;
      this.#redis.reached({tick: numberOf(tick)});
      return {tick: numberOf(tick), before: numberOf(before), wait: numberOf(wait)};
    }
    throw failure('Redis loses what it is told');
  }

  /** The resources of what clauses select that do not speak of URIs alone. */
  async #resourcesToMark(what: CompiledSelection): Promise<readonly string[]> {
    const resources = new Set<string>();
    const searched: Clause[] = [];
    for (const clause of what) {
      if (coverage(clause) !== undefined) continue;
      if (clause.type === 'scope' && clause.scope.type === 'resource') resources.add(clause.scope.resource);
      else searched.push(clause);
    }
    if (searched.length > 0)
      for await (const page of this.#selected(searched))
        for (const {entry} of page) resources.add(entry.stored.resource);
    return [...resources];
  }

  /** Removes or expires what clauses that are no scopes select; what began later than `tick` is not theirs. */
  async #search(
    matches: CompiledSelection,
    action: 'remove' | 'expire',
    tick: Tick,
  ): Promise<{count: number; bytes: number}> {
    // What was about to be written when the marks were raised is written by now, or never.
    await sleep(writeWindow * 1.1);
    let count = 0;
    let bytes = 0;
    for await (const page of this.#selected(matches)) {
      const earlier = page.filter(({entry}) => entry.stored.began < tick);
      await Promise.all(earlier.map(one => (action === 'remove' ? this.#remove(one, tick) : this.#expire(one, tick))));
      count += earlier.length;
      bytes += bytesOf(earlier);
    }
    return {count, bytes};
  }

  async #expire({heads, entry}: Found, tick: Tick): Promise<void> {
    const {id} = entry.stored;
    await this.#run(scripts.note, heads, entry.field, id, `x${id}`, String(tick));
  }

  async #remove({heads, entry: {field, stored}}: Found, tick: Tick): Promise<void> {
    const removed = await this.#run(scripts.remove, heads, field, stored.id, String(tick));
    if (removed !== 1) return;
    const body = this.#redis.keys.body(heads, stored.id);
    await this.#redis.commands.send(this.#ms, body, 'UNLINK', body);
  }

  async #total(what: CompiledSelection): Promise<{count: number; bytes: number}> {
    let count = 0;
    let bytes = 0;
    for await (const page of this.#selected(what)) {
      count += page.length;
      bytes += bytesOf(page);
    }
    return {count, bytes};
  }

  /** Everything that counts and that any clause selects, once, some at a time. */
  async *#selected(what: CompiledSelection): AsyncIterable<readonly Found[]> {
    const isSelected = (stored: StoredResponse): boolean => what.some(clause => selects(clause, stored));
    const resources = what.map(resourceOf);
    // Only under some resources where nothing else can be meant.
    const pages = resources.every(resource => resource !== undefined)
      ? [[...new Set(resources)].map(resource => this.#redis.keys.heads(resource))]
      : this.#pages();
    for await (const {found, marks} of this.#judged(pages)) {
      yield found.flatMap(({heads, entry}) => {
        const shown = this.#redis.shown(entry, marks);
        return shown !== undefined && isSelected(shown.stored) ? [{heads, entry: shown}] : [];
      });
    }
  }

  /** Everything that lies under these heads, with marks to judge it by. */
  async *#judged(
    pages: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
  ): AsyncIterable<{readonly found: readonly Found[]; readonly marks: Marks}> {
    for await (const page of pages) {
      const read = await Promise.all(
        page.map(async heads => ({heads, entries: await this.#redis.entries(heads, this.#ms)})),
      );
      const found = read.flatMap(({heads, entries}) => entries.map(entry => ({heads, entry})));
      const before = await this.#redis.marks([], this.#ms);
      const lacking = [...new Set(before.lacking(found.map(({entry}) => entry.stored)))];
      const marks = lacking.length === 0 ? before : before.and(await this.#redis.marks(lacking, this.#ms));
      yield {found, marks};
    }
  }

  /** The keys of all heads, some at a time. */
  async *#pages(): AsyncIterable<readonly string[]> {
    const {commands, keys} = this.#redis;
    for (const node of await commands.masters()) {
      let cursor = '0';
      do {
        const reply = await node.send(
          this.#ms,
          'SCAN',
          cursor,
          'MATCH',
          keys.everyHead,
          'COUNT',
          String(scanned),
          'TYPE',
          'hash',
        );
        const [next, found] = listOf(reply);
        cursor = textOf(next);
        yield listOf(found)
          .map(textOf)
          .filter(key => key !== keys.control);
      } while (cursor !== '0');
    }
  }

  /**
   * Frees what no longer counts, in the background: of resources alone under these, of anything else everywhere. What is
   * missed goes in its own time.
   */
  #sweepLater(what: CompiledSelection): void {
    for (const clause of what) {
      if (clause.type !== 'scope') continue;
      if (clause.scope.type === 'resource' && this.#swept.size < maxSwept)
        this.#swept.add(this.#redis.keys.heads(clause.scope.resource));
      else this.#sweepsAll = true;
    }
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    void this.#sweep()
      .catch(() => undefined)
      .finally(() => {
        this.#isSweeping = false;
      });
  }

  async #sweep(): Promise<void> {
    while (!this.#isStopped && (this.#sweepsAll || this.#swept.size > 0)) {
      const began = performance.now();
      const pages = this.#sweepsAll ? this.#pages() : [[...this.#swept]];
      const isAll = this.#sweepsAll;
      this.#sweepsAll = false;
      this.#swept.clear();
      for await (const {found, marks} of this.#judged(pages)) {
        if (this.#isStopped) return;
        const gone = found.filter(({entry}) => this.#redis.shown(entry, marks) === undefined);
        await Promise.all(gone.map(one => this.#remove(one, marks.tick)));
      }
      // To read everything again after each of many clears would be all that Redis does.
      if (isAll) await sleep((performance.now() - began) * restsFor, undefined, {ref: false});
    }
  }
}

const bytesOf = (found: readonly Found[]): number => found.reduce((sum, {entry}) => sum + entry.stored.size, 0);

function selects(clause: Clause, stored: StoredResponse): boolean {
  if (clause.type === 'match') return clause.test(stored);
  return clause.scope.type === 'all' || scopeTexts(stored).has(scopeText(clause.scope));
}

const scopeTexts = (stored: StoredResponse): ReadonlySet<string> => new Set(scopesOf(stored).map(scopeText));

/**
 * The one resource under which to look for what a clause selects; the scope of a resource holds what was redirected
 * there, too. What lies elsewhere by fewer parameters cannot be found by its URL, and is not looked for.
 */
const resourceOf = (clause: Clause): string | undefined =>
  clause.type === 'match' && clause.within.type === 'resource' ? clause.within.resource : undefined;
