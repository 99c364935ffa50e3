// How wrong options are complained of, wherever they are read: what it was, its value, and what is allowed.

const longestShown = 80;

/** What kind of object a value is, of whatever realm. */
export const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/** What may be told of a URL nobody has named the secrets of: neither user information nor query. */
export const withoutSecretParts = (url: string): string =>
  url.replace(/\?.*$/s, '?…').replace(/^((?:[a-z][a-z\d+.-]*:)?\/\/)[^/?#]*@/i, '$1…@');

/** A value as an error message shows it: short, without the inside of objects, and without what URLs may hold secret. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    const text = withoutSecretParts(value);
    return JSON.stringify(text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);
  }
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : 'an array';
  if (value === null || typeof value !== 'object') return String(value);
  const kind = tagOf(value);
  if (kind !== 'Object') return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
  if (!isPlain(value)) return 'a class instance';
  return Object.keys(value).length === 0 ? '{}' : 'an object';
}

/** The error for a value that is not allowed. */
export function complaint(path: string, value: unknown, allowed: string): TypeError {
  // An async function gave it, where none is allowed. It is refused as a promise, however it ends.
  if (value instanceof Promise) value.catch(() => undefined);
  return new TypeError(`limpid: ${path} is ${shown(value)}; allowed: ${allowed}`);
}

/** The error for a key that means nothing here: it says where it would, or which was probably meant, else names all. */
export function noOption(path: string, key: string, known: readonly string[], place?: string): TypeError {
  const meant = closest(key, known);
  const all = meant === undefined ? `known: ${known.join(', ')}` : `did you mean "${meant}"?`;
  return new TypeError(`limpid: ${path} is not an option; ${place === undefined ? all : `it belongs in ${place}`}`);
}

const letters = (key: string): string => key.toLowerCase().replaceAll(/[^a-z]/g, '');

/** The known key with the fewest edits to `key`, when they are few enough to be a slip. */
function closest(key: string, known: readonly string[]): string | undefined {
  const written = letters(key).slice(0, 40);
  for (let edits = 0; edits < tooManyEdits; edits += 1) {
    const meant = known.find(name => edits <= Math.max(1, name.length / 3) && isWithin(edits, written, letters(name)));
    if (meant !== undefined) return meant;
  }
  return undefined;
}

/** More than a third of the longest name there is. */
const tooManyEdits = 7;

/** Whether so many letters added, dropped or changed make one text the other. */
function isWithin(edits: number, from: string, to: string): boolean {
  if (edits < 0 || from === '' || to === '') return from.length + to.length <= edits;
  const [less, rest] = [from.slice(1), to.slice(1)];
  if (from[0] === to[0]) return isWithin(edits, less, rest);
  return isWithin(edits - 1, less, to) || isWithin(edits - 1, from, rest) || isWithin(edits - 1, less, rest);
}

/** An object literal, of whatever realm: not an array, not an instance of a class. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (tagOf(value) !== 'Object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
