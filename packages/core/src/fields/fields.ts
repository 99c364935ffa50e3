// Field lines as values: order and repeats are kept, names are lower case, nothing here changes in place.

import {trimmed} from './list.ts';
import {sharing} from './remembered.ts';

/** One field line: a lower-case name and its value as received. */
export type FieldLine = readonly [name: string, value: string];

/** Whatever a client may hand us as fields: `Headers`, pairs, or a record (an array value means several lines). */
export type FieldsSource =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** A line, by its lower-case name, that takes the place of all others of that name, or comes after them. */
export type Change = readonly [how: 'set' | 'append', name: string, value: string];

/** Fields, and what is to be changed of them. */
export type Recipe = {readonly base: Fields; readonly changes: readonly Change[]};

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

  /** Names and values in turn: one array is a third of the memory of an array of pairs. */
  #lines: readonly string[] | undefined;
  #make: (() => Recipe) | undefined;

  private constructor(lines: readonly string[] | undefined, make?: () => Recipe) {
    this.#lines = lines;
    this.#make = make;
  }

  /** Copies `source`; names become lower case, surrounding white space of values goes, undefined values are skipped. */
  static from(source: FieldsSource): Fields {
    if (source instanceof Fields) return source;
    const lines: string[] = [];
    for (const [name, value] of isIterable(source) ? source : Object.entries(source)) {
      if (value === undefined || value === null) continue;
      const lower = name.toLowerCase();
      if (typeof value === 'string') lines.push(lower, trimmed(value));
      else for (const line of Array.isArray(value) ? value : [value]) lines.push(lower, trimmed(String(line)));
    }
    return new Fields(lines);
  }

  /** Fields that are made when somebody looks at them: most callers of a hit never do. `make` must be pure. */
  static later(make: () => Recipe): Fields {
    return new Fields(undefined, make);
  }

  /** What they will be made of, until somebody has looked at them. */
  get recipe(): Recipe | undefined {
    return this.#make?.();
  }

  get #all(): readonly string[] {
    if (this.#lines !== undefined) return this.#lines;
    const {recipe} = this;
    this.#lines = recipe === undefined ? [] : recipe.base.changed(recipe.changes).#all;
    this.#make = undefined;
    return this.#lines;
  }

  /** The combined value, or `undefined` when no line has this lower-case name. Cookie lines join by `; `, others by `, `. */
  get(name: string): string | undefined {
    const lines = this.#all;
    let combined: string | undefined;
    for (let at = 0; at < lines.length; at += 2) {
      if (lines[at] !== name) continue;
      const value = lines[at + 1] as string;
      combined = combined === undefined ? value : `${combined}${name === 'cookie' ? '; ' : ', '}${value}`;
    }
    return combined;
  }

  /** Every line's value under this lower-case name, in order. */
  lines(name: string): readonly string[] {
    return this.#all.filter((_, at) => at % 2 === 1 && this.#all[at - 1] === name);
  }

  has(name: string): boolean {
    const lines = this.#all;
    for (let at = 0; at < lines.length; at += 2) if (lines[at] === name) return true;
    return false;
  }

  /** The distinct names, in order of first appearance. */
  names(): readonly string[] {
    const lines = this.#all;
    return lines.length === 0 ? noNames : [...new Set(lines.filter((_, at) => at % 2 === 0))];
  }

  /** A copy in which `value` is the only line of this name, at the end. */
  with(name: string, value: string): Fields {
    const lines = this.#allBut(line => line === name);
    lines.push(name, value);
    return new Fields(lines);
  }

  /** A copy with one more line at the end. */
  plus(name: string, value: string): Fields {
    return new Fields([...this.#all, name, value]);
  }

  /** A copy with these changes, one after another. */
  changed(changes: readonly Change[]): Fields {
    return changes.reduce<Fields>((all, [how, name, value]) => all[how === 'set' ? 'with' : 'plus'](name, value), this);
  }

  /** A copy with all lines of others at the end. */
  and(others: Fields): Fields {
    return new Fields([...this.#all, ...others.#all]);
  }

  /** A copy without any line of these lower-case names; the same object when there is nothing to remove. */
  without(names: Iterable<string>): Fields {
    const gone = names instanceof Set ? names : new Set(names);
    const lines = this.#all;
    for (let at = 0; at < lines.length; at += 2) {
      if (gone.has(lines[at])) return new Fields(this.#allBut(name => gone.has(name)));
    }
    return this;
  }

  #allBut(isGone: (name: string) => boolean): string[] {
    const lines = this.#all;
    const kept: string[] = [];
    for (let at = 0; at < lines.length; at += 2) {
      const name = lines[at] as string;
      if (!isGone(name)) kept.push(name, lines[at + 1] as string);
    }
    // An array that has grown has room to grow further.
    return kept.slice();
  }

  /** The same lines for keeping: what many responses have in common is held once. Cookies are nobody else's. */
  kept(): Fields {
    const lines = this.#all;
    return new Fields(lines.map((text, at) => (lines[at - 1] === 'set-cookie' ? text : shareText(text, undefined)[0])));
  }

  /** Every line in order, without an object for each. */
  forEach(visit: (name: string, value: string) => void): void {
    const lines = this.#all;
    for (let at = 0; at < lines.length; at += 2) visit(lines[at] as string, lines[at + 1] as string);
  }

  *[Symbol.iterator](): Iterator<FieldLine> {
    const lines = this.#all;
    for (let at = 0; at < lines.length; at += 2) yield [lines[at] as string, lines[at + 1] as string];
  }
}

const noNames: readonly string[] = [];

const shareText = sharing<undefined>();
