import QuickLRU from 'quick-lru';
import {type Partition, type ResourceKey, type StoredResponse, shareable} from '../model/stored-response.ts';
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
};

/** Whose list it is; `undefined` for everybody's. */
type Whose = Partition | undefined;

const isRecent = ({time}: RememberedList, now: EpochMs): boolean => now - time >= 0 && now - time < reliedOn;

/** What a far store listed a moment ago. Good only for the tick it was listed at: every clear and expiry moves it. */
export class RememberedLists {
  /** Oldest first. */
  readonly #lists = new Map<ResourceKey, Map<Whose, RememberedList>>();
  /** A URI of each resource that had no through mark at this tick. */
  readonly #unmarked = new QuickLRU<ResourceKey, {readonly url: string; readonly tick: Tick}>({
    maxSize: maxResponses,
    maxAge: reliedOn,
  });
  /** The ids whose use the far store has been told of. */
  readonly #used = new QuickLRU<string, true>({maxSize: maxResponses, maxAge: reliedOn});
  #responses = 0;
  #forgettings = 0;

  /** What was listed at this very tick; 0 is none, but what a store says that has just begun anew, perhaps again and again. */
  find(resource: ResourceKey, whose: Whose, tick: Tick): readonly StoredResponse[] | undefined {
    const list = this.#lists.get(resource)?.get(whose);
    // Equal, not at least: a far store that began anew may count from a lower tick.
    return tick !== 0 && list?.tick === tick && isRecent(list, Date.now()) ? list.responses : undefined;
  }

  /**
   * Called before the far store is asked; the result takes its answer.
   *
   * An answer that was under way while something was forgotten may be older than that, and is not remembered. Nor is
   * an empty one: the network comes next, and another process may be about to store.
   */
  remembering(resource: ResourceKey, whose: Whose, tick: Tick): (responses: readonly StoredResponse[]) => void {
    const time = Date.now();
    const forgettings = this.#forgettings;
    return responses => {
      if (forgettings !== this.#forgettings || responses.length === 0) return;
      this.#remove(resource, whose);
      const ofResource = this.#lists.get(resource) ?? new Map<Whose, RememberedList>();
      this.#lists.delete(resource);
      this.#lists.set(resource, ofResource.set(whose, {tick, time, responses}));
      this.#responses += responses.length;
      this.#makeRoom();
    };
  }

  /** Something of this partition was stored or updated under this resource, or is not there as listed. */
  forget({resource, partition}: Pick<StoredResponse, 'resource' | 'partition'>): void {
    this.#forgettings++;
    const everyone = (): readonly Whose[] => [...(this.#lists.get(resource)?.keys() ?? [])];
    for (const whose of partition === shareable ? everyone() : [partition, undefined]) this.#remove(resource, whose);
  }

  forgetAll(): void {
    this.#forgettings++;
    this.#lists.clear();
    this.#unmarked.clear();
    this.#used.clear();
    this.#responses = 0;
  }

  /** Whether nobody has used this response a moment ago. */
  isFirstUse({id}: StoredResponse): boolean {
    if (this.#used.has(id)) return false;
    this.#used.set(id, true);
    return true;
  }

  isUnmarked(resource: ResourceKey, url: string, tick: Tick): boolean {
    const known = this.#unmarked.get(resource);
    return tick !== 0 && known?.url === url && known.tick === tick;
  }

  /** The far store, asked after `tick` was read, knows no through mark on this URI. */
  noteUnmarked(resource: ResourceKey, url: string, tick: Tick): void {
    this.#unmarked.set(resource, {url, tick});
  }

  #remove(resource: ResourceKey, whose: Whose): void {
    const ofResource = this.#lists.get(resource);
    this.#responses -= ofResource?.get(whose)?.responses.length ?? 0;
    if (ofResource?.delete(whose) && ofResource.size === 0) this.#lists.delete(resource);
  }

  #makeRoom(): void {
    const now = Date.now();
    for (const [resource, ofResource] of this.#lists) {
      for (const [whose, list] of ofResource) {
        if (this.#responses <= maxResponses && isRecent(list, now)) return;
        this.#remove(resource, whose);
      }
    }
  }
}
