// What must be asked for end to end, until it has been. The marks lie in the control hash.

import {OwnCovers, type ResourceKey, type Tick, throughLasts} from 'limpid/store';
import {type Marks, reachedField, throughField} from './marks.ts';

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
  /** What this process marked itself. */
  readonly own: OwnCovers = new OwnCovers();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The newest mark on this resource that no end-to-end answer has met. */
  newest(marks: Marks, resource: ResourceKey, url: string): Tick | undefined {
    let newest = marks.number(throughField(resource));
    const oldest = this.#now() - throughLasts;
    for (const [text, time, record] of coveringsIn(marks.text('through'))) {
      const tick = Number(text);
      if (tick > newest && time >= oldest && this.own.covers(tick, record, url, resource)) newest = tick;
    }
    return newest > marks.number(reachedField(resource)) ? newest : undefined;
  }
}
