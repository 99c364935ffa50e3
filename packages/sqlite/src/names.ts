// Names as SQLite keeps them: UTF-8, which knows no lone surrogates.

import {type Scope, scopeName} from 'limpid/store';

const escaped = '\u0001';
const loneSurrogate = /\p{Surrogate}/u;

/** A text that is equal for equal names only. */
export function text(name: string): string {
  return loneSurrogate.test(name) || name.startsWith(escaped) ? escaped + JSON.stringify(name) : name;
}

/** A scope as text: its type, a space, and its name. */
export const scopeText = (scope: Scope): string => `${scope.type} ${text(scopeName(scope))}`;

/** The parts of that text. */
export function scopeParts(scope: string): {readonly type: string; readonly name: string} {
  const space = scope.indexOf(' ');
  return {type: scope.slice(0, space), name: scope.slice(space + 1)};
}

const pseudonymForm = /~[0-9a-f]{32}/;

/** Whether a partition's name was derived from credentials rather than given by somebody. */
export const isDerived = (partition: string): boolean => pseudonymForm.test(partition);

/** The end of the range of texts that begin with `prefix`: no text of a URL has this character. */
export const endOfPrefix = (prefix: string): string => `${prefix}\u{10ffff}`;
