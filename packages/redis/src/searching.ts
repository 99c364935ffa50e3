// Looking through what lies in Redis, a page at a time.

import {
  type Clause,
  type CompiledSelection,
  type ResourceKey,
  type StoredResponse,
  scopesOf,
  scopeText,
} from 'limpid/store';
import {listOf, type Node, textOf} from './commands.ts';
import type {Entry} from './envelope.ts';
import type {Marks} from './marks.ts';
import type {Redis} from './redis.ts';
import {scanned, textsOf} from './sifting.ts';
import * as scripts from './slot-scripts.ts';
import {checkUnmoved, everywhere} from './topology.ts';

const perPage = 500;

export class Searching {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Everything that counts and that any clause selects, once, some at a time. */
  async *selected(what: CompiledSelection): AsyncIterable<readonly Entry[]> {
    const isSelected = (stored: StoredResponse): boolean => what.some(clause => selects(clause, stored));
    const resources = what.map(resourceOf);
    // Only under some resources where nothing else can be meant.
    const pages = resources.every(resource => resource !== undefined)
      ? this.under([...new Set(resources)].map(resource => this.#redis.keys.heads(resource)))
      : this.pages(textsOf(what));
    for await (const {found, marks} of this.judged(pages)) {
      yield found.flatMap(entry => {
        const shown = this.#redis.shown(entry, marks);
        return shown !== undefined && isSelected(shown.stored) ? [shown] : [];
      });
    }
  }

  /** What counts of a resource that many users have: everybody's. */
  async everybodys(resource: ResourceKey): Promise<readonly Entry[]> {
    const all = new Map<string, Entry>();
    for await (const {found, marks} of this.judged(this.under([this.#redis.keys.heads(resource)]))) {
      for (const entry of found) {
        const shown = entry.stored.resource === resource ? this.#redis.shown(entry, marks) : undefined;
        if (shown !== undefined) all.set(shown.stored.id, shown);
      }
    }
    return [...all.values()];
  }

  /** Everything that lies in these hashes, with marks to judge it by. */
  async *judged(
    pages: AsyncIterable<readonly string[]>,
  ): AsyncIterable<{readonly found: readonly Entry[]; readonly marks: Marks}> {
    const {hashes, settings} = this.#redis;
    for await (const page of pages) {
      if (page.length === 0) continue;
      const found = (await Promise.all(page.map(heads => hashes.entries(heads, settings.clearTimeout)))).flat();
      const before = await this.#redis.marks([], settings.clearTimeout);
      const lacking = [...new Set(before.lacking(found.map(({stored}) => stored)))];
      const marks = lacking.length === 0 ? before : before.and(await this.#redis.marks(lacking, settings.clearTimeout));
      yield {found, marks};
    }
  }

  /** The hashes of these resources, given by the shared ones: these first, then those of their users, some at a time. */
  async *under(shared: readonly string[]): AsyncIterable<readonly string[]> {
    yield shared;
    for (const heads of shared) yield* this.#users(heads);
  }

  /** The hashes of a resource's users. */
  async *#users(shared: string): AsyncIterable<readonly string[]> {
    const {commands, keys, settings} = this.#redis;
    const users = keys.users(shared);
    const isIndexed = async (): Promise<boolean> =>
      (await commands.run(settings.clearTimeout, scripts.indexed, [shared, users], [])) === 1;
    // Most resources have no users.
    if (!(await isIndexed())) return;
    let cursor = '0';
    do {
      const reply = await commands.send(settings.clearTimeout, users, 'ZSCAN', users, cursor, 'COUNT', String(perPage));
      const [next, found] = listOf(reply);
      cursor = textOf(next);
      // Names and scores in turn.
      yield listOf(found).flatMap((name, at) => (at % 2 === 0 ? [shared + textOf(name)] : []));
    } while (cursor !== '0');
    // Were the index lost meanwhile, what it did not give would still be answered with.
    await isIndexed();
  }

  /**
   * All hashes of heads, some at a time; where `texts` are given, those that may hold what has one of them in its record.
   *
   * @throws LimpidError when slots of a cluster move meanwhile: what lies in them may have been missed.
   */
  async *pages(texts?: readonly string[]): AsyncIterable<readonly string[]> {
    const {settings} = this.#redis;
    const all = await everywhere(this.#redis, settings.clearTimeout);
    for (const node of all.nodes) yield* this.#scan(node, texts);
    await checkUnmoved(all, settings.clearTimeout);
  }

  async *#scan(node: Node, texts: readonly string[] | undefined): AsyncIterable<readonly string[]> {
    const {keys, settings} = this.#redis;
    let cursor = '0';
    do {
      const args = [cursor, 'MATCH', keys.everyHead, 'COUNT', String(perPage), 'TYPE', 'hash'];
      const [next, found] = listOf(await scanned(node, settings.clearTimeout, args, texts));
      cursor = textOf(next);
      yield listOf(found)
        .map(textOf)
        .filter(key => key !== keys.control);
    } while (cursor !== '0');
  }
}

function selects(clause: Clause, stored: StoredResponse): boolean {
  if (clause.type === 'match') return clause.test(stored);
  return clause.scope.type === 'all' || scopeTexts(stored).has(scopeText(clause.scope));
}

const scopeTexts = (stored: StoredResponse): ReadonlySet<string> => new Set(scopesOf(stored).map(scopeText));

/**
 * The one resource under which to look for what a clause selects. What lies elsewhere because a rule ignores parameters is in
 * the scope of that resource, but no search for it finds it.
 */
const resourceOf = (clause: Clause): string | undefined =>
  clause.type === 'match' && clause.within.type === 'resource' ? clause.within.resource : undefined;
