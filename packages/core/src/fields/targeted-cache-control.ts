// Cache directives meant for some caches only, in fields such as CDN-Cache-Control. These are structured fields: what
// cannot be read as one, to the letter, says nothing at all.

import {type Dictionary, parseDictionary, Token} from 'structured-headers';
import {type Directive, type ResponseDirectives, responseDirectives} from './cache-control.ts';
import type {Fields} from './fields.ts';
import {parseList} from './list.ts';

const inSeconds: ReadonlySet<string> = new Set(['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error']);

/**
 * The directives of the first of these fields that is there, readable and not empty; `undefined` when none is.
 *
 * `names` are in lower case, the most preferred first.
 *
 * Choice (RFC 9213 §2.1, SHOULD): seconds that are no integer are as if not given; a negative integer is, as in
 * Cache-Control, an invalid lifetime.
 * Deviation (RFC 9213 §2.1, SHOULD NOT): directives that restrict count whatever value they carry, except false. Who
 * writes `no-store=1` does not mean that everyone may keep it.
 *
 * @see RFC 9213 §2.1, §2.2
 */
export function parseTargetedDirectives(fields: Fields, names: readonly string[]): ResponseDirectives | undefined {
  for (const name of names) {
    const value = fields.get(name);
    const members = value === undefined ? undefined : dictionaryOf(value);
    if (value !== undefined && members !== undefined && members.size > 0)
      return {...responseDirectives(directivesOf(members, value)), targeted: true};
  }
  return undefined;
}

function dictionaryOf(value: string): Dictionary | undefined {
  try {
    return parseDictionary(value);
  } catch {
    return undefined;
  }
}

function directivesOf(members: Dictionary, text: string): readonly Directive[] {
  return [...members].flatMap(([name, [value]]): readonly Directive[] => {
    if (value === false) return [];
    if (inSeconds.has(name)) return isInteger(value) && !isDecimal(name, text) ? [[name, String(value)]] : [];
    return [[name, value === true ? undefined : argumentOf(value)]];
  });
}

const isInteger = (value: unknown): value is number => Number.isInteger(value);

/** The last member of this name is written as a decimal: once parsed, `60.0` is no longer told from `60`. */
function isDecimal(name: string, text: string): boolean {
  const start = `${name}=`;
  const member = parseList(text).findLast(one => one.startsWith(start)) ?? start;
  return /^-?\d+\./.test(member.slice(start.length));
}

/** What Cache-Control would hold behind the `=`; empty for types it does not have. */
function argumentOf(value: unknown): string {
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  return value instanceof Token || typeof value === 'number' ? String(value) : '';
}
