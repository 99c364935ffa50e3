// Reads values nobody has looked at yet. Each reader returns what it read or throws a `TypeError` that names the path,
// shows the value and says what is allowed. Nothing is coerced, and nothing unknown passes in silence.

import {complaint, isPlain, noOption} from '../complaint.ts';
import {isToken} from '../fields/list.ts';

/** Turns an unknown value into what it has to be, or throws. */
export type Reader<T> = (value: unknown, path: string) => T;

type Readers = Readonly<Record<string, Reader<unknown>>>;

/** A reader for each key of what is to be read. */
export type ReadersOf<T> = {readonly [Key in keyof T]-?: Reader<Exclude<T[Key], undefined>>};

/** What `readRecord` makes of a record: the keys that were set, each as its reader returned it. */
export type Read<R extends Readers> = {readonly [Key in keyof R]?: ReturnType<R[Key]>};

/** Keys that mean something, but not here. */
export type Elsewhere = {readonly readers: Readers; readonly place: string};

const joined = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Anything that has properties, functions aside. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * Reads a plain object key by key. A key without a reader throws; an undefined value counts as absent.
 *
 * Instances of classes are refused: their options would sit where nobody looks, and be ignored.
 */
export function readRecord<R extends Readers>(
  value: unknown,
  path: string,
  readers: R,
  allowed = `an object of ${Object.keys(readers).join(', ')}`,
  elsewhere?: Elsewhere,
): Read<R> {
  if (!isPlain(value)) throw complaint(path === '' ? 'options' : path, value, allowed);
  const read: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader === undefined) {
      const place = elsewhere && Object.hasOwn(elsewhere.readers, key) ? elsewhere.place : undefined;
      throw noOption(joined(path, key), key, Object.keys(readers), place);
    }
    if (given !== undefined) read[key] = reader(given, joined(path, key));
  }
  return read as Read<R>;
}

/** Reads one of a few literals. */
export function readChoice<const T extends string>(choices: readonly T[]): Reader<T> {
  return (value, path) => {
    const choice = choices.find(candidate => candidate === value);
    if (choice === undefined) throw complaint(path, value, choices.map(candidate => `"${candidate}"`).join(', '));
    return choice;
  };
}

/** Reads what passes a test, as it is. */
export function readAs<T>(passes: (value: unknown) => boolean, allowed: string): Reader<T> {
  return (value, path) => {
    if (!passes(value)) throw complaint(path, value, allowed);
    return value as T;
  };
}

/** Reads `true` or `false`, and nothing that merely counts as one of them. */
export const readFlag: Reader<boolean> = readAs(value => typeof value === 'boolean', 'true or false');

/** Reads a function; its arguments and result are the caller's word. */
export const readFunction = <F>(allowed: string): Reader<F> => readAs(value => typeof value === 'function', allowed);

/** Reads text that is not empty. */
export const readText: Reader<string> = readAs(
  value => typeof value === 'string' && value !== '',
  'text that is not empty',
);

/** Reads an array, each member by `reader`, without repeats. */
export function readArray<T>(reader: Reader<T>, allowed: string): Reader<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw complaint(path, value, allowed);
    return [...new Set(value.map((member: unknown, index) => reader(member, `${path}[${index}]`)))];
  };
}

/** Reads a field name, and makes it lower case. */
export function readFieldName(value: unknown, path: string): string {
  if (typeof value !== 'string' || !isToken(value) || value === '*') {
    throw complaint(path, value, 'a field name like "accept-language"');
  }
  return value.toLowerCase();
}

const upperCased = /^(?:DELETE|GET|HEAD|OPTIONS|POST|PUT|QUERY)$/i;

/**
 * Reads a method. Methods are case-sensitive; those that Fetch sends in upper case, and QUERY, become upper case.
 *
 * @see RFC 9110 §9.1
 */
export function readMethod(value: unknown, path: string): string {
  if (typeof value !== 'string' || !isToken(value)) throw complaint(path, value, 'a method like "GET"');
  return upperCased.test(value) ? value.toUpperCase() : value;
}

/** Reads a status code. RFC 9110 §15 */
export const readStatus: Reader<number> = readAs(
  value => Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 999,
  'a whole number from 100 to 999',
);

/** Reads the yes or no of a function we were given. A promise would always count as yes, so it is refused. */
export function readVerdict(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw complaint(`the result of ${path}`, value, 'true or false, not a promise');
  return value;
}

/**
 * Reads a record whose every key narrows what is meant. Without any key, or with an undefined one, it would mean more
 * than was intended: both throw.
 */
export function readConditions<R extends Readers>(value: unknown, path: string, readers: R, allowed: string): Read<R> {
  if (!isPlain(value) || Object.keys(value).length === 0) throw complaint(path, value, allowed);
  const read = readRecord(value, path, readers, allowed);
  for (const key of Object.keys(value)) {
    if (value[key] === undefined) throw complaint(joined(path, key), undefined, 'a value; leave the key out for any');
  }
  return read;
}
