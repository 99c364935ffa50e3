// A store of your own: everything in one Map. It keeps the contract of all stores, which the last lines put to the test.

import type {ByteRange, ClearHow, ClearOutcome, CompiledSelection, Store, UpdateOutcome} from 'limpid/store';
import {type Fenced, FencedStore, isSelected, partOf, type StoredResponse} from 'limpid/store';
import {storeContract} from 'limpid/store-contract';

class MapStore extends FencedStore implements Store {
  readonly #kept = new Map<string, {readonly fenced: Fenced; readonly bytes: Uint8Array}>();

  list = (resource: string) => this.#those(stored => stored.resource === resource).map(one => this.shown(one));
  size = () => this.total(this.#those(() => true));

  body(stored: StoredResponse, range?: ByteRange): Uint8Array | undefined {
    const kept = this.#kept.get(placeOf(stored));
    if (kept?.fenced.id !== stored.id) return undefined;
    kept.fenced.lastUsed = Date.now();
    return partOf(kept.bytes, range);
  }

  put = (stored: StoredResponse) => this.gathering(bytes => this.#keep(stored, bytes));

  update(stored: StoredResponse): UpdateOutcome {
    const kept = this.#kept.get(placeOf(stored));
    return kept?.fenced.id === stored.id ? this.#keep(stored, kept.bytes) : 'gone';
  }

  #keep(stored: StoredResponse, bytes: Uint8Array) {
    const earlier = this.#kept.get(placeOf(stored));
    const fenced = this.admitted({...stored, size: bytes.length}, earlier?.fenced);
    if (fenced === undefined) return 'fenced';
    this.#kept.set(placeOf(stored), {fenced, bytes});
    return 'stored';
  }

  clear(what: CompiledSelection, how: ClearHow): ClearOutcome {
    const found = this.#those(stored => isSelected(stored, what));
    if (how.action === 'remove') for (const one of found) this.#kept.delete(placeOf(one));
    return this.cleared(what, how, found);
  }

  async *entries(what: CompiledSelection): AsyncGenerator<StoredResponse> {
    for (const one of this.#those(stored => isSelected(stored, what))) yield this.shown(one);
  }

  override close(): void {
    super.close();
    this.#kept.clear();
  }

  #those(isMeant: (stored: StoredResponse) => boolean): Fenced[] {
    return [...this.#kept.values()].map(({fenced}) => fenced).filter(one => isMeant(this.shown(one)));
  }
}

const placeOf = ({resource, key}: StoredResponse): string => JSON.stringify([resource, key]);

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
