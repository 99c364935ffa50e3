import type {Clause} from '../model/selection.ts';
import type {ResourceKey} from '../model/stored-response.ts';
import type {Tick} from '../model/units.ts';
import {decodeCover} from './clear-record.ts';
import {Own} from './own.ts';
import {type Covers, coverage} from './scopes.ts';
import {selects} from './selects.ts';

const maxOwn = 256;

/** What the `through` marks cover that speak of URIs: by the clauses where this process set them, else by their text. */
export class OwnCovers {
  readonly #own = new Own<readonly Covers[]>(maxOwn);

  /** To be called once the marks are where others read them: a tick that was rolled back may become another's. */
  remember(clauses: readonly Clause[], tick: Tick): void {
    this.#own.set(
      tick,
      clauses.flatMap(clause => coverage(clause) ?? []),
    );
  }

  /** Whether what was marked at this tick, with this text, covers a request. */
  covers(tick: Tick, record: string, url: string, resource: ResourceKey): boolean {
    const covering = this.#own.get(tick) ?? [decodeCover(record)];
    return covering.some(covers => selects(covers, url, resource));
  }
}
