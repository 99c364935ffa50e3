import QuickLRU from 'quick-lru';
import {type Entry, entriesOf} from './envelope.ts';

/** Longer values are decoded each time: what is remembered is as long. */
const maxBytes = 64 * 1024;

type Value = {readonly fields: readonly Buffer[]; readonly entries: readonly Entry[]};

/** What hashes held when they were last read. The same bytes mean the same: comparing them is cheaper than reading JSON. */
export class Decoded {
  readonly #lately = new QuickLRU<string, Value>({maxSize: 250});

  /** The entries of a hash, given as names and values in turn. */
  entries(heads: string, fields: readonly Buffer[]): readonly Entry[] {
    const known = this.#lately.get(heads);
    if (known !== undefined && isSame(known.fields, fields)) return known.entries;
    const bytes = fields.reduce((sum, {byteLength}) => sum + byteLength, 0);
    if (bytes === 0 || bytes > maxBytes) {
      this.#lately.delete(heads);
      return entriesOf(fields);
    }
    const copies = fields.map(own);
    const entries = entriesOf(copies);
    this.#lately.set(heads, {fields: copies, entries});
    return entries;
  }
}

/** Not a view of the block that many replies came in, which would be kept as a whole. */
const own = (field: Buffer): Buffer => Buffer.from(field);

const isSame = (one: readonly Buffer[], other: readonly Buffer[]): boolean =>
  one.length === other.length && one.every((field, index) => field.equals(other[index] as Buffer));
