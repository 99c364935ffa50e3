// A store of your own: everything in one Map. It keeps the contract of all stores, which the last lines put to the test.

import type {ClearHow, ClearOutcome, CompiledSelection, Store, StoredResponse, UpdateOutcome} from 'limpid/store';
import {Clears, isOutdated, isSelected, isYounger, partOf, RandomPseudonyms} from 'limpid/store';
import {storeContract} from 'limpid/store-contract';

type Kept = {
  stored: StoredResponse;
  readonly bytes: Uint8Array;
  /** The counter of the newest expiry that selected it, whatever tags it has by now. */
  expiredAt: number;
};

class MapStore implements Store {
  readonly #kept = new Map<string, Kept>();
  readonly #clears = new Clears();
  readonly #pseudonyms = new RandomPseudonyms();
  #isClosed = false;

  tick = () => this.#clears.tick;
  counts = (stored: StoredResponse) => this.#clears.isCurrent(stored);
  list = (resource: string) => this.#all(kept => kept.stored.resource === resource).map(({stored}) => stored);
  through = (resource: string, url: string) => this.#clears.through(resource, url);
  reached = (resource: string, url: string, began: number) => this.#clears.reached(resource, url, began);
  pseudonym = (secret: string) => this.#pseudonyms.of(secret);
  size = () => total(this.#all(() => true));

  body(stored: StoredResponse, range?: Parameters<Store['body']>[1]): Uint8Array | undefined {
    const kept = this.#find(stored);
    if (kept === undefined) return undefined;
    kept.stored = {...kept.stored, lastUsed: Date.now()};
    return partOf(kept.bytes, range);
  }

  put(stored: StoredResponse): ReturnType<Store['put']> {
    const chunks: Uint8Array[] = [];
    return {
      write: chunk => void chunks.push(chunk),
      abort: () => undefined,
      commit: () => this.#commit(stored, new Uint8Array(Buffer.concat(chunks))),
    };
  }

  #commit(stored: StoredResponse, bytes: Uint8Array): 'stored' | 'fenced' | 'full' {
    const earlier = this.#kept.get(placeOf(stored))?.stored;
    if (this.#isClosed) return 'full';
    if (!this.#clears.admits(stored) || (earlier && isYounger(earlier, stored, Date.now()))) return 'fenced';
    const kept = {stored: {...stored, size: bytes.length}, bytes, expiredAt: 0};
    this.#kept.set(placeOf(stored), this.#judged(kept));
    return 'stored';
  }

  update(stored: StoredResponse): UpdateOutcome {
    const kept = this.#find(stored);
    if (kept === undefined) return 'gone';
    if (!this.#clears.admits(stored) || isOutdated(kept.stored, stored, Date.now())) return 'fenced';
    kept.stored = {...stored, size: kept.bytes.length};
    this.#judged(kept);
    return 'stored';
  }

  #judged(kept: Kept): Kept {
    if (!this.#clears.isCurrent(kept.stored)) kept.expiredAt = this.#clears.tick;
    kept.stored = {...kept.stored, expired: kept.stored.began < kept.expiredAt};
    return kept;
  }

  clear(what: CompiledSelection, {action, through}: ClearHow): ClearOutcome {
    const found = this.#all(({stored}) => isSelected(stored, what));
    if (action === 'count' || what.length === 0) return {...total(found), tick: this.#clears.tick};
    const stored = found.map(kept => kept.stored);
    const tick = this.#clears.add(what, {action, through}, stored);
    for (const kept of found) {
      if (action === 'remove') this.#kept.delete(placeOf(kept.stored));
      else this.#judged(Object.assign(kept, {expiredAt: tick}));
    }
    return {...total(found), tick};
  }

  async *entries(what: CompiledSelection): AsyncGenerator<StoredResponse> {
    for (const {stored} of this.#all(kept => isSelected(kept.stored, what))) yield stored;
  }

  close(): void {
    this.#isClosed = true;
    this.#kept.clear();
  }

  #find(stored: StoredResponse): Kept | undefined {
    const kept = this.#kept.get(placeOf(stored));
    return kept?.stored.id === stored.id ? kept : undefined;
  }

  #all(isMeant: (kept: Kept) => boolean): Kept[] {
    return [...this.#kept.values()].filter(isMeant);
  }
}

const placeOf = ({resource, key}: StoredResponse): string => JSON.stringify([resource, key]);

const total = (found: readonly Kept[]): {count: number; bytes: number} => ({
  count: found.length,
  bytes: found.reduce((sum, {bytes}) => sum + bytes.length, 0),
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
