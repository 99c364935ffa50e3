// From a stored head to what a Response is constructed with.

import QuickLRU from 'quick-lru';
import type {Fields} from '../fields/fields.ts';
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

/** Copied for each hit: most platforms copy Headers in half the time that it takes to make them. */
const latest = new QuickLRU<Fields, Headers>({maxSize: 1000});

/** Headers that say the same, to be copied: nobody may change them. */
export function headersToCopy(fields: Fields): Headers {
  let headers = latest.get(fields);
  if (headers === undefined) {
    headers = headersOf(fields);
    latest.set(fields, headers);
  }
  return headers;
}

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
