// What must be asked for end to end, until it has been.

import {type Clause, coverage, encodeCover, OwnCovers, type ResourceKey, type Tick, throughLasts} from 'limpid/store';
import type {Reading, Writing} from './database.ts';
import {trim} from './rows.ts';

const maxCovers = 256;
const maxMarks = 10_000;

export class ThroughMarks {
  /** What this process marked itself. */
  readonly own: OwnCovers = new OwnCovers();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Marks every URI of the clauses that speak of URIs, and these resources. In the transaction of the clear. */
  async add(transaction: Writing, clauses: readonly Clause[], resources: Iterable<string>, tick: Tick): Promise<void> {
    const time = this.#now();
    const covers = transaction.objectStore('covers');
    for (const clause of clauses) {
      if (coverage(clause) !== undefined) await covers.add({tick, time, record: encodeCover(clause)});
    }
    await trim(covers, maxCovers);
    const marks = transaction.objectStore('marks');
    for (const resource of resources) {
      const reached = (await marks.get(resource))?.reached ?? 0;
      await marks.put({resource, marked: tick, reached, time});
    }
    await trim(marks.index('time'), maxMarks, mark => mark.time < time - throughLasts);
  }

  /** The newest mark on this resource that no end-to-end answer has met. */
  async newest(transaction: Reading, resource: ResourceKey, url: string): Promise<Tick | undefined> {
    const oldest = this.#now() - throughLasts;
    const mark = await transaction.objectStore('marks').get(resource);
    let newest = mark !== undefined && mark.time >= oldest ? mark.marked : 0;
    for (const {tick, time, record} of await transaction.objectStore('covers').getAll()) {
      if (tick > newest && time >= oldest && this.own.covers(tick, record, url, resource)) newest = tick;
    }
    return newest > (mark?.reached ?? 0) ? newest : undefined;
  }

  /** An end-to-end answer to a request begun at `began` has come. */
  async reached(transaction: Writing, resource: ResourceKey, began: Tick): Promise<void> {
    const marks = transaction.objectStore('marks');
    const mark = await marks.get(resource);
    const reached = Math.max(mark?.reached ?? 0, began);
    await marks.put({resource, marked: mark?.marked ?? 0, reached, time: this.#now()});
  }
}
