import type {Fields} from './fields.ts';

/** A number, and the same number again. */
const lengths = /^(\d+)(?:[ \t]*,[ \t]*\1)*$/;

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
  const length = Number(lengths.exec(value)?.[1]);
  return Number.isSafeInteger(length) ? length : 'invalid';
}
