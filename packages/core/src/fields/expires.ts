import type {EpochMs} from '../model/units.ts';
import type {Fields} from './fields.ts';
import {parseHttpDate} from './http-date.ts';

/**
 * When the response becomes stale. `'invalid'` (a `0`, say) means that it already is.
 *
 * @see RFC 9111 §5.3
 */
export function parseExpires(fields: Fields, now: EpochMs): EpochMs | 'invalid' | undefined {
  // Choice (RFC 9111 §4.2.1, SHOULD): several Expires lines make the response stale, rather than letting the first one
  // count. Clients that hand us combined lines and clients that keep them apart then agree.
  const value = fields.get('expires');
  return value === undefined ? undefined : parseHttpDate(value, now);
}
