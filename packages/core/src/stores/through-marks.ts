import {keepNewest} from '../model/newest.ts';
import type {Clause} from '../model/selection.ts';
import type {ResourceKey, StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';
import {type Covers, coverage} from './scopes.ts';
import {selects} from './selects.ts';

/** How long a mark lasts, in milliseconds: a day, and then proxies below us may answer again. */
export const throughLasts: number = 24 * 60 * 60 * 1000;
const maxCovering = 256;
const maxResources = 10_000;

type Mark = {readonly tick: Tick; readonly time: EpochMs};

/**
 * What must be asked for end to end, until it has been.
 *
 * A mark is forgotten in time, and when there are too many.
 */
export class ThroughMarks {
  readonly #now: () => EpochMs;
  readonly #covering: (Mark & {readonly covers: Covers})[] = [];
  readonly #resources = new Map<ResourceKey, Mark>();
  /** When a resource was last answered end to end. One that is forgotten is asked for once more. */
  readonly #reached = new Map<ResourceKey, Tick>();

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  /** Marks every URI that a clause names, now or later; where it names none, the resources of what it has `selected`. */
  mark(clause: Clause, selected: () => readonly StoredResponse[], tick: Tick): void {
    const covers = coverage(clause);
    if (covers !== undefined) {
      this.#covering.push({tick, time: this.#now(), covers});
      if (this.#covering.length > maxCovering) this.#covering.shift();
      return;
    }
    if (clause.type === 'scope' && clause.scope.type === 'resource') this.#markResource(clause.scope.resource, tick);
    for (const {resource} of selected()) this.#markResource(resource, tick);
  }

  #markResource(resource: ResourceKey, tick: Tick): void {
    keepNewest(this.#resources, resource, {tick, time: this.#now()}, maxResources);
  }

  /** The newest mark on this resource that no end-to-end answer has met. */
  newest(resource: ResourceKey, url: string): Tick | undefined {
    if (this.#covering.length === 0 && this.#resources.size === 0) return undefined;
    this.#ageOut();
    const reached = this.#reached.get(resource) ?? 0;
    const own = this.#resources.get(resource)?.tick ?? 0;
    const covering =
      this.#covering.findLast(mark => mark.tick > reached && selects(mark.covers, url, resource))?.tick ?? 0;
    const tick = Math.max(own, covering);
    return tick > reached ? tick : undefined;
  }

  /** An end-to-end answer to a request begun at `began` has come. */
  reached(resource: ResourceKey, url: string, began: Tick): void {
    const own = this.#resources.get(resource);
    if (own !== undefined && own.tick <= began) this.#resources.delete(resource);
    const before = this.#reached.get(resource) ?? 0;
    const meets = this.#covering.some(
      mark => mark.tick > before && mark.tick <= began && selects(mark.covers, url, resource),
    );
    if (meets) keepNewest(this.#reached, resource, began, maxResources);
  }

  clear(): void {
    this.#covering.length = 0;
    this.#resources.clear();
    this.#reached.clear();
  }

  #ageOut(): void {
    const oldestTime = this.#now() - throughLasts;
    while (this.#covering.length > 0 && (this.#covering[0]?.time ?? 0) < oldestTime) this.#covering.shift();
    for (const [resource, {time}] of this.#resources) {
      if (time >= oldestTime) break;
      this.#resources.delete(resource);
    }
    if (this.#covering.length === 0) this.#reached.clear();
  }
}
