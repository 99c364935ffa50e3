import type {Seconds} from '../model/units.ts';

/** What a number of seconds too large to matter is taken for. */
const forever: Seconds = 2 ** 31;

/**
 * A non-negative whole number of seconds; greater ones count as 2³¹.
 *
 * Signs, fractions, spaces and the empty text are `'invalid'`.
 *
 * @see RFC 9111 §1.2.2
 */
export function parseDeltaSeconds(text: string): Seconds | 'invalid' {
  if (text === '') return 'invalid';
  let seconds = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return 'invalid';
    seconds = Math.min(seconds * 10 + digit, forever);
  }
  return seconds;
}
