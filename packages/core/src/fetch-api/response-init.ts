// From a stored head to what a Response is constructed with.

import type {Fields} from '../fields/fields.ts';
import {onceForEach} from '../fields/remembered.ts';
import type {ResponseHead} from '../model/messages.ts';

/** Fetch delivers any status of three digits, but only these can be constructed. */
const isConstructible = (status: number): boolean => status >= 200 && status <= 599;

/** What every platform accepts as a status text; some also take eight-bit text, none take more. */
const plainPhrase = /^[\t\x20-\x7e]*$/;

/** What a Response that says the same is constructed with. */
export const initOf = ({status, statusText}: ResponseHead, headers: Headers): ResponseInit => ({
  status: isConstructible(status) ? status : 200,
  statusText: plainPhrase.test(statusText) ? statusText : '',
  headers,
});

/**
 * Headers that say the same, without the fields that no Response can carry, which must not cost the caller the response.
 *
 * Tries the fast way first: only what another client stored can hold such fields.
 */
export function headersOf(fields: Fields): Headers {
  try {
    return new Headers(linesOf(fields));
  } catch {
    const headers = new Headers();
    for (const [name, value] of fields) {
      try {
        headers.append(name, value);
      } catch {
        // Left out, see above.
      }
    }
    return headers;
  }
}

/**
 * Headers that say the same, to be copied for each hit: nobody may change them. They last as long as what is stored, beside
 * what that is reckoned to take.
 */
export const headersToCopy: (fields: Fields) => Headers = onceForEach(headersOf);

type Lines = Record<string, string> | [string, string][];

/** Fields in the form that builds `Headers` fastest: a record, and pairs only where lines are repeated. */
export function linesOf(fields: Fields): Lines {
  const record: Record<string, string> = {};
  let isRecord = true;
  fields.forEach((name, value) => {
    if (name in record) isRecord = false;
    else record[name] = value;
  });
  return isRecord ? record : (Array.from(fields) as [string, string][]);
}
