// Names as other programs keep them: in UTF-8, which knows no lone surrogates. NUL ends a text that some of them give back.

import type {Scope} from '../model/selection.ts';
import {scopeName} from './scopes.ts';

const escaped = '\u0001';
const unsafe = /[\0\p{Surrogate}]/u;

/** Whether a name had to be written otherwise by `wellFormed`: then it is not to be read. */
export const isEscaped = (name: string): boolean => name.startsWith(escaped);

/** A well-formed text that is equal for equal names only. */
export const wellFormed = (name: string): string =>
  unsafe.test(name) || isEscaped(name) ? escaped + JSON.stringify(name) : name;

/** A scope as well-formed text: its type, a space, and its name. */
export const scopeText = (scope: Scope): string => `${scope.type} ${wellFormed(scopeName(scope))}`;
