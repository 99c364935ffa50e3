// Field lines as values: order and repeats are kept, names are lower case, nothing here changes in place.

import {trimmed} from './list.ts';

/** One field line: a lower-case name and its value as received. */
export type FieldLine = readonly [name: string, value: string];

/** Whatever a client may hand us as fields: `Headers`, pairs, or a record (an array value means several lines). */
export type FieldsSource =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | number | readonly string[] | undefined>>;

const isIterable = (source: FieldsSource): source is Iterable<readonly [string, string]> => Symbol.iterator in source;

/**
 * An immutable list of field lines, read without regard to case.
 *
 * Repeated lines stay apart (`Set-Cookie` cannot be combined); `get` combines them for everyone else.
 *
 * @see RFC 9110 §5.2, §5.3
 */
export class Fields implements Iterable<FieldLine> {
  static readonly none: Fields = new Fields([]);

  readonly #lines: readonly FieldLine[];

  private constructor(lines: readonly FieldLine[]) {
    this.#lines = lines;
  }

  /** Copies `source`; names become lower case, surrounding white space of values goes, undefined values are skipped. */
  static from(source: FieldsSource): Fields {
    if (source instanceof Fields) return source;
    const lines: FieldLine[] = [];
    for (const [name, value] of isIterable(source) ? source : Object.entries(source)) {
      if (value === undefined || value === null) continue;
      for (const line of Array.isArray(value) ? value : [value])
        lines.push([name.toLowerCase(), trimmed(String(line))]);
    }
    return new Fields(lines);
  }

  /** The combined value, or `undefined` when no line has this lower-case name. Cookie lines join by `; `, others by `, `. */
  get(name: string): string | undefined {
    let combined: string | undefined;
    for (const [lineName, value] of this.#lines) {
      if (lineName !== name) continue;
      combined = combined === undefined ? value : `${combined}${name === 'cookie' ? '; ' : ', '}${value}`;
    }
    return combined;
  }

  /** Every line's value under this lower-case name, in order. */
  lines(name: string): readonly string[] {
    return this.#lines.filter(([lineName]) => lineName === name).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.#lines.some(([lineName]) => lineName === name);
  }

  /** The distinct names, in order of first appearance. */
  names(): readonly string[] {
    return [...new Set(this.#lines.map(([name]) => name))];
  }

  /** A copy in which `value` is the only line of this name. */
  with(name: string, value: string): Fields {
    return new Fields([...this.#lines.filter(([lineName]) => lineName !== name), [name, value]]);
  }

  /** A copy with one more line at the end. */
  plus(name: string, value: string): Fields {
    return new Fields([...this.#lines, [name, value]]);
  }

  /** A copy without any line of these lower-case names; the same object when there is nothing to remove. */
  without(names: Iterable<string>): Fields {
    const gone = new Set(names);
    const kept = this.#lines.filter(([name]) => !gone.has(name));
    return kept.length === this.#lines.length ? this : new Fields(kept);
  }

  [Symbol.iterator](): Iterator<FieldLine> {
    return this.#lines[Symbol.iterator]();
  }
}
