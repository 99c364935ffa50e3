import {Marks} from './marks.ts';

/** Fields that are remembered at most; a field is some hundred bytes. */
const maxFields = 20_000;

/**
 * What has been read of the control hash at its present tick. Whatever adds a mark moves the tick, so all of it holds
 * until another tick is seen. Only what requests had to get through may have been met since.
 */
export class KnownMarks {
  #tick = 0;
  #incarnation: string | undefined;
  #values = new Map<string, string>();
  #asked = new Set<string>();

  hasAll(fields: readonly string[]): boolean {
    if (this.#asked.size === 0) return false;
    for (const field of fields) if (!this.#asked.has(field)) return false;
    return true;
  }

  /** What is known, if the hash is still as it was when that was read. */
  at({tick, incarnation}: Marks): Marks | undefined {
    const isSame = tick === this.#tick && incarnation === this.#incarnation;
    return isSame ? Marks.of(this.#values, this.#asked) : undefined;
  }

  learn(marks: Marks, fields: Iterable<string>): void {
    if (marks.incarnation === undefined) return;
    if (marks.tick !== this.#tick || marks.incarnation !== this.#incarnation || this.#asked.size > maxFields) {
      this.#tick = marks.tick;
      this.#incarnation = marks.incarnation;
      this.#values = new Map();
      this.#asked = new Set();
    }
    for (const field of Marks.fields(fields)) {
      this.#asked.add(field);
      const value = marks.text(field);
      if (value === undefined) this.#values.delete(field);
      else this.#values.set(field, value);
    }
  }
}
