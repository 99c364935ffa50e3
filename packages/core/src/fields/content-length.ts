import type {Fields} from './fields.ts';
import {trimmed} from './list.ts';

const digits = /^\d+$/;

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
  const length = digits.test(first) ? Number(first) : Number.NaN;
  return Number.isSafeInteger(length) && repeats.every(repeat => repeat === first) ? length : 'invalid';
}
