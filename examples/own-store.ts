// A store of your own: everything in one Map. It keeps the contract of all stores, which the last lines put to the test.

import {randomUUID} from 'node:crypto';
import type {Clause, ClearHow, ClearOutcome, CompiledSelection, Store, StoredResponse, Tick} from 'limpid/store';
import {coverage, isOutdated, isYounger, scopesOf, scopeText} from 'limpid/store';
import {storeContract} from 'limpid/store-contract';

type Kept = {stored: StoredResponse; readonly bytes: Uint8Array};
type Clear = {readonly tick: Tick; readonly what: CompiledSelection; readonly action: ClearHow['action']};
type Covers = {readonly tick: Tick; readonly covers: (url: string, resource: string) => boolean};

const selects = (what: CompiledSelection, stored: StoredResponse): boolean =>
  what.some(clause => (clause.type === 'match' ? clause.test(stored) : isIn(clause.scope, stored)));
const isIn = (scope: (Clause & {type: 'scope'})['scope'], stored: StoredResponse): boolean =>
  scope.type === 'all' || scopesOf(stored).some(one => scopeText(one) === scopeText(scope));
const placeOf = ({resource, key}: StoredResponse): string => JSON.stringify([resource, key]);

class MapStore implements Store {
  readonly #kept = new Map<string, Kept>();
  /** All clears, against what is still on its way. A store for long use keeps the newest, and refuses what began before. */
  readonly #clears: Clear[] = [];
  readonly #covers: Covers[] = [];
  readonly #reached = new Map<string, Tick>();
  readonly #pseudonyms = new Map<string, string>();
  #tick = 1;
  #isClosed = false;

  tick = (): Tick => this.#tick;
  counts = (stored: StoredResponse): boolean => this.#newest(stored) === 0 && this.#newest(stored, 'expire') === 0;
  list = (resource: string): StoredResponse[] => this.#all(stored => stored.resource === resource);
  size = (): {count: number; bytes: number} => total(this.#all(() => true));

  body(stored: StoredResponse, range = {offset: 0, length: Number.POSITIVE_INFINITY}): Uint8Array | undefined {
    const kept = this.#find(stored);
    if (kept === undefined) return undefined;
    kept.stored = {...kept.stored, lastUsed: Date.now()};
    return kept.bytes.slice(range.offset, range.offset + range.length);
  }

  put(stored: StoredResponse): ReturnType<Store['put']> {
    const chunks: Uint8Array[] = [];
    return {
      write: chunk => void chunks.push(chunk),
      abort: () => undefined,
      commit: () => {
        const bytes = new Uint8Array(Buffer.concat(chunks));
        const earlier = this.#kept.get(placeOf(stored))?.stored;
        if (this.#isClosed) return 'full';
        if (this.#newest(stored) > 0 || (earlier && isYounger(earlier, stored, Date.now()))) return 'fenced';
        const expired = this.#newest(stored, 'expire') > 0;
        this.#kept.set(placeOf(stored), {stored: {...stored, size: bytes.length, expired}, bytes});
        return 'stored';
      },
    };
  }

  update(stored: StoredResponse): 'stored' | 'fenced' | 'gone' {
    const kept = this.#find(stored);
    if (kept === undefined) return 'gone';
    if (this.#newest(stored) > 0 || isOutdated(kept.stored, stored, Date.now())) return 'fenced';
    const wasExpired = kept.stored.expired && stored.began === kept.stored.began;
    const expired = wasExpired || this.#newest(stored, 'expire') > 0;
    kept.stored = {...stored, size: kept.bytes.length, expired};
    return 'stored';
  }

  clear(what: CompiledSelection, {action, through}: ClearHow): ClearOutcome {
    const found = this.#all(stored => selects(what, stored));
    if (action === 'count' || what.length === 0) return {...total(found), tick: this.#tick};
    const tick = ++this.#tick;
    this.#clears.push({tick, what, action});
    for (const stored of found) {
      if (action === 'remove') this.#kept.delete(placeOf(stored));
      else (this.#find(stored) as Kept).stored = {...stored, expired: true};
    }
    for (const clause of through ? what : []) {
      const resources = new Set(found.map(({resource}) => resource));
      if (clause.type === 'scope' && clause.scope.type === 'resource') resources.add(clause.scope.resource);
      this.#covers.push({tick, covers: coverage(clause) ?? ((_, resource) => resources.has(resource))});
    }
    return {...total(found), tick};
  }

  through(resource: string, url: string): Tick | undefined {
    const tick = Math.max(0, ...this.#covers.flatMap(one => (one.covers(url, resource) ? one.tick : [])));
    return tick > (this.#reached.get(resource) ?? 0) ? tick : undefined;
  }

  reached(resource: string, _: string, began: Tick): void {
    this.#reached.set(resource, Math.max(this.#reached.get(resource) ?? 0, began));
  }

  async *entries(what: CompiledSelection): AsyncGenerator<StoredResponse> {
    yield* this.#all(stored => selects(what, stored));
  }

  pseudonym(secret: string): string {
    const known = this.#pseudonyms.get(secret) ?? randomUUID();
    this.#pseudonyms.set(secret, known);
    return known;
  }

  close(): void {
    this.#isClosed = true;
    this.#kept.clear();
  }

  /** The newest clear or expiry since this began that selects it; 0 when there is none. */
  #newest(stored: StoredResponse, action: ClearHow['action'] = 'remove'): Tick {
    const later = this.#clears.filter(clear => clear.action === action && clear.tick > stored.began);
    return later.findLast(clear => selects(clear.what, stored))?.tick ?? 0;
  }

  #find(stored: StoredResponse): Kept | undefined {
    const kept = this.#kept.get(placeOf(stored));
    return kept?.stored.id === stored.id ? kept : undefined;
  }

  #all(isMeant: (stored: StoredResponse) => boolean): StoredResponse[] {
    return [...this.#kept.values()].flatMap(({stored}) => (isMeant(stored) ? stored : []));
  }
}

const total = (found: readonly StoredResponse[]): {count: number; bytes: number} => ({
  count: found.length,
  bytes: found.reduce((bytes, {size}) => bytes + size, 0),
});

const tests: (readonly [title: string, body: () => Promise<void>])[] = [];
storeContract({describe: (_, body) => body(), test: (...one) => tests.push(one)}, () => new MapStore());
let passed = 0;
for (const [title, body] of tests) {
  await body().then(
    () => passed++,
    error => console.log(title, error),
  );
}
console.log(passed === tests.length ? 'It is a store.' : `${tests.length - passed} of ${tests.length} tests failed.`);

/* prints:
It is a store.
*/
