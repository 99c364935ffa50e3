import type {ResourceKey, StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';

/** How long a list is relied on, in milliseconds: no longer do we miss what other processes store or freshen. */
const reliedOn = 1000;

/** Stored responses in all lists together. */
const maxResponses = 10_000;

type RememberedList = {
  /** Read from the far store before it was asked for the list. */
  readonly tick: Tick;
  /** When it was asked. */
  readonly time: EpochMs;
  readonly responses: readonly StoredResponse[];
  /** The ids whose use the far store has been told of. */
  readonly used: Set<string>;
  /** A URI of this resource that had no through mark at `tick`. */
  unmarked: string | undefined;
};

const isRecent = ({time}: RememberedList, now: EpochMs): boolean => now - time >= 0 && now - time < reliedOn;

/** What a far store listed a moment ago. Good only for the tick it was listed at: every clear and expiry moves it. */
export class RememberedLists {
  /** Oldest first. */
  readonly #lists = new Map<ResourceKey, RememberedList>();
  #responses = 0;
  #forgettings = 0;

  /** What was listed at this very tick. */
  find(resource: ResourceKey, tick: Tick): readonly StoredResponse[] | undefined {
    return this.#at(resource, tick)?.responses;
  }

  /**
   * Called before the far store is asked; the result takes its answer.
   *
   * An answer that was under way while something was forgotten may be older than that, and is not remembered. Nor is
   * an empty one: the network comes next, and another process may be about to store.
   */
  remembering(resource: ResourceKey, tick: Tick): (responses: readonly StoredResponse[]) => void {
    const time = Date.now();
    const forgettings = this.#forgettings;
    return responses => {
      if (forgettings !== this.#forgettings || responses.length === 0) return;
      this.#remove(resource);
      this.#lists.set(resource, {tick, time, responses, used: new Set(), unmarked: undefined});
      this.#responses += responses.length;
      this.#makeRoom();
    };
  }

  /** Something was stored or updated under this resource, or is not there as listed. */
  forget(resource: ResourceKey): void {
    this.#forgettings++;
    this.#remove(resource);
  }

  forgetAll(): void {
    this.#forgettings++;
    this.#lists.clear();
    this.#responses = 0;
  }

  /** Whether this is the first use of a response since it was listed. */
  isFirstUse({resource, id}: StoredResponse): boolean {
    const used = this.#lists.get(resource)?.used;
    if (used?.has(id)) return false;
    used?.add(id);
    return true;
  }

  isUnmarked(resource: ResourceKey, url: string, tick: Tick): boolean {
    return this.#at(resource, tick)?.unmarked === url;
  }

  /** The far store, asked after `tick` was read, knows no through mark on this URI. */
  noteUnmarked(resource: ResourceKey, url: string, tick: Tick): void {
    const list = this.#at(resource, tick);
    if (list !== undefined) list.unmarked = url;
  }

  #at(resource: ResourceKey, tick: Tick): RememberedList | undefined {
    const list = this.#lists.get(resource);
    // Equal, not at least: a far store that began anew may count from a lower tick.
    return list?.tick === tick && isRecent(list, Date.now()) ? list : undefined;
  }

  #remove(resource: ResourceKey): void {
    this.#responses -= this.#lists.get(resource)?.responses.length ?? 0;
    this.#lists.delete(resource);
  }

  #makeRoom(): void {
    const now = Date.now();
    for (const [resource, list] of this.#lists) {
      if (this.#responses <= maxResponses && isRecent(list, now)) return;
      this.#remove(resource);
    }
  }
}
