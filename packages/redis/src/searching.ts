// Looking through what lies in Redis, a page at a time.

import {type Clause, type CompiledSelection, type StoredResponse, scopesOf, scopeText} from 'limpid/store';
import {listOf, textOf} from './commands.ts';
import type {Entry} from './envelope.ts';
import type {Marks} from './marks.ts';
import type {Redis} from './redis.ts';

const scanned = 500;

/** A stored response, where it lies. */
export type Found = {readonly heads: string; readonly entry: Entry};

export class Searching {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Everything that counts and that any clause selects, once, some at a time. */
  async *selected(what: CompiledSelection): AsyncIterable<readonly Found[]> {
    const isSelected = (stored: StoredResponse): boolean => what.some(clause => selects(clause, stored));
    const resources = what.map(resourceOf);
    // Only under some resources where nothing else can be meant.
    const pages = resources.every(resource => resource !== undefined)
      ? [[...new Set(resources)].map(resource => this.#redis.keys.heads(resource))]
      : this.pages();
    for await (const {found, marks} of this.judged(pages)) {
      yield found.flatMap(({heads, entry}) => {
        const shown = this.#redis.shown(entry, marks);
        return shown !== undefined && isSelected(shown.stored) ? [{heads, entry: shown}] : [];
      });
    }
  }

  /** Everything that lies under these heads, with marks to judge it by. */
  async *judged(
    pages: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
  ): AsyncIterable<{readonly found: readonly Found[]; readonly marks: Marks}> {
    for await (const page of pages) {
      const read = await Promise.all(
        page.map(async heads => ({
          heads,
          entries: await this.#redis.entries(heads, this.#redis.settings.clearTimeout),
        })),
      );
      const found = read.flatMap(({heads, entries}) => entries.map(entry => ({heads, entry})));
      const before = await this.#redis.marks([], this.#redis.settings.clearTimeout);
      const lacking = [...new Set(before.lacking(found.map(({entry}) => entry.stored)))];
      const marks =
        lacking.length === 0 ? before : before.and(await this.#redis.marks(lacking, this.#redis.settings.clearTimeout));
      yield {found, marks};
    }
  }

  /** The keys of all heads, some at a time. */
  async *pages(): AsyncIterable<readonly string[]> {
    const {commands, keys} = this.#redis;
    for (const node of await commands.masters()) {
      let cursor = '0';
      do {
        const reply = await node.send(
          this.#redis.settings.clearTimeout,
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
}

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
