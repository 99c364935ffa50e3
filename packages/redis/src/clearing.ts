// A clear in Redis: the marks first; then what no mark can tell is searched for.

import {setTimeout as sleep} from 'node:timers/promises';
import {
  type Clause,
  type ClearHow,
  type ClearOutcome,
  type CompiledSelection,
  coverage,
  type StoredResponse,
  type Tick,
} from 'limpid/store';
import {numberOf} from './commands.ts';
import type {Entry} from './envelope.ts';
import {raised} from './raising.ts';
import type {Redis} from './redis.ts';
import {acknowledged, mastersOf} from './replicas.ts';
import * as scripts from './scripts.ts';
import type {Searching} from './searching.ts';
import * as slotScripts from './slot-scripts.ts';
import {writeWindow} from './storing.ts';
import {remove, Sweeping} from './sweeping.ts';

/** How many responses there are, and their bodies' bytes. */
export type Total = {readonly count: number; readonly bytes: number};

const everything: CompiledSelection = [{type: 'scope', scope: {type: 'all'}}];

export class Clearing {
  readonly #redis: Redis;
  readonly #searching: Searching;
  readonly #sweeping: Sweeping;
  #walking: Promise<Total> | undefined;

  constructor(redis: Redis, searching: Searching) {
    this.#redis = redis;
    this.#searching = searching;
    this.#sweeping = new Sweeping(redis, searching);
  }

  async clear(what: CompiledSelection, how: ClearHow): Promise<ClearOutcome> {
    const {action} = how;
    const total = how.exact ? await this.#total(what) : undefined;
    if (action === 'count') return {...total, tick: (await this.#redis.marks([], this.#ms)).tick};
    const marked = how.through ? await this.#resourcesToMark(what) : [];
    const matches = what.filter(clause => clause.type === 'match');
    const isSearched = matches.length > 0;
    const written = isSearched ? 'all' : 'marks';
    const [masters] = await Promise.all([mastersOf(this.#redis, this.#ms, written), this.#redis.marks([], this.#ms)]);
    const {tick, before, ...mark} = await raised(this.#redis, what, how, marked);
    let {wait} = mark;
    let found: Total | undefined;
    if (isSearched) {
      this.#redis.remember(tick, stored => matches.some(clause => clause.test(stored)));
      try {
        found = await this.#search(matches, action, tick);
      } finally {
        // Also when it fails, as a predicate may: what it has not found is still there, and may be updated again.
        wait = Math.max(wait, await this.#searched(tick));
      }
    }
    // Who relies on the counter does so from before its last advance at the latest. Timers may be early by a little.
    const waited = wait === 0 ? undefined : sleep(wait * 1.01 + 2);
    await acknowledged(masters, await mastersOf(this.#redis, this.#ms, written), this.#ms);
    await waited;
    if (action === 'remove') this.#sweeping.later(what);
    return {...(total ?? (matches.length === what.length ? found : undefined)), tick, before};
  }

  /** How long others may still rely on a counter from before the search. */
  async #searched(tick: Tick): Promise<number> {
    const {commands, keys, trusted} = this.#redis;
    return numberOf(await commands.run(this.#ms, scripts.found, [keys.control], [String(tick), String(trusted)]));
  }

  async *entries(what: CompiledSelection): AsyncIterable<StoredResponse> {
    for await (const page of this.#searching.selected(what)) for (const {stored} of page) yield stored;
  }

  /** What counts: one walk for all who ask while it is under way, which goes on when they no longer wait. */
  size(): Promise<Total> {
    this.#walking ??= this.#total(everything).finally(() => {
      this.#walking = undefined;
    });
    return this.#walking;
  }

  stop(): void {
    this.#sweeping.stop();
  }

  get #ms(): number {
    return this.#redis.settings.clearTimeout;
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
      for await (const page of this.#searching.selected(searched))
        for (const {stored} of page) resources.add(stored.resource);
    return [...resources];
  }

  /** Removes or expires what clauses that are no scopes select; what began later than `tick` is not theirs. */
  async #search(matches: CompiledSelection, action: 'remove' | 'expire', tick: Tick): Promise<Total> {
    // What was about to be written when the marks were raised is written by now, or never.
    await sleep(writeWindow * 1.1);
    let count = 0;
    let bytes = 0;
    for await (const page of this.#searching.selected(matches)) {
      const earlier = page.filter(({stored}) => stored.began < tick);
      await Promise.all(
        earlier.map(one => (action === 'remove' ? remove(this.#redis, one, tick) : this.#expire(one, tick))),
      );
      count += earlier.length;
      bytes += bytesOf(earlier);
    }
    return {count, bytes};
  }

  async #expire({heads, field, stored: {id}}: Entry, tick: Tick): Promise<void> {
    const {commands, keys} = this.#redis;
    await commands.run(this.#ms, slotScripts.note, keys.around(heads), [field, id, `x${id}`, String(tick)]);
  }

  async #total(what: CompiledSelection): Promise<Total> {
    let count = 0;
    let bytes = 0;
    for await (const page of this.#searching.selected(what)) {
      count += page.length;
      bytes += bytesOf(page);
    }
    return {count, bytes};
  }
}

const bytesOf = (found: readonly Entry[]): number => found.reduce((sum, {stored}) => sum + stored.size, 0);
