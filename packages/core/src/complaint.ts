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
  return new TypeError(`limpid: ${path} is ${shown(value)}; allowed: ${allowed}`);
}

/** An object literal, of whatever realm: not an array, not an instance of a class. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (tagOf(value) !== 'Object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
