// Field values as written in the data, made into what is sent: dates from a moment, locations under a test's own path.

import type {WrittenField} from './suite.ts';

/** What written values are relative to. */
export type Place = {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The test's path, put before locations; `undefined` where they are meant as written. */
  readonly base?: string | undefined;
  /** The fields whose dates are in RFC 850's form, lower case. */
  readonly rfc850date?: readonly string[] | undefined;
};

/** A field as sent. */
export type Field = readonly [name: string, value: string];

const dates: ReadonlySet<string> = new Set([
  'date',
  'expires',
  'last-modified',
  'if-modified-since',
  'if-unmodified-since',
]);
const locations: ReadonlySet<string> = new Set(['location', 'content-location']);

/** The value to send, or to expect, for a written one. */
export function sentValue(name: string, value: string | number, {now, base, rfc850date = []}: Place): string {
  const lower = name.toLowerCase();
  if (typeof value === 'number' && dates.has(lower)) {
    const date = new Date(now + value * 1000);
    return rfc850date.includes(lower) ? rfc850(date) : date.toUTCString();
  }
  if (base !== undefined && locations.has(lower)) return value === '' ? base : `${base}/${value}`;
  return String(value);
}

/** Written fields as sent, in their order. */
export const fieldsOf = (written: readonly WrittenField[], place: Place): readonly Field[] =>
  written.map(([name, value]) => [name, sentValue(name, value, place)]);

/** A field's value, its lines joined; `undefined` when it is absent. */
export function valueIn(fields: readonly Field[], name: string): string | undefined {
  const lines = fields.filter(([other]) => other.toLowerCase() === name.toLowerCase());
  return lines.length === 0 ? undefined : lines.map(([, value]) => value).join(', ');
}

/** The lines of each field, under the name as first spelt. */
export function linesByName(fields: readonly Field[]): ReadonlyMap<string, readonly string[]> {
  const spellings = new Map<string, string>();
  for (const [name] of fields) if (!spellings.has(name.toLowerCase())) spellings.set(name.toLowerCase(), name);
  const linesOf = (lower: string): readonly string[] =>
    fields.filter(([name]) => name.toLowerCase() === lower).map(([, value]) => value);
  return new Map(Array.from(spellings, ([lower, name]) => [name, linesOf(lower)]));
}

/** `Sunday, 06-Nov-94 08:49:37 GMT`. */
function rfc850(date: Date): string {
  const [, day, month, year = '', time] = date.toUTCString().split(' ');
  const weekday = date.toLocaleDateString('en', {weekday: 'long', timeZone: 'UTC'});
  return `${weekday}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
}
