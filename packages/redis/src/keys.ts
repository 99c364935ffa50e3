// Where things lie. All of a resource lies in one slot, and all that decides what counts in another.

import {createHash} from 'node:crypto';
import {type ResourceKey, wellFormed} from 'limpid/store';
import QuickLRU from 'quick-lru';

export class Keys {
  readonly #prefix: string;
  /** The counter, the marks and the log of clears, in one hash: who loses one loses all, and it shows. */
  readonly control: string;

  readonly #lately = new QuickLRU<ResourceKey, string>({maxSize: 1000});

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.control = `${prefix}:{${prefix}}`;
  }

  /**
   * The heads of a resource, in a hash. What braces hold decides the slot. The digest only finds the place: resources are
   * compared by name.
   */
  heads(resource: ResourceKey): string {
    let heads = this.#lately.get(resource);
    if (heads === undefined) {
      const digest = createHash('sha256').update(wellFormed(resource)).digest('base64url');
      heads = `${this.#prefix}:{${digest.slice(0, 22)}}`;
      this.#lately.set(resource, heads);
    }
    return heads;
  }

  /** All of them. */
  get everyHead(): string {
    return `${this.#prefix}:{*}`;
  }

  /** A long body, in the slot of its resource. */
  body(heads: string, id: string): string {
    return `${heads}:${wellFormed(id)}`;
  }

  lease(resource: ResourceKey): string {
    return `${this.heads(resource)}:lease`;
  }
}
