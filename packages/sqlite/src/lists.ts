import type {ResourceKey, StoredResponse} from 'limpid/store';
import QuickLRU from 'quick-lru';

/** What was listed last, as long as nothing has changed in the file. */
export class Lists {
  // Holds up to twice its `maxSize`.
  readonly #lists = new QuickLRU<ResourceKey, readonly StoredResponse[]>({maxSize: 500});

  find(resource: ResourceKey): readonly StoredResponse[] | undefined {
    return this.#lists.get(resource);
  }

  remember(resource: ResourceKey, list: readonly StoredResponse[]): void {
    this.#lists.set(resource, list);
  }

  forget(resource: ResourceKey): void {
    this.#lists.delete(resource);
  }

  forgetAll(): void {
    this.#lists.clear();
  }
}
