// What must be asked for end to end, until it has been. The marks lie in the control hash.

import {
  type CompiledSelection,
  type Covers,
  coverage,
  decodeCover,
  Own,
  type ResourceKey,
  selects,
  type Tick,
} from 'limpid/store';
import {type Marks, reachedField, throughField} from './marks.ts';

/** A mark is forgotten after a day, in milliseconds: then proxies below us may answer again. */
export const maxAge: number = 24 * 60 * 60 * 1000;
const maxOwn = 256;

/** What to ask of the control hash. */
export const throughFields = (resource: ResourceKey): readonly string[] => [
  'through',
  throughField(resource),
  reachedField(resource),
];

type Covering = readonly [tick: string, time: number, record: string];

/** A list without members comes as an object from Lua. */
function coveringsIn(text: string | undefined): readonly Covering[] {
  if (text === undefined) return [];
  const coverings: unknown = JSON.parse(text);
  return Array.isArray(coverings) ? (coverings as readonly Covering[]) : [];
}

export class ThroughMarks {
  readonly #now: () => number;
  /** What this process itself marked, as it was said: text carries less. */
  readonly #own = new Own<readonly Covers[]>(maxOwn);

  constructor(now: () => number) {
    this.#now = now;
  }

  remember(what: CompiledSelection, tick: Tick): void {
    this.#own.set(
      tick,
      what.flatMap(clause => coverage(clause) ?? []),
    );
  }

  /** The newest mark on this resource that no end-to-end answer has met. */
  newest(marks: Marks, resource: ResourceKey, url: string): Tick | undefined {
    let newest = marks.number(throughField(resource));
    const oldest = this.#now() - maxAge;
    for (const [text, time, record] of coveringsIn(marks.text('through'))) {
      const tick = Number(text);
      if (tick > newest && time >= oldest && this.#covers(tick, record, url, resource)) newest = tick;
    }
    return newest > marks.number(reachedField(resource)) ? newest : undefined;
  }

  #covers(tick: Tick, record: string, url: string, resource: ResourceKey): boolean {
    const covering = this.#own.get(tick) ?? [decodeCover(record)];
    return covering.some(covers => selects(covers, url, resource));
  }
}
