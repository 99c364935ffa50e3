import type {Fields} from './fields.ts';
import {trimmed} from './list.ts';

const digits = /^\d+$/;

function lengthOf(text: string): number | 'invalid' {
  const length = digits.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(length) ? length : 'invalid';
}

/**
 * The announced length of the content in bytes, as it was on the wire.
 *
 * The same number said several times is that number; anything else is `'invalid'`.
 *
 * @see RFC 9110 §8.6
 */
export function parseContentLength(fields: Fields): number | 'invalid' | undefined {
  const value = fields.get('content-length');
  if (value === undefined) return undefined;
  const [first = '', ...repeats] = value.split(',').map(member => trimmed(member));
  return repeats.every(repeat => repeat === first) ? lengthOf(first) : 'invalid';
}
